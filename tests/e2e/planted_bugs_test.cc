// The checks of the kill tests, checked on a real broker: a lane whose log breaks one rule of exactly once, killed as
// they kill, must be found out by what they look at.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include "ingest/kafka/kafka_reference_feed.h"
#include "processors/rules/rule_set.h"
#include "processors/runtime/lane.h"
#include "processors/screen/screen_stage.h"
#include "processors/state/rocksdb/rocksdb_store.h"
#include "proto/check.h"
#include "proto/status_util.h"
#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

enum class Bug : uint8_t {
  kNone,
  kOffsetsOutside,  // the group's offsets are committed before the outputs' transaction
  kOutputsOutside,  // what readers see is committed before the transaction of offsets and progress
};

class BuggyLog final : public Log {
 public:
  BuggyLog(std::unique_ptr<KafkaLog> log, Bug bug) : log_(std::move(log)), bug_(bug) {}

  absl::StatusOr<PollResult> Poll(size_t records_max, int64_t wait_us) override {
    return log_->Poll(records_max, wait_us);
  }
  absl::Status Assign(std::span<const CommittedOffset> positions) override { return log_->Assign(positions); }
  absl::Status Unassign() override { return log_->Unassign(); }
  int64_t Behind() override { return log_->Behind(); }
  absl::StatusOr<std::vector<CommittedOffset>> Committed(std::span<const TopicPartition> partitions) override {
    return log_->Committed(partitions);
  }
  absl::Status InitProducer() override { return log_->InitProducer(); }
  absl::Status Begin() override {
    answers_ = false;
    return log_->Begin();
  }
  absl::Status Produce(std::span<const OutputRecord> records) override {
    const bool answers = std::any_of(records.begin(), records.end(),
                                     [](const OutputRecord& record) { return record.topic == Topic::kVerdicts; });
    answers_ = answers_ || answers;
    if (bug_ == Bug::kOffsetsOutside) {
      later_.insert(later_.end(), records.begin(), records.end());
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(log_->Produce(records));
    return bug_ == Bug::kOutputsOutside && answers ? CommitAndBegin() : absl::OkStatus();
  }
  absl::Status SendOffsets(std::span<const CommittedOffset> offsets) override {
    RETURN_IF_ERROR(log_->SendOffsets(offsets));
    if (bug_ != Bug::kOffsetsOutside) return absl::OkStatus();
    RETURN_IF_ERROR(CommitAndBegin());
    return log_->Produce(std::exchange(later_, {}));
  }
  absl::Status Commit() override { return log_->Commit(); }
  absl::Status Abort() override { return log_->Abort(); }
  int64_t ProducedEnd(TopicPartition at) override { return log_->ProducedEnd(at); }
  absl::StatusOr<PartitionBounds> Bounds(TopicPartition at) override { return log_->Bounds(at); }
  absl::Status OpenChangelog(TopicPartition at, int64_t from) override { return log_->OpenChangelog(at, from); }
  absl::StatusOr<std::unique_ptr<RecordBatch>> ReadChangelog(TopicPartition at, int64_t* position) override {
    return log_->ReadChangelog(at, position);
  }
  void CloseChangelog(TopicPartition at) override { log_->CloseChangelog(at); }
  absl::StatusOr<std::string> ClusterId() override { return log_->ClusterId(); }

  // Whether the transaction begun last has verdicts in it.
  bool answers() const { return answers_; }

 private:
  absl::Status CommitAndBegin() {
    RETURN_IF_ERROR(log_->Commit());
    return log_->Begin();
  }

  const std::unique_ptr<KafkaLog> log_;
  const Bug bug_;
  bool answers_ = false;
  std::vector<OutputRecord> later_;
};

// A screen worker in this process. Destroying it is what a kill leaves: nothing is ended, flushed or given back.
class ScreenWorker {
 public:
  ScreenWorker(KafkaLogOptions options, const std::string& state, const v1::RuleSet& rules, Bug bug)
      : client_(options.client), stage_(rules, {.every_verdict = true}), stores_(state, MakeStoreMemory(64 << 20)) {
    options.consumer.inputs = {Topic::kLookups};
    options.producer.outputs = {Topic::kVerdicts,   Topic::kTakedowns,     Topic::kSignals,
                                Topic::kDeadLetter, Topic::kScreenJournal, Topic::kScreenChangelog};
    auto log = KafkaLog::Open(std::move(options), clock_);
    auto feed = KafkaReferenceFeed::Open(client_);
    ZAOJING_CHECK(log.ok() && feed.ok());
    log_ = std::make_unique<BuggyLog>(std::move(*log), bug);
    references_ = std::make_unique<OwnRegistry>(std::move(*feed));
    LaneOptions lane;
    lane.partitions = kWorkerPartitions;
    lane_ = std::make_unique<Lane>(lane, stage_, *log_, stores_, *references_, clock_, observer_);
  }

  // Steps until the lane is about to commit verdicts, or has failed; its last status. Commits of slices and ticks alone,
  // which may come first, go through.
  absl::Status StepToAnswers() {
    return StepUntil([&] { return lane_->state() == Lane::State::kCommit && log_->answers(); });
  }
  // Until everything fed is committed; then a clean stop.
  absl::Status Finish(int64_t inputs) {
    absl::Status status;
    EXPECT_TRUE(Eventually([&] {
      status = lane_->Step();
      int64_t done = 0;
      for (const auto& [number, task] : lane_->tasks()) {
        if (task->dirty()) return !status.ok();
        for (const CommittedOffset& position : task->positions()) done += position.next;
      }
      return !status.ok() || done >= inputs;
    }));
    if (!status.ok()) return status;
    lane_->RequestStop();
    return StepUntil([&] { return lane_->state() == Lane::State::kStopped; });
  }

 private:
  absl::Status StepUntil(const std::function<bool()>& reached) {
    absl::Status status;
    EXPECT_TRUE(Eventually([&] {
      status = lane_->Step();
      return !status.ok() || reached();
    }));
    return status;
  }

  SystemClock clock_;
  LaneObserver observer_;
  const KafkaClientOptions client_;
  ScreenStage stage_;
  RocksStoreFactory stores_;
  std::unique_ptr<BuggyLog> log_;
  std::unique_ptr<OwnRegistry> references_;
  std::unique_ptr<Lane> lane_;
};

class PlantedBugTest : public WorkerTest {
 protected:
  // Half of the inputs committed, then a kill before a commit with the other half, then another start. Returns what the
  // last run ends with.
  absl::Status RunKilledBeforeItsCommit(Bug bug) {
    const Waves waves = MakeWaves(300);
    const size_t half = waves.first.lookups.size() / 2;
    const auto rules = ParseRules(ReadFile(), "rules");
    EXPECT_TRUE(rules.ok()) << rules.status();
    FeedFacts(waves.first);
    Feed(waves.first.lookups, 0, half);
    const absl::Status first =
        ScreenWorker(LogOptions("a"), Path("state"), *rules, bug).Finish(static_cast<int64_t>(half));
    EXPECT_TRUE(first.ok()) << first;
    Feed(waves.first.lookups, half);
    const absl::Status killed = ScreenWorker(LogOptions("a"), Path("state"), *rules, bug).StepToAnswers();
    EXPECT_TRUE(killed.ok()) << killed;
    return ScreenWorker(LogOptions("a"), Path("state"), *rules, bug)
        .Finish(static_cast<int64_t>(waves.first.lookups.size()));
  }
  static std::string ReadFile() {
    std::ifstream in(std::string(ZAOJING_SOURCE_DIR) + "/deploy/rules/default.textproto");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
};

// Without a bug the same kill is harmless: what the others find is theirs.
TEST_F(PlantedBugTest, NoBugNoFinding) {
  const absl::Status ended = RunKilledBeforeItsCommit(Bug::kNone);
  EXPECT_TRUE(ended.ok()) << ended;
  Export();
  EXPECT_EQ(EmissionFault(ReadOutputs()), "");
}

// The group is ahead of outputs that nobody will ever see: the run must not go on as if they were there.
TEST_F(PlantedBugTest, OffsetsOutsideTheTransaction) {
  const absl::Status ended = RunKilledBeforeItsCommit(Bug::kOffsetsOutside);
  EXPECT_EQ(ended.code(), absl::StatusCode::kDataLoss) << ended;
  EXPECT_NE(ended.message().find("the end of the changelog is missing"), std::string::npos) << ended;
}

// The killed commit's outputs are visible, and the next run writes them again.
TEST_F(PlantedBugTest, OutputsOutsideTheTransaction) {
  const absl::Status ended = RunKilledBeforeItsCommit(Bug::kOutputsOutside);
  EXPECT_TRUE(ended.ok()) << ended;
  Export();
  EXPECT_NE(EmissionFault(ReadOutputs()).find("is there twice"), std::string::npos);
}

}  // namespace
}  // namespace zaojing
