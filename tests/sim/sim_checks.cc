// What must hold in a finished world, seen from outside: the broker's partitions and the workers' disks. Knows the toy
// oracle, nothing of the faults.
#include <xxhash.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "processors/state/digest.h"
#include "processors/state/tables.h"
#include "proto/status_util.h"
#include "tests/sim/sim_world.h"
#include "tests/sim/toy_oracle.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing::sim {
namespace {

using Entries = std::map<std::string, std::string>;

std::vector<Record> All(const SimBroker& broker, TopicPartition at) {
  int64_t position = 0;
  return broker.Fetch(at, broker.Low(at), 1'000'000, &position);
}

std::vector<std::string> Values(const SimBroker& broker, TopicPartition at) {
  std::vector<std::string> values;
  for (const Record& record : All(broker, at)) values.emplace_back(record.value);
  return values;
}

// XXH3-128, big-endian, as the journal chains its entries; written out again so that the chain is checked by other code.
std::string Hash(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  return {reinterpret_cast<const char*>(canonical.digest), sizeof(canonical.digest)};
}

class Checker {
 public:
  explicit Checker(World& world) : world_(world), broker_(world.broker()) {}

  std::vector<std::string> Run() {
    NoHangingTransaction();
    ReadDeadLetters();
    for (int32_t task = 0; task < world_.options().partitions; ++task) OneTask(task);
    return std::move(found_);
  }

 private:
  void Say(int32_t task, std::string_view what) { found_.push_back(absl::StrCat("task ", task, ": ", ToAbsl(what))); }

  void NoHangingTransaction() {
    for (const auto& [at, partition] : broker_.partitions()) {
      if (broker_.LastStable(at) != partition.high()) {
        found_.push_back(absl::StrCat("hanging transaction in ", ToAbsl(NameOf(at.topic)), "-", at.partition));
      }
    }
  }

  void ReadDeadLetters() {
    for (const Record& record : All(broker_, {Topic::kDeadLetter, 0})) {
      v1::DeadLetter letter;
      if (!letter.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
        found_.push_back("unreadable dead letter");
        continue;
      }
      letters_[letter.partition()].push_back(
          absl::StrCat(letter.emission(), " ", letter.topic(), " ", letter.offset(),
                       letter.reason() == v1::DEAD_LETTER_REASON_POISON ? " poison" : ""));
    }
  }

  std::vector<v1::JournalEntry> ReadJournal(int32_t task) {
    std::vector<v1::JournalEntry> entries;
    std::string previous;
    for (const Record& record : All(broker_, {Topic::kScreenJournal, task})) {
      v1::JournalEntry& entry = entries.emplace_back();
      if (!entry.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
        Say(task, "unreadable journal entry");
      }
      if (entry.sequence() != entries.size()) {
        Say(task, absl::StrCat("journal entry ", entries.size(), " has sequence ", entry.sequence()));
      }
      if (entry.previous_hash() != previous) Say(task, absl::StrCat("journal chain breaks at ", entry.sequence()));
      previous = Hash(record.value);
    }
    return entries;
  }

  std::vector<std::string> ReadVerdicts(int32_t task) {
    std::vector<std::string> lines;
    for (const Record& record : All(broker_, {Topic::kVerdicts, task})) {
      v1::Verdict verdict;
      if (!verdict.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
        Say(task, "unreadable verdict");
      }
      std::ostringstream line;
      line << verdict.emission() << ' ' << verdict.listing_id() << ' ' << verdict.row() << ' '
           << verdict.certificate_number() << ' ' << verdict.decisive_fact() << ' ' << verdict.received_at() << ' '
           << verdict.registry_position() << ' ' << verdict.product_code();
      lines.push_back(line.str());
    }
    return lines;
  }

  void Same(int32_t task, std::string_view what, const std::vector<std::string>& is,
            const std::vector<std::string>& expected) {
    const auto [a, b] = std::mismatch(is.begin(), is.end(), expected.begin(), expected.end());
    if (a == is.end() && b == expected.end()) return;
    Say(task,
        absl::StrCat(ToAbsl(what), " differ at ", a - is.begin(), " of ", is.size(), "/", expected.size(), ": is '",
                     a == is.end() ? "(end)" : *a, "', expected '", b == expected.end() ? "(end)" : *b, "'"));
  }

  void SameState(int32_t task, std::string_view what, const Entries& is, const Entries& expected) {
    if (is == expected) return;
    for (const auto& [key, value] : expected) {
      const auto found = is.find(key);
      if (found == is.end()) return Say(task, absl::StrCat(ToAbsl(what), " lacks ", key, " = ", value));
      if (found->second != value) {
        return Say(task, absl::StrCat(ToAbsl(what), " has ", key, " = ", found->second, ", expected ", value));
      }
    }
    for (const auto& [key, value] : is) {
      if (!expected.contains(key)) return Say(task, absl::StrCat(ToAbsl(what), " has ", key, " = ", value, " too"));
    }
  }

  void OneTask(int32_t task) {
    OracleWorld oracle;
    for (Topic topic : world_.options().inputs) {
      for (const Record& record : All(broker_, {topic, task})) {
        oracle.inputs[topic].push_back({record.offset, std::string(record.value)});
      }
      oracle.inputs.try_emplace(topic);
    }
    oracle.control = Values(broker_, {Topic::kControl, 0});
    oracle.certificates = Values(broker_, {Topic::kCertificates, 0});
    const std::vector<v1::JournalEntry> journal = ReadJournal(task);
    const OracleAnswer answer = Recompute(oracle, journal);
    if (!answer.error.empty()) return Say(task, answer.error);
    for (const auto& [topic, records] : oracle.inputs) {
      const auto consumed = answer.consumed.find(topic);
      const size_t count = consumed == answer.consumed.end() ? 0 : consumed->second;
      if (count != records.size()) {
        Say(task,
            absl::StrCat("the journal covers ", count, " of ", records.size(), " records of ", ToAbsl(NameOf(topic))));
      }
    }
    Same(task, "verdicts", ReadVerdicts(task), answer.verdicts);
    Same(task, "dead letters", letters_[task], answer.dead_letters);
    CheckSums(task, oracle, answer);
    CheckState(task, answer, journal);
  }

  // Without the journal: whatever the interleaving, what is left of a listing is what its own inputs say.
  void CheckSums(int32_t task, const OracleWorld& oracle, const OracleAnswer& answer) {
    if (oracle.inputs.size() != 1) return;
    std::map<std::string, int64_t> sums;
    for (const OracleInput& input : oracle.inputs.begin()->second) {
      std::istringstream in(input.value);
      std::string listing, certificate, amount;
      std::getline(in, listing, '|');
      if (!std::getline(in, certificate, '|')) continue;
      std::getline(in, amount, '|');
      if (amount == "0") {
        sums.erase(listing);
      } else {
        sums[listing] += std::stoll(amount);
      }
    }
    for (const auto& [listing, sum] : sums) {
      const auto found = answer.state.find("L" + listing);
      std::string text = "nothing";
      if (found != answer.state.end()) {
        std::istringstream in(found->second);
        for (int field = 0; field < 2; ++field) std::getline(in, text, ',');
      }
      if (text != std::to_string(sum)) Say(task, absl::StrCat("sum of ", listing, " is ", text, ", not ", sum));
    }
  }

  void CheckState(int32_t task, const OracleAnswer& answer, const std::vector<v1::JournalEntry>& journal) {
    Entries rebuilt;
    std::string marker_bytes;
    for (const Record& record : All(broker_, {Topic::kScreenChangelog, task})) {
      std::string key(record.key);
      if (key == kMarkerKey) {
        marker_bytes = std::string(record.value);
      } else if (record.tombstone) {
        rebuilt.erase(key);
      } else {
        rebuilt[key] = std::string(record.value);
      }
    }
    SameState(task, "the changelog", rebuilt, answer.state);
    v1::Marker marker;
    if (!marker.ParseFromString(marker_bytes)) return Say(task, "no marker");
    Digest digest;
    for (const auto& [key, value] : rebuilt) digest += EntryDigest(key, value);
    if (digest != Digest{marker.digest_high(), marker.digest_low()})
      Say(task, "the marker's digest is not the state's");
    if (marker.sequence() != journal.size()) Say(task, "the newest marker is not the newest journal entry's");

    const std::string name = absl::StrCat("screen-", task);
    MemoryStore& store = world_.worker(world_.OwnerOf(static_cast<uint32_t>(task))).disk.At(name);
    Entries local;
    std::string local_marker;
    for (auto entry = store.Seek(""); entry->Valid(); entry->Next()) {
      if (entry->key() == kMarkerKey) local_marker = std::string(entry->value());
      if (entry->key()[0] != '\0') local[std::string(entry->key())] = std::string(entry->value());
    }
    Entries whole = answer.state;
    whole.insert(answer.derived.begin(), answer.derived.end());
    SameState(task, "the store", local, whole);
    if (local_marker != marker_bytes) Say(task, "the store's marker is not the changelog's");
  }

  World& world_;
  const SimBroker& broker_;
  std::map<int32_t, std::vector<std::string>> letters_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> CheckWorld(World& world) {
  std::vector<std::string> all = world.violations();
  if (!all.empty()) return all;
  return Checker(world).Run();
}

}  // namespace zaojing::sim
