#include "tests/e2e/worker_fixture.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>

#include "absl/strings/str_cat.h"
#include "ingest/decoder.h"
#include "proto/ids.h"
#include "tests/support/random_history.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/signal.pb.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing {
namespace {

using testing::History;
using testing::OwnedRecord;

template <typename Message>
void Append(const std::vector<OwnedRecord>& records, std::vector<Message>& out) {
  for (const OwnedRecord& record : records) {
    Message message;
    if (message.ParseFromString(record.value) && !message.event_id().empty()) out.push_back(std::move(message));
  }
}

// What was said before the first look-up.
template <typename Message>
void Move(const std::vector<OwnedRecord>& records, int64_t received_at, std::vector<OwnedRecord>& out) {
  for (const OwnedRecord& record : records) {
    Message message;
    message.ParseFromString(record.value);
    message.set_received_at(received_at);
    out.push_back(testing::ToRecord(message));
  }
}

// What is said of goods on sale: a failed sample, and orders about listings.
void AddSayings(int64_t at, History& wave) {
  v1::Inspection sample = testing::MakeInspection("late-sample", "late-task", 1, at);
  sample.set_maker("maker 0");
  sample.set_model("M3");
  sample.set_batch("B1");
  wave.inspections.push_back(testing::ToRecord(sample));
  for (int i = 0; i < 8; ++i) {
    v1::Disposition order = testing::MakeOrder("late-order" + std::to_string(i), v1::ORDER_KIND_TAKE_DOWN, at);
    order.set_platform("taobao");
    order.set_listing_id("item" + std::to_string(5 * i));
    wave.dispositions.push_back(testing::ToRecord(order));
  }
}

}  // namespace

Waves MakeWaves(int events) {
  Waves waves;
  const History history = testing::RandomHistory(7, {events, false});
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
  Move<v1::Inspection>(history.inspections, start, waves.first.inspections);
  Move<v1::Recall>(history.recalls, start, waves.first.recalls);
  Move<v1::Disposition>(history.dispositions, start, waves.first.dispositions);
  v1::Disposition order;
  for (const OwnedRecord& record : waves.first.dispositions) waves.broken += Decode(record.View(), &order) ? 1U : 0U;
  AddSayings(start + limits::kDay, waves.second);
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
  for (int i = 0; closed.size() < static_cast<size_t>(kWorkerPartitions); ++i) {
    const v1::Lookup last = testing::MakeLookup("last" + std::to_string(i), "closing" + std::to_string(i), "none",
                                                v1::SCENE_PLATE, start + 3 * limits::kDay);
    const OwnedRecord record = testing::ToRecord(last);
    if (closed.insert(PartitionOf(record.key, kWorkerPartitions)).second) waves.second.lookups.push_back(record);
  }
  // After the facts, so that the risk task's clock is the complaints' own.
  for (const OwnedRecord& record : testing::RandomHistory(8, {std::max(480, events / 5), false}).complaints) {
    v1::Complaint complaint;
    complaint.ParseFromString(record.value);
    complaint.set_received_at(complaint.received_at() + 58 * limits::kWeek);
    waves.first.complaints.push_back(testing::ToRecord(complaint));
  }
  return waves;
}

oracle::Output Expected(const Waves& waves) {
  oracle::Input input;
  Append(waves.first.control, input.control);
  Append(waves.second.control, input.control);
  Append(waves.first.certificates, input.certificates);
  Append(waves.second.certificates, input.certificates);
  for (const History* wave : {&waves.first, &waves.second}) {
    Append(wave->inspections, input.inspections);
    Append(wave->recalls, input.recalls);
    Append(wave->dispositions, input.orders);
  }
  std::vector<OwnedRecord> good;
  for (const OwnedRecord& record : waves.first.lookups) {
    v1::Lookup lookup;
    if (!Decode(record.View(), &lookup)) good.push_back(record);
  }
  Append(good, input.lookups);
  Append(waves.second.lookups, input.lookups);
  Append(waves.first.complaints, input.complaints);
  return oracle::Judge(input, kWorkerPartitions);
}

void WorkerTest::SetUp() {
  partitions_ = kWorkerPartitions;
  BrokerTest::SetUp();
  if (IsSkipped()) return;
  auto producer = BulkProducer::Open(client_);
  ASSERT_TRUE(producer.ok()) << producer.status();
  producer_ = std::move(*producer);
  Configure("worker");
}

void WorkerTest::Configure(const std::string& name, const std::string& more) {
  std::ofstream config(Config(name));
  config << "bootstrap: \"" << client_.bootstrap << "\"\ntopic_prefix: \"" << client_.topic_prefix
         << "\"\napplication: \"" << client_.topic_prefix << "app\"\ninstance: \"" << name
         << "\"\npartitions: " << kWorkerPartitions << "\nstate_dir: \"" << Path(name + ".state")
         << "\"\nrules_file: \"" << ZAOJING_SOURCE_DIR
         << "/deploy/rules/default.textproto\"\nstop_after_idle_ms: 1000\nmemory_budget_bytes: 536870912\n"
         << "verdicts: VERDICT_MODE_EVERY_LOOKUP\nclock: CLOCK_MODE_EVENTS\n"
         << more;
}

void WorkerTest::Feed(const std::vector<OwnedRecord>& records, size_t begin, size_t end) {
  for (size_t i = begin; i < std::min(end, records.size()); ++i) {
    BulkProducer::Message message;
    message.topic = records[i].topic;
    message.key = records[i].key;
    message.value = records[i].value;
    ASSERT_TRUE(producer_->Produce(message).ok());
  }
  ASSERT_TRUE(producer_->Flush().ok());
}

void WorkerTest::FeedFacts(const History& wave) {
  Feed(wave.control);
  Feed(wave.certificates);
  Feed(wave.inspections);
  Feed(wave.recalls);
  Feed(wave.dispositions);
}

void WorkerTest::FeedFirst(const Waves& waves) {
  FeedFacts(waves.first);
  Feed(waves.first.lookups);
  Feed(waves.first.complaints);
}

void WorkerTest::FeedSecond(const Waves& waves) {
  FeedFacts(waves.second);
  RunToTheEnd();
  Feed(waves.second.lookups);
}

void WorkerTest::RunToTheEnd() {
  WorkerProcess worker(Config("worker"), "", Path("log"));
  ASSERT_EQ(worker.Wait(wait_seconds_), 0) << Log();
}

void WorkerTest::RunUntilKilled(const std::string& fault, int signal) {
  WorkerProcess worker(Config("worker"), fault, Path("log"));
  ASSERT_EQ(worker.Wait(wait_seconds_), 1000 + signal) << fault << "\n" << Log();
}

int64_t WorkerTest::JournalEnd() {
  if (observer_ == nullptr) observer_ = OpenLog("observer");
  int64_t end = 0;
  for (int32_t partition = 0; partition < kWorkerPartitions; ++partition) {
    const auto bounds = observer_->Bounds({Topic::kScreenJournal, partition});
    if (bounds.ok()) end += bounds->high;
  }
  return end;
}

void WorkerTest::Export() {
  const std::string topics =
      "control,ccc.certificates,inspections,recalls,dispositions,ccc.lookups,complaints,signals,screen.journal,risk."
      "journal,verdicts,takedowns,alerts,"
      "dead-letter";
  ASSERT_EQ(RunBinary("export --bootstrap " + client_.bootstrap + " --topic-prefix " + client_.topic_prefix +
                          " --topics " + topics + " --output " + Path("export"),
                      Path("log")),
            0)
      << Log();
}

Seen WorkerTest::ReadOutputs() {
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
    if (alert.msg_type() != v1::MESSAGE_TYPE_ALERT || alert.subject().problem().empty()) continue;
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

std::string EmissionFault(const Seen& seen) {
  for (const auto& [source, numbers] : seen.emissions) {
    std::vector<uint64_t> sorted = numbers;
    std::sort(sorted.begin(), sorted.end());
    for (size_t i = 0; i < sorted.size(); ++i) {
      if (sorted[i] == i) continue;
      return absl::StrCat(source, ": number ", i, sorted[i] > i ? " is missing" : " is there twice");
    }
  }
  return "";
}

// The run again from its journal, killed as it was: the same bytes, and every input covered.
void WorkerTest::CheckJournalReplay() {
  ASSERT_EQ(
      RunBinary("replay --journal " + Path("export") + " --output " + Path("again") +
                    " --format pb --every-verdict --rules " + ZAOJING_SOURCE_DIR + "/deploy/rules/default.textproto",
                Path("log")),
      0)
      << Log();
  for (const char* name : {"verdicts.pb", "takedowns.pb", "alerts.pb"}) {
    EXPECT_TRUE(scratch_.Read(std::string("export/") + name) == scratch_.Read(std::string("again/") + name)) << name;
  }
  const std::string summary = scratch_.Read("again/summary.json");
  EXPECT_EQ(summary.find("in no journal entry"), std::string::npos) << summary;
}

void WorkerTest::CheckDisk(const std::string& name, const std::vector<std::string>& tasks) {
  for (const std::string& task : tasks) {
    EXPECT_EQ(RunBinary("inspect --state " + Path(name + ".state/" + task) + " --verify", Path("log")), 0) << Log();
  }
}

void WorkerTest::CheckRun(const Waves& waves, size_t dead) {
  Export();
  if (HasFatalFailure()) return;
  const Seen seen = ReadOutputs();
  EXPECT_EQ(EmissionFault(seen), "");
  EXPECT_EQ(seen.dead, dead);
  const oracle::Output expected = Expected(waves);
  EXPECT_EQ(seen.told, expected.told);
  EXPECT_EQ(seen.in_force, expected.in_force);
  EXPECT_EQ(seen.raised, expected.alerts);
  EXPECT_GT(seen.in_force.size(), 10U);
  EXPECT_GE(seen.raised.size(), 1U);
  CheckJournalReplay();
}

}  // namespace zaojing
