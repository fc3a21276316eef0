// One test a row of the crash table in processors/runtime/lane.h: what the kill leaves at the broker and in the store,
// and that the next start ends where a run without the kill would. Outputs, journal, changelog and store are compared
// with the oracle at the end of each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/runtime/progress.h"
#include "processors/state/tables.h"
#include "tests/sim/sim_world.h"

namespace zaojing::sim {
namespace {

using ::testing::IsEmpty;
using State = Lane::State;

constexpr TopicPartition kInput{Topic::kLookups, 0};
constexpr TopicPartition kChangelog{Topic::kScreenChangelog, 0};

class CrashTable : public ::testing::Test {
 protected:
  CrashTable() : world_(OneTask()) {
    world_.AddReferences(5);
    world_.AddInputs(40);
    world_.AddWorker();
    world_.Start(0);
    Settle();
    Flush();
    before_ = GroupToken();
    EXPECT_NE(before_, "");
    EXPECT_EQ(FlushedToken(), before_);
    world_.AddInputs(20);
  }

  static WorldOptions OneTask() {
    WorldOptions options;
    options.partitions = 1;
    return options;
  }
  void Settle() {
    ASSERT_TRUE(world_.StepUntil(0, State::kRunning));
    for (int i = 0; i < 200; ++i) world_.Step(0);
    ASSERT_TRUE(world_.worker(0).lane->idle());
  }
  void Flush() {
    world_.PassTime(limits::kFlushIntervalMax + limits::kSecond);
    for (int i = 0; i < 5; ++i) world_.Step(0);
  }
  std::string GroupToken() {
    const auto committed = world_.broker().Offsets("screen", {&kInput, 1});
    return committed.ok() ? (*committed)[0].metadata : "pending";
  }
  // The progress a kill at this moment would leave on disk.
  std::string FlushedToken() {
    MemoryStore copy = world_.worker(0).disk.At("screen-0");
    copy.Crash();
    return TokenIn(copy);
  }
  std::string TokenIn(MemoryStore& store) {
    std::string bytes;
    v1::Marker marker;
    if (!*store.Get(kMarkerKey, &bytes) || !marker.ParseFromString(bytes)) return "";
    return ProgressToken(marker);
  }
  bool TransactionOpen() { return world_.broker().LastStable(kChangelog) < world_.broker().High(kChangelog); }
  void CrashAndFinish() {
    world_.Crash(0);
    world_.Start(0);
    world_.Finish();
    EXPECT_THAT(CheckWorld(world_), IsEmpty());
    EXPECT_EQ(world_.tally().rebuilds, 0u) << "a good store was thrown away";
  }

  World world_;
  std::string before_;
};

// What could break: inputs applied but not begun are lost with the process instead of being read again.
TEST_F(CrashTable, BeforeBegin) {
  ASSERT_TRUE(world_.StepUntil(0, State::kBegin));
  EXPECT_FALSE(TransactionOpen());
  EXPECT_EQ(GroupToken(), before_);
  EXPECT_EQ(FlushedToken(), before_);
  CrashAndFinish();
}

// What could break: the dead producer's records become visible, or hold the last stable offset for ever.
TEST_F(CrashTable, AfterProduce) {
  ASSERT_TRUE(world_.StepUntil(0, State::kSendOffsets));
  EXPECT_TRUE(TransactionOpen());
  EXPECT_EQ(GroupToken(), before_);
  EXPECT_EQ(FlushedToken(), before_);
  CrashAndFinish();
}

// What could break: the new start reads offsets that are still pending and skips their inputs.
TEST_F(CrashTable, AfterSendOffsets) {
  ASSERT_TRUE(world_.StepUntil(0, State::kCommit));
  EXPECT_TRUE(TransactionOpen());
  EXPECT_EQ(GroupToken(), "pending");
  EXPECT_EQ(FlushedToken(), before_);
  CrashAndFinish();
}

// What could break: the store misses a commit which Kafka has, and its inputs are judged a second time.
TEST_F(CrashTable, AfterCommit) {
  ASSERT_TRUE(world_.StepUntil(0, State::kApply));
  EXPECT_FALSE(TransactionOpen());
  EXPECT_NE(GroupToken(), before_);
  EXPECT_EQ(FlushedToken(), before_);
  CrashAndFinish();
}

// What could break: a commit that only the cache has is believed to be in the store.
TEST_F(CrashTable, AfterApply) {
  ASSERT_TRUE(world_.StepUntil(0, State::kApply));
  ASSERT_TRUE(world_.StepUntil(0, State::kRunning));
  EXPECT_NE(GroupToken(), before_);
  EXPECT_EQ(TokenIn(world_.worker(0).disk.At("screen-0")), before_);
  EXPECT_EQ(FlushedToken(), before_);
  CrashAndFinish();
}

// What could break: a flushed store is restored again from an earlier place, or refused.
TEST_F(CrashTable, AfterFlush) {
  Settle();
  Flush();
  EXPECT_NE(GroupToken(), before_);
  EXPECT_EQ(FlushedToken(), GroupToken());
  CrashAndFinish();
}

}  // namespace
}  // namespace zaojing::sim
