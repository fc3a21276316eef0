#include "bench/e2e/outputs.h"

#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "bench/e2e/clients.h"
#include "proto/ids.h"
#include "proto/status_util.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing::bench {
namespace {

constexpr uint64_t kShownMax = 3;

// The records of one key, in order.
struct Said {
  uint64_t count = 0;
  uint64_t chain = 0;
  std::string last;  // without what names its writer
  friend bool operator==(const Said&, const Said&) = default;
};
using Sayings = std::map<std::string, Said, std::less<>>;

template <typename Message>
absl::StatusOr<Sayings> ReadSayings(const Setting& setting, const Deployment& writer, Topic topic) {
  Sayings sayings;
  uint64_t broken = 0;
  Message message;
  std::string bytes;
  const auto take = [&](const Record& record) {
    if (!message.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()))) {
      ++broken;
      return;
    }
    message.clear_emission();
    // A take-down is named by what it says, a verdict by who says it.
    std::string key = topic == Topic::kTakedowns ? message.event_id() : std::string(record.key);
    if (topic == Topic::kVerdicts) message.clear_event_id();
    bytes.clear();
    message.AppendToString(&bytes);
    Said& said = sayings[std::move(key)];
    ++said.count;
    said.chain = Hash64(absl::StrCat(said.chain, " ", bytes));
    said.last = bytes;
  };
  RETURN_IF_ERROR(ReadAll(ClientOf(setting, writer), topic, setting.partitions, setting.limit_us, take));
  if (broken > 0) return absl::DataLossError(absl::StrCat(broken, " unreadable outputs of ", writer.name));
  return sayings;
}

template <typename Message>
void Show(const char* whose, const std::string& key, const Said& said) {
  Message message;
  message.ParseFromString(said.last);
  std::printf("different: %s has %llu records of %s, the last: %s\n", whose,
              static_cast<unsigned long long>(said.count), key.c_str(), message.ShortDebugString().c_str());
}

struct Counts {
  uint64_t keys = 0;     // of either side
  uint64_t records = 0;  // ours
  uint64_t different = 0;
};

template <typename Message>
absl::StatusOr<Counts> Compare(const Setting& setting, const Deployment& ours, const Deployment& theirs, Topic topic) {
  ASSIGN_OR_RETURN(const Sayings mine, ReadSayings<Message>(setting, ours, topic));
  ASSIGN_OR_RETURN(Sayings other, ReadSayings<Message>(setting, theirs, topic));
  Counts counts;
  const auto differs = [&](const std::string& key, const Said& here, const Said& there) {
    if (counts.different++ >= kShownMax) return;
    Show<Message>("worker", key, here);
    Show<Message>("peer", key, there);
  };
  for (const auto& [key, said] : mine) {
    ++counts.keys;
    counts.records += said.count;
    const auto found = other.find(key);
    const Said there = found == other.end() ? Said() : found->second;
    if (there != said) differs(key, said, there);
    if (found != other.end()) other.erase(found);
  }
  for (const auto& [key, said] : other) {
    ++counts.keys;
    differs(key, Said(), said);
  }
  return counts;
}

}  // namespace

absl::Status CompareOutputs(const Setting& setting, const Deployment& ours, const Deployment& theirs,
                            OutputComparison* result) {
  ASSIGN_OR_RETURN(const Counts verdicts, Compare<v1::Verdict>(setting, ours, theirs, Topic::kVerdicts));
  ASSIGN_OR_RETURN(const Counts takedowns, Compare<v1::Takedown>(setting, ours, theirs, Topic::kTakedowns));
  result->verdicts += verdicts.records;
  result->listings += verdicts.keys;
  result->takedowns += takedowns.records;
  result->different += verdicts.different + takedowns.different;
  return absl::OkStatus();
}

}  // namespace zaojing::bench
