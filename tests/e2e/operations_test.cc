// What an operator sees of a worker on a real broker: its metrics and its log.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "sinks/kafka/producer.h"
#include "tests/broker/broker_fixture.h"
#include "tests/e2e/metrics_page.h"
#include "tests/e2e/worker_process.h"
#include "tests/support/events.h"
#include "tests/support/scratch_directory.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/takedown.pb.h"

namespace zaojing {
namespace {

using testing::OwnedRecord;

constexpr int kWaitSeconds = 60;
constexpr int64_t kNow = testing::kMonday;
const std::string kNumber = "2022010101000001";

class OperationsTest : public BrokerTest {
 protected:
  void SetUp() override {
    BrokerTest::SetUp();
    if (IsSkipped()) return;
    auto producer = BulkProducer::Open(client_, 0);
    ASSERT_TRUE(producer.ok()) << producer.status();
    producer_ = std::move(*producer);
    Feed({testing::ToRecord(testing::MakeHeartbeat("beat", kNow, kNow)),
          testing::ToRecord(
              testing::MakeCertificate("fact", kNumber, v1::CERTIFICATE_STATUS_VALID, kNow - limits::kDay, kNow))});
  }

  std::string Path(const std::string& name) const { return scratch_.File(name); }
  std::string Log() const { return scratch_.Has("log") ? scratch_.Read("log") : ""; }

  void Configure(const std::string& more) {
    std::ofstream config(Path("worker.textproto"));
    config << "bootstrap: \"" << client_.bootstrap << "\"\ntopic_prefix: \"" << client_.topic_prefix
           << "\"\napplication: \"" << client_.topic_prefix << "app\"\npartitions: " << partitions_ << "\nstate_dir: \""
           << Path("state") << "\"\nrules_file: \"" << ZAOJING_SOURCE_DIR
           << "/deploy/rules/default.textproto\"\nmemory_budget_bytes: 536870912\nmetrics_listen: \"127.0.0.1:0\"\n"
           << more;
  }
  void Feed(const std::vector<OwnedRecord>& records) {
    for (const OwnedRecord& record : records) {
      BulkProducer::Message message;
      message.topic = record.topic;
      message.key = record.key;
      message.value = record.value;
      ASSERT_TRUE(producer_->Produce(message).ok());
    }
    ASSERT_TRUE(producer_->Flush().ok());
  }

  // The port of the worker whose lines begin at `from` in the log.
  int PortIn(const std::string& log) {
    const std::string mark = "metrics on port ";
    const size_t at = log.rfind(mark);
    return at == std::string::npos ? 0 : std::stoi(log.substr(at + mark.size()));
  }
  // Scrapes until `good`; the last page either way.
  MetricsPage ScrapeUntil(WorkerProcess& worker, const std::function<bool(const MetricsPage&)>& good) {
    MetricsPage page;
    EXPECT_TRUE(Eventually([&] {
      EXPECT_TRUE(worker.Running());
      const int port = PortIn(Log());
      if (port != 0) page = Scrape(port);
      return !worker.Running() || good(page);
    })) << Log();
    return page;
  }
  // The run again from its journal: the bytes Kafka holds.
  void ReplayJournal() {
    const std::string topics =
        "control,ccc.certificates,ccc.lookups,complaints,signals,screen.journal,risk.journal,verdicts,takedowns,alerts,"
        "dead-letter";
    ASSERT_EQ(RunBinary("export --bootstrap " + client_.bootstrap + " --topic-prefix " + client_.topic_prefix +
                            " --topics " + topics + " --output " + Path("export"),
                        Path("replay.log")),
              0)
        << scratch_.Read("replay.log");
    ASSERT_EQ(RunBinary("replay --journal " + Path("export") + " --output " + Path("again") + " --format pb --rules " +
                            ZAOJING_SOURCE_DIR + "/deploy/rules/default.textproto",
                        Path("replay.log")),
              0)
        << scratch_.Read("replay.log");
    for (const std::string name : {"takedowns.pb", "alerts.pb"}) {
      const bool there = std::filesystem::exists(Path("again/" + name));
      EXPECT_EQ(scratch_.Read("export/" + name), there ? scratch_.Read("again/" + name) : "") << name;
    }
    EXPECT_EQ(scratch_.Read("again/summary.json").find("in no journal entry"), std::string::npos);
  }
  void Stop(WorkerProcess& worker) {
    worker.Signal(SIGTERM);
    ASSERT_EQ(worker.Wait(kWaitSeconds), 0) << Log();
  }

  ScratchDirectory scratch_;
  std::unique_ptr<BulkProducer> producer_;
};

OwnedRecord LookupOf(int i) {
  return testing::ToRecord(testing::MakeLookup("l" + std::to_string(i), "listing" + std::to_string(i % 50), kNumber,
                                               v1::SCENE_ON_SALE, kNow + i));
}

// 200 good look-ups, 3 cut in half, 2 of no scene; one complaint, and one that is random bytes.
std::vector<OwnedRecord> GoodAndBad() {
  std::vector<OwnedRecord> records;
  records.reserve(207);
  for (int i = 0; i < 200; ++i) records.push_back(LookupOf(i));
  for (int i = 200; i < 203; ++i) {
    records.push_back(LookupOf(i));
    records.back().value.resize(records.back().value.size() / 2);
  }
  for (int i = 203; i < 205; ++i) {
    records.push_back(testing::ToRecord(testing::MakeLookup("l" + std::to_string(i), "listing" + std::to_string(i),
                                                            kNumber, v1::SCENE_UNSPECIFIED, kNow + i)));
  }
  records.push_back(testing::ToRecord(testing::MakeComplaint("c1", 1, "M1", "BRAKES", kNow)));
  records.push_back(testing::ToRecord(testing::MakeComplaint("c2", 1, "M1", "BRAKES", kNow)));
  records.back().value = "\xff\xfe not a complaint";
  return records;
}

bool AllRead(const MetricsPage& page) {
  return page.Value("zaojing_lane_inputs_total", {"screen/0"}) == 205 &&
         page.Value("zaojing_lane_inputs_total", {"risk/0"}) >= 2 && page.Count("zaojing_input_lag_records") == 4 &&
         page.Sum("zaojing_input_lag_records") == 0;
}

// Names between backticks in the first column of the table.
std::set<std::string> DocumentedMetrics() {
  std::set<std::string> names;
  std::ifstream document(std::string(ZAOJING_SOURCE_DIR) + "/deploy/README.md");
  for (std::string line; std::getline(document, line);) {
    if (line.compare(0, 11, "| `zaojing_") == 0) names.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

// Breaks if a promised metric is missing, one is served that nobody explains, or a figure is not what happened: dead
// letters under a wrong reason, a lag that never falls to 0 (transaction markers behind the last signal), latencies of
// nothing.
TEST_F(OperationsTest, MetricsSayWhatHappened) {
  Configure("clock: CLOCK_MODE_EVENTS\n");
  Feed(GoodAndBad());
  WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
  // A page is not of one moment: the first that says all was read may begin with figures from before that.
  ScrapeUntil(worker, AllRead);
  const MetricsPage page = ScrapeUntil(worker, AllRead);
  EXPECT_EQ(page.families, DocumentedMetrics());
  const auto letters = [&](const char* lane, const std::string& reason) {
    return page.Value("zaojing_lane_dead_letters_total", {lane, "reason=\"" + reason + "\""});
  };
  EXPECT_EQ(letters("screen/0", "BAD_ENUM"), 2);
  EXPECT_EQ(letters("screen/0", "UNPARSABLE") + letters("screen/0", "MISSING_FIELD") +
                letters("screen/0", "BAD_VALUE") + letters("screen/0", "BAD_UTF8"),
            3);
  EXPECT_EQ(letters("screen/0", "POISON"), 0) << "a reason that never came is there, as 0";
  EXPECT_EQ(page.Sum("zaojing_lane_dead_letters_total"), 6);
  EXPECT_EQ(letters("risk/0", "UNPARSABLE"), 1);
  EXPECT_EQ(page.Value("zaojing_lane_running", {"screen/0"}), 1);
  EXPECT_EQ(page.Value("zaojing_lane_tasks", {"screen/0"}), partitions_);
  EXPECT_EQ(page.Value("zaojing_lane_rebalances_total", {"screen/0", "\"assigned\""}), 1);
  EXPECT_EQ(page.Value("zaojing_lane_rebalances_total", {"screen/0", "\"lost\""}), 0);
  EXPECT_EQ(page.Value("zaojing_lane_aborts_total", {"screen/0"}), 0);
  const double commits = page.Value("zaojing_lane_commits_total", {"screen/0"});
  EXPECT_GE(commits, 1);
  EXPECT_EQ(page.Value("zaojing_lane_commit_seconds_count", {"screen/0"}), commits);
  EXPECT_GT(page.Value("zaojing_lane_commit_seconds_sum", {"screen/0"}), 0);
  EXPECT_GE(page.Value("zaojing_lane_event_to_commit_seconds_count", {"screen/0"}), 1);
  EXPECT_LT(page.Value("zaojing_lane_event_to_commit_seconds_sum", {"screen/0"}), 60 * commits);
  EXPECT_NEAR(page.Value("zaojing_lane_engine_timestamp_seconds", {"screen/0"}), kNow / 1e6, 1);
  // A state that began empty and fits the cache never asks the store.
  EXPECT_EQ(page.Value("zaojing_lane_cache_misses_total", {"screen/0"}), 0);
  EXPECT_GT(page.Value("zaojing_lane_cache_hits_total", {"screen/0"}), 0);
  EXPECT_GT(page.Value("zaojing_lane_cache_bytes", {"screen/0"}), 50 * 20);
  EXPECT_GT(page.Value("zaojing_store_memory_bytes", {"memtables"}), 1000);
  EXPECT_GT(page.Value("zaojing_resident_memory_bytes"), 10e6);
  EXPECT_EQ(page.Value("zaojing_registry_facts", {"screen/0"}), 2);
  EXPECT_EQ(page.Value("zaojing_registry_heartbeat_timestamp_seconds", {"screen/0"}), kNow / 1000000);
  EXPECT_EQ(page.Value("zaojing_registry_last_applied_timestamp_seconds", {"screen/0"}), kNow / 1000000);
  EXPECT_EQ(page.Value("zaojing_registry_stale", {"screen/0"}), 0);
  EXPECT_EQ(page.Value("zaojing_worker_info", {"national@"}), 1);

  // A day and an hour after the heartbeat the registry is stale.
  Feed({testing::ToRecord(
      testing::MakeLookup("late", "listing0", kNumber, v1::SCENE_ON_SALE, kNow + 25 * limits::kHour))});
  ScrapeUntil(worker, [](const MetricsPage& now) { return now.Sum("zaojing_registry_stale") >= 1; });
  Stop(worker);
}

// Breaks if records the lane cannot read yet are no lag, or if lag stays when they are read.
TEST_F(OperationsTest, LagRisesBehindAnOpenTransactionAndFalls) {
  Configure("clock: CLOCK_MODE_EVENTS\n");
  WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
  const auto lag = [](const MetricsPage& page) {
    return page.Value("zaojing_input_lag_records", {"stage=\"screen\"", "topic=\"ccc.lookups\"", "partition=\"1\""});
  };
  ScrapeUntil(worker, [&](const MetricsPage& page) { return lag(page) == 0; });
  KafkaLogOptions options = LogOptions("holder");
  options.producer.outputs = {Topic::kLookups};
  const auto holder = KafkaLog::Open(options, clock_);
  ASSERT_TRUE(holder.ok() && (*holder)->InitProducer().ok() && (*holder)->Begin().ok());
  const std::vector<OutputRecord> held = {Output(Topic::kLookups, 1, "a/1", "x"),
                                          Output(Topic::kLookups, 1, "a/1", "y"),
                                          Output(Topic::kLookups, 1, "a/1", "z")};
  ASSERT_TRUE((*holder)->Produce(held).ok());
  ScrapeUntil(worker, [&](const MetricsPage& page) { return lag(page) == 3; });
  ASSERT_TRUE((*holder)->Commit().ok());
  const MetricsPage page = ScrapeUntil(worker, [&](const MetricsPage& now) {
    return now.Value("zaojing_lane_inputs_total", {"screen/0"}) == 3 && lag(now) == 0;
  });
  EXPECT_EQ(page.Sum("zaojing_input_lag_records"), 0);
  Stop(worker);
}

// Breaks if an operator cannot tell from the log what the worker is doing: what it was given, that a lost store is
// restored and how far, that it has caught up, what was set aside, what it did in all.
TEST_F(OperationsTest, TheLogTellsTheStory) {
  Configure("clock: CLOCK_MODE_EVENTS\n");
  Feed(GoodAndBad());
  {
    WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
    ScrapeUntil(worker, [&](const MetricsPage& page) {
      return AllRead(page) && Log().find("screen/0: caught up: 205 records") != std::string::npos;
    });
    Stop(worker);
  }
  const std::string first = Log();
  for (const char* line :
       {"screen/0: assigned 2 tasks: 0 1", "screen/0: task 1 starts for the first time", "screen/0: running 2 tasks",
        "registry of 1 certificate fact, 1 control record", "set aside in dead-letter: ", "BAD_ENUM 2",
        "stopping: signal", "screen/0: stopped after", "205 records in"}) {
    EXPECT_NE(first.find(line), std::string::npos) << line << "\n" << first;
  }
  std::filesystem::remove_all(Path("state"));
  std::filesystem::remove(Path("log"));
  WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
  const MetricsPage page = ScrapeUntil(worker, [](const MetricsPage& now) {
    return now.Value("zaojing_lane_running", {"screen/0"}) == 1 && now.Value("zaojing_lane_running", {"risk/0"}) == 1;
  });
  EXPECT_GE(page.Value("zaojing_restore_done_records", {"screen/0"}), 50);
  EXPECT_EQ(page.Value("zaojing_restore_remaining_records", {"screen/0"}), 0);
  Stop(worker);
  EXPECT_NE(Log().find("screen/0: task 0 goes on after commit "), std::string::npos) << Log();
  EXPECT_NE(Log().find(" restored from the changelog"), std::string::npos) << Log();
}

// Breaks if under `clock: wall` an expiry waits for a next record, if ticks make an instruction come twice or before
// what waited was read, or if a run with ticks does not replay from its journal to the same bytes.
TEST_F(OperationsTest, ExpiryComesByTheClock) {
  Configure("clock: CLOCK_MODE_WALL\n");
  const int64_t now = clock_.WallMicros();
  const int64_t then = now - 3 * limits::kDay;
  const std::string number = "2022010101000009";
  v1::Certificate certificate = testing::MakeCertificate("fact-9", number, v1::CERTIFICATE_STATUS_VALID, then, then);
  certificate.set_valid_until(now - limits::kDay);
  // The registry copy is fresh, so that the gate may judge; what it says came three days ago.
  Feed({testing::ToRecord(testing::MakeHeartbeat("beat-9", now, then)), testing::ToRecord(certificate)});
  for (int i = 0; i < 20; ++i) {
    Feed({testing::ToRecord(testing::MakeLookup("w" + std::to_string(i), "item" + std::to_string(i), number,
                                                v1::SCENE_ON_SALE, then + 1 + i))});
  }
  WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
  ASSERT_TRUE(Eventually([&] { return !worker.Running() || Dump(Topic::kTakedowns).size() == 20; })) << Log();
  ScrapeUntil(worker, [&](const MetricsPage& page) {
    return page.Value("zaojing_lane_engine_timestamp_seconds", {"screen/0"}) > static_cast<double>(now) / 1e6 + 2;
  });
  Stop(worker);
  for (const std::string& bytes : Dump(Topic::kTakedowns)) {
    v1::Takedown takedown;
    ASSERT_TRUE(takedown.ParseFromString(bytes));
    EXPECT_EQ(takedown.reason(), v1::REASON_EXPIRED);
    EXPECT_GE(takedown.received_at(), now - limits::kMinute) << "ordered by a tick";
  }
  EXPECT_GE(Dump(Topic::kTicks).size(), 2U);
  ReplayJournal();
}

// Breaks if an episode stays open because nobody complains any more.
TEST_F(OperationsTest, EpisodesCloseByTheClock) {
  Configure("clock: CLOCK_MODE_WALL\n");
  // A complaint a week for twenty weeks, eight in the next one, and none since.
  std::vector<OwnedRecord> complaints;
  complaints.reserve(28);
  for (int i = 0; i < 28; ++i) {
    const int64_t at = testing::kMonday + std::min(i, 20) * limits::kWeek + i * limits::kHour;
    complaints.push_back(testing::ToRecord(testing::MakeComplaint("c" + std::to_string(i), 1, "K1", "LID", at)));
  }
  Feed(complaints);
  WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
  int raised = 0;
  int closed = 0;
  int retracted = 0;
  ASSERT_TRUE(Eventually([&] {
    raised = closed = retracted = 0;
    for (const std::string& bytes : Dump(Topic::kAlerts)) {
      v1::Alert alert;
      EXPECT_TRUE(alert.ParseFromString(bytes));
      raised += alert.msg_type() == v1::MESSAGE_TYPE_ALERT ? 1 : 0;
      closed += alert.stage() == v1::STAGE_CLOSED ? 1 : 0;
      retracted += alert.msg_type() == v1::MESSAGE_TYPE_CANCEL ? 1 : 0;
    }
    return !worker.Running() || (closed > 0 && closed + retracted == raised);
  })) << raised
      << " raised, " << closed << " closed, " << retracted << " retracted\n"
      << Log();
  Stop(worker);
  EXPECT_GE(closed, 1);
  ReplayJournal();
}

// Breaks if redrive, as an operator runs it, doubles or loses a record: a look-up from the future is set aside, put
// back when its time has come, and judged.
TEST_F(OperationsTest, ARedrivenRecordIsJudgedOnce) {
  Configure("clock: CLOCK_MODE_EVENTS\n");
  OwnedRecord early = LookupOf(1);
  BulkProducer::Message message;
  message.topic = early.topic;
  message.timestamp = kNow - limits::kHour;
  message.key = early.key;
  message.value = early.value;
  ASSERT_TRUE(producer_->Produce(message).ok() && producer_->Flush().ok());
  WorkerProcess worker(Path("worker.textproto"), "", Path("log"));
  ScrapeUntil(worker, [](const MetricsPage& page) {
    return page.Value("zaojing_lane_dead_letters_total", {"screen/0", "FUTURE_TIME"}) == 1;
  });
  const std::string redrive = "redrive --bootstrap " + client_.bootstrap + " --topic-prefix " + client_.topic_prefix +
                              " --topics ccc.lookups --reasons FUTURE_TIME";
  ASSERT_EQ(RunBinary(redrive + " --dry-run", Path("dry")), 0) << scratch_.Read("dry");
  EXPECT_NE(scratch_.Read("dry").find("1 records would be put back"), std::string::npos) << scratch_.Read("dry");
  ASSERT_EQ(RunBinary(redrive, Path("first")), 0) << scratch_.Read("first");
  EXPECT_NE(scratch_.Read("first").find("1 records put back"), std::string::npos) << scratch_.Read("first");
  ASSERT_EQ(RunBinary(redrive, Path("second")), 0) << scratch_.Read("second");
  EXPECT_NE(scratch_.Read("second").find("0 records put back"), std::string::npos) << scratch_.Read("second");
  const MetricsPage page = ScrapeUntil(worker, [](const MetricsPage& now) {
    return now.Value("zaojing_lane_inputs_total", {"screen/0"}) == 2 && now.Sum("zaojing_input_lag_records") == 0;
  });
  EXPECT_EQ(page.Sum("zaojing_lane_dead_letters_total"), 1);
  Stop(worker);
  EXPECT_EQ(RunBinary("redrive --bootstrap x --reasons NO_SUCH", Path("usage")), 2);
  EXPECT_NE(scratch_.Read("usage").find("FUTURE_TIME"), std::string::npos) << "it says which there are";
  // The counters of the look-up judged, read from the task's directory.
  int shown = 0;
  for (const char* task : {"screen-0", "screen-1"}) {
    const std::string log = std::string("keys-") + task;
    ASSERT_EQ(RunBinary("inspect --state " + Path("state/") + task + " keys --table region_tally", Path(log)), 0);
    shown += scratch_.Read(log).find("ALLOW: 1") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(shown, 1);
}

}  // namespace
}  // namespace zaojing
