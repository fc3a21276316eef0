// One worker with one task, settled or about to be, for tests that say what happens line by line.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "processors/state/tables.h"
#include "tests/sim/sim_world.h"

namespace zaojing::sim {

inline constexpr TopicPartition kInput{Topic::kLookups, 0};
inline constexpr TopicPartition kChangelog{Topic::kScreenChangelog, 0};

class LaneTest : public ::testing::Test {
 protected:
  void SetUp() override { Make({}); }
  void Make(WorldOptions options) {
    options.partitions = partitions_;
    world_ = std::make_unique<World>(std::move(options));
    world_->AddReferences(5);
    world_->AddInputs(40);
    world_->AddWorker();
    world_->Start(0);
  }
  Lane& lane(size_t index = 0) { return *world_->worker(index).lane; }
  SimStores& disk(size_t index = 0) { return world_->worker(index).disk; }
  void Settle(size_t index = 0) {
    ASSERT_TRUE(world_->StepUntil(index, Lane::State::kRunning));
    for (int i = 0; i < 1'000 && !lane(index).idle(); ++i) world_->Step(index);
    ASSERT_TRUE(lane(index).idle());
  }
  void Flush() {
    for (int task = 0; task < partitions_; ++task) {
      world_->PassTime(limits::kFlushIntervalMax + limits::kSecond);
      for (int i = 0; i < 8; ++i) world_->Step(0);
    }
  }
  // Steps the lane itself, so that its final status is seen.
  absl::Status RunToFailure() {
    for (int i = 0; i < 3'000; ++i) {
      world_->clock().Advance(500);
      absl::Status status = lane().Step();
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  void FinishWell() {
    world_->Finish();
    EXPECT_THAT(CheckWorld(*world_), ::testing::IsEmpty());
  }

  int32_t partitions_ = 1;
  std::unique_ptr<World> world_;
};

}  // namespace zaojing::sim
