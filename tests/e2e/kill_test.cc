// The worker on a real broker, killed with -9 at every step of its commit and in the middle of its work: what a
// read-committed reader sees is what an independent oracle says, nothing lost, nothing doubled, and the journal of the
// mangled run replays to the same bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <set>

#include "ingest/decoder.h"
#include "ingest/file/event_file.h"
#include "proto/ids.h"
#include "sinks/kafka/producer.h"
#include "tests/broker/broker_fixture.h"
#include "tests/e2e/worker_process.h"
#include "tests/oracle/oracle.h"
#include "tests/support/events.h"
#include "tests/support/random_history.h"
#include "tests/support/scratch_directory.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing {
namespace {

using testing::History;
using testing::OwnedRecord;

constexpr int32_t kPartitions = 3;
constexpr int kWaitSeconds = 60;

// First wave: facts, then look-ups about them. Second wave: later facts that reach listings on sale, and a look-up in
// every partition two days on, so that every date has rolled. Within a wave no fact races a look-up, so the oracle's
// canonical answer is the live answer.
struct Waves {
  History first;
  History second;
  size_t broken = 0;
};

Waves MakeWaves() {
  Waves waves;
  const History history = testing::RandomHistory(7, {2400, false});
  const int64_t start = testing::kMonday + 400 * limits::kDay;
  int64_t at = start;
  // One fact a certificate in the second wave: of two that arrive together, a live run may judge only the later.
  std::map<std::string, size_t> last_fact;
  for (size_t i = 0; i < history.certificates.size(); ++i) last_fact[history.certificates[i].key] = i;
  for (size_t i = 0; i < history.certificates.size(); ++i) {
    v1::Certificate fact;
    fact.ParseFromString(history.certificates[i].value);
    const bool last = last_fact[history.certificates[i].key] == i;
    History& wave = last ? waves.second : waves.first;
    fact.set_received_at(last ? start + limits::kDay : start);
    wave.certificates.push_back(testing::ToRecord(fact));
  }
  std::map<std::string, size_t> last_control;
  for (size_t i = 0; i < history.control.size(); ++i) last_control[history.control[i].key] = i;
  for (size_t i = 0; i < history.control.size(); ++i) {
    v1::Control fact;
    fact.ParseFromString(history.control[i].value);
    const bool last = last_control[history.control[i].key] == i;
    fact.set_received_at(last ? start + limits::kDay : start);
    (last ? waves.second : waves.first).control.push_back(testing::ToRecord(fact));
  }
  for (const OwnedRecord& record : history.lookups) {
    v1::Lookup lookup;
    lookup.ParseFromString(record.value);
    lookup.set_received_at(++at);
    waves.first.lookups.push_back(testing::ToRecord(lookup));
    if (waves.first.lookups.size() % 50 != 0) continue;
    OwnedRecord broken = waves.first.lookups.back();
    broken.value.resize(broken.value.size() / 2);
    waves.first.lookups.push_back(broken);
    ++waves.broken;
  }
  std::set<int32_t> closed;
  for (int i = 0; closed.size() < static_cast<size_t>(kPartitions); ++i) {
    const v1::Lookup last = testing::MakeLookup("last" + std::to_string(i), "closing" + std::to_string(i), "none",
                                                v1::SCENE_PLATE, start + 3 * limits::kDay);
    const OwnedRecord record = testing::ToRecord(last);
    if (closed.insert(PartitionOf(record.key, kPartitions)).second) waves.second.lookups.push_back(record);
  }
  // After the facts, so that the risk task's clock is the complaints' own.
  for (const OwnedRecord& record : testing::RandomHistory(8, {480, false}).complaints) {
    v1::Complaint complaint;
    complaint.ParseFromString(record.value);
    complaint.set_received_at(complaint.received_at() + 58 * limits::kWeek);
    waves.first.complaints.push_back(testing::ToRecord(complaint));
  }
  return waves;
}

template <typename Message>
void Append(const std::vector<OwnedRecord>& records, std::vector<Message>& out) {
  for (const OwnedRecord& record : records) {
    Message message;
    if (message.ParseFromString(record.value) && !message.event_id().empty()) out.push_back(std::move(message));
  }
}

// What a reader of the topics knows at the end.
struct Seen {
  std::map<std::string, std::vector<uint64_t>> emissions;  // by source
  std::map<std::string, v1::Action> told;
  std::map<std::string, v1::Action> in_force;
  std::vector<oracle::RaisedAlert> raised;
  size_t dead = 0;
};

class KillTest : public BrokerTest {
 protected:
  void SetUp() override {
    partitions_ = kPartitions;
    BrokerTest::SetUp();
    if (IsSkipped()) return;
    auto producer = BulkProducer::Open(client_);
    ASSERT_TRUE(producer.ok()) << producer.status();
    producer_ = std::move(*producer);
    std::ofstream config(Path("worker.textproto"));
    config << "bootstrap: \"" << client_.bootstrap << "\"\ntopic_prefix: \"" << client_.topic_prefix
           << "\"\napplication: \"" << client_.topic_prefix << "app\"\npartitions: " << kPartitions << "\nstate_dir: \""
           << Path("state") << "\"\nrules_file: \"" << ZAOJING_SOURCE_DIR
           << "/deploy/rules/default.textproto\"\nstop_after_idle_ms: 2000\nmemory_budget_bytes: 536870912\n"
           << "verdicts: VERDICT_MODE_EVERY_LOOKUP\nclock: CLOCK_MODE_EVENTS\n";
  }

  std::string Path(const std::string& name) const { return scratch_.File(name); }
  std::string Log() const { return scratch_.Has("log") ? scratch_.Read("log") : ""; }

  void Feed(const std::vector<OwnedRecord>& records, size_t begin, size_t end) {
    for (size_t i = begin; i < std::min(end, records.size()); ++i) {
      BulkProducer::Message message;
      message.topic = records[i].topic;
      message.key = records[i].key;
      message.value = records[i].value;
      ASSERT_TRUE(producer_->Produce(message).ok());
    }
    ASSERT_TRUE(producer_->Flush().ok());
  }

  void RunToTheEnd() {
    WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
    ASSERT_EQ(worker.Wait(kWaitSeconds), 0) << Log();
  }
  void RunUntilKilledAt(const std::string& fault) {
    WorkerProcess worker(Path("worker.textproto"), fault, Path("log"));
    ASSERT_EQ(worker.Wait(kWaitSeconds), 1000 + SIGKILL) << fault << "\n" << Log();
    ++kills_;
  }
  // Killed as soon as the journal shows that it has committed something more.
  void RunUntilItHasCommitted() {
    const int64_t before = JournalEnd();
    WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
    ASSERT_TRUE(Eventually([&] { return JournalEnd() > before || !worker.Running(); })) << Log();
    worker.Signal(SIGKILL);
    ASSERT_EQ(worker.Wait(kWaitSeconds), 1000 + SIGKILL) << Log();
    ++kills_;
  }
  int64_t JournalEnd() {
    if (observer_ == nullptr) observer_ = OpenLog("observer");
    int64_t end = 0;
    for (int32_t partition = 0; partition < kPartitions; ++partition) {
      const auto bounds = observer_->Bounds({Topic::kScreenJournal, partition});
      if (bounds.ok()) end += bounds->high;
    }
    return end;
  }

  void Export() {
    const std::string topics =
        "control,ccc.certificates,ccc.lookups,complaints,signals,screen.journal,risk.journal,verdicts,takedowns,alerts,"
        "dead-letter";
    ASSERT_EQ(RunBinary("export --bootstrap " + client_.bootstrap + " --topic-prefix " + client_.topic_prefix +
                            " --topics " + topics + " --output " + Path("export"),
                        Path("log")),
              0)
        << Log();
  }

  template <typename Message>
  std::vector<Message> Read(const std::string& directory, Topic topic) {
    std::vector<Message> messages;
    auto file = EventFile::Open(Path(directory), topic);
    EXPECT_TRUE(file.ok()) << file.status();
    if (!file.ok() || *file == nullptr) return messages;
    FileEvent event;
    while ((*file)->Next(&event)) {
      messages.emplace_back().ParseFromArray(event.record.value.data(), static_cast<int>(event.record.value.size()));
    }
    EXPECT_TRUE((*file)->status().ok()) << (*file)->status();
    return messages;
  }

  Seen ReadOutputs();
  void RunBothWaves(const Waves& waves);
  void CheckJournalReplay();

  ScratchDirectory scratch_;
  std::unique_ptr<BulkProducer> producer_;
  std::unique_ptr<KafkaLog> observer_;
  int kills_ = 0;
};

// Every record a task ever wrote carries its number: each number once, from 0, none missing. A lost record is a gap, a
// doubled one a repeat.
void CheckEmissions(const std::map<std::string, std::vector<uint64_t>>& by_source) {
  for (const auto& [source, numbers] : by_source) {
    std::vector<uint64_t> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    for (size_t i = 0; i < sorted.size(); ++i) ASSERT_EQ(sorted[i], i) << source;
  }
}

Seen KillTest::ReadOutputs() {
  Seen seen;
  for (const auto& verdict : Read<v1::Verdict>("export", Topic::kVerdicts)) {
    seen.told[verdict.platform() + "/" + verdict.listing_id()] = verdict.action();
    seen.emissions[verdict.source()].push_back(verdict.emission());
  }
  for (const auto& takedown : Read<v1::Takedown>("export", Topic::kTakedowns)) {
    const std::string key = takedown.platform() + "/" + takedown.listing_id();
    if (takedown.instruction() == v1::INSTRUCTION_LIFT) {
      seen.in_force.erase(key);
    } else {
      const bool down = takedown.instruction() == v1::INSTRUCTION_TAKE_DOWN;
      seen.in_force[key] = down ? v1::ACTION_BLOCK : v1::ACTION_REVIEW;
    }
    seen.emissions[takedown.source()].push_back(takedown.emission());
  }
  for (const auto& alert : Read<v1::Alert>("export", Topic::kAlerts)) {
    seen.emissions[alert.source()].push_back(alert.emission());
    if (alert.msg_type() != v1::MESSAGE_TYPE_ALERT || alert.subject().maker().empty()) continue;
    seen.raised.push_back({alert.subject().maker() + "|" + alert.subject().model() + "|" + alert.subject().problem(),
                           alert.evidence(0), alert.raised_at(), alert.numbers().total_count()});
  }
  for (const auto& signal : Read<v1::Signal>("export", Topic::kSignals)) {
    seen.emissions[signal.source()].push_back(signal.emission());
  }
  for (const auto& letter : Read<v1::DeadLetter>("export", Topic::kDeadLetter)) {
    seen.emissions[letter.source()].push_back(letter.emission());
    ++seen.dead;
  }
  return seen;
}

// The first wave in pieces, a kill for each; then the second, killed twice.
void KillTest::RunBothWaves(const Waves& waves) {
  const char* const kSteps[] = {"begin", "produce", "send-offsets", "commit", "apply", "applied"};
  constexpr size_t kPieces = 20;
  Feed(waves.first.control, 0, SIZE_MAX);
  Feed(waves.first.certificates, 0, SIZE_MAX);
  const size_t lookups = waves.first.lookups.size() / kPieces + 1;
  const size_t complaints = waves.first.complaints.size() / kPieces + 1;
  for (size_t i = 0; i < kPieces && !HasFatalFailure(); ++i) {
    Feed(waves.first.lookups, i * lookups, (i + 1) * lookups);
    Feed(waves.first.complaints, i * complaints, (i + 1) * complaints);
    if (i % 7 == 6) {
      RunUntilItHasCommitted();
    } else {
      RunUntilKilledAt(std::string(kSteps[i % std::size(kSteps)]) + (i % 4 == 3 ? ":2" : ":1"));
    }
  }
  if (HasFatalFailure()) return;
  RunToTheEnd();
  Feed(waves.second.control, 0, SIZE_MAX);
  Feed(waves.second.certificates, 0, SIZE_MAX);
  RunUntilKilledAt("send-offsets:1");
  RunUntilKilledAt("apply:1");
  Feed(waves.second.lookups, 0, SIZE_MAX);
  RunToTheEnd();
}

// The run again from its journal, killed as it was: the same bytes, and every input covered.
void KillTest::CheckJournalReplay() {
  ASSERT_EQ(
      RunBinary("replay --journal " + Path("export") + " --output " + Path("again") +
                    " --format pb --every-verdict --rules " + ZAOJING_SOURCE_DIR + "/deploy/rules/default.textproto",
                Path("log")),
      0)
      << Log();
  for (const char* name : {"verdicts.pb", "takedowns.pb", "alerts.pb"}) {
    EXPECT_TRUE(scratch_.Read(std::string("export/") + name) == scratch_.Read(std::string("again/") + name)) << name;
  }
  EXPECT_EQ(scratch_.Read("again/summary.json").find("in no journal entry"), std::string::npos);
}

oracle::Output Expected(const Waves& waves) {
  oracle::Input input;
  Append(waves.first.control, input.control);
  Append(waves.second.control, input.control);
  Append(waves.first.certificates, input.certificates);
  Append(waves.second.certificates, input.certificates);
  std::vector<OwnedRecord> good;
  for (const OwnedRecord& record : waves.first.lookups) {
    v1::Lookup lookup;
    if (!Decode(record.View(), &lookup)) good.push_back(record);
  }
  Append(good, input.lookups);
  Append(waves.second.lookups, input.lookups);
  Append(waves.first.complaints, input.complaints);
  return oracle::Judge(input, kPartitions);
}

TEST_F(KillTest, KilledEverywhereNothingIsLostOrDoubled) {
  const Waves waves = MakeWaves();
  RunBothWaves(waves);
  if (HasFatalFailure()) return;
  EXPECT_GE(kills_, 20);
  Export();
  if (HasFatalFailure()) return;
  const Seen seen = ReadOutputs();
  CheckEmissions(seen.emissions);
  EXPECT_EQ(seen.dead, waves.broken);
  const oracle::Output expected = Expected(waves);
  EXPECT_EQ(seen.told, expected.told);
  EXPECT_EQ(seen.in_force, expected.in_force);
  EXPECT_EQ(seen.raised, expected.alerts);
  EXPECT_GT(seen.in_force.size(), 10U);
  EXPECT_GE(seen.raised.size(), 1U);
  CheckJournalReplay();
  // What is on disk sums to the digest of the last commit.
  for (const std::string task : {"screen-0", "screen-1", "screen-2", "risk-0"}) {
    EXPECT_EQ(RunBinary("inspect --state " + Path("state/" + task) + " --verify", Path("log")), 0) << Log();
  }
}

}  // namespace
}  // namespace zaojing
