// Ticks: they move the clock, they stand in the journal, and a run with them replays to the same bytes.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "processors/runtime/journal_replay.h"
#include "processors/runtime/task.h"
#include "processors/screen/screen_stage.h"
#include "processors/state/memory_store.h"
#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::kMonday;
using testing::OwnedRecord;
using testing::ToRecord;

constexpr char kNumber[] = "2022011606454871";

std::unique_ptr<Task> StartTask(Stage& stage, const Registry& registry) {
  TaskOptions options;
  options.check_routing = false;
  auto task = std::make_unique<Task>(options, stage, registry, std::make_unique<MemoryStore>());
  EXPECT_TRUE(task->LoadMarker().ok() && task->Start().ok());
  return task;
}

class TickTest : public ::testing::Test {
 protected:
  TickTest() {
    v1::Certificate certificate = testing::MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID,
                                                           kMonday - limits::kWeek, kMonday - limits::kDay);
    certificate.set_valid_until(kMonday + limits::kDay);
    registry_.Append(ToRecord(certificate).View());
    task_ = StartTask(stage_, registry_);
    task_->AdvanceReference(registry_.At(Topic::kCertificates, 0));
    lookups_.push_back(ToRecord(testing::MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday)));
    task_->Apply(lookups_[0].View());
  }

  // Effect: committed; its journal entry and how many take-downs it ordered.
  v1::JournalEntry Commit() {
    absl::StatusOr<CommitUnit> unit = task_->Freeze();
    EXPECT_TRUE(unit.ok());
    task_->Committed(*unit, 0);
    v1::JournalEntry entry;
    EXPECT_TRUE(entry.ParseFromString(unit->journal.value));
    journal_.push_back(unit->journal.value);
    for (const OutputRecord& output : unit->outputs) {
      takedowns_ += output.topic == Topic::kTakedowns ? 1 : 0;
      outputs_.push_back(output.value);
    }
    return entry;
  }

  Registry registry_;
  ScreenStage stage_{testing::DefaultRules(), {}};
  std::unique_ptr<Task> task_;
  std::vector<OwnedRecord> lookups_;
  std::vector<std::string> journal_;
  std::vector<std::string> outputs_;
  int takedowns_ = 0;
};

// Breaks if an idle task's journal grows by the second, if an expiry waits for a record, or if the tick that brought it
// is mistaken for an idle one and lost.
TEST_F(TickTest, IdleTicksAreOneRunAndExpiryNeedsNoRecord) {
  Commit();
  for (int second = 1; second <= 3600; ++second) EXPECT_FALSE(task_->Tick(kMonday + second * limits::kSecond));
  EXPECT_FALSE(task_->Tick(kMonday)) << "time does not go back";
  EXPECT_EQ(task_->engine_time(), kMonday + limits::kHour);
  const v1::JournalEntry idle = Commit();
  ASSERT_EQ(idle.runs_size(), 1);
  EXPECT_EQ(idle.runs(0).time().engine_time(), kMonday + limits::kHour);
  EXPECT_EQ(takedowns_, 0);

  EXPECT_FALSE(task_->Tick(kMonday + limits::kDay - 1));
  EXPECT_TRUE(task_->Tick(kMonday + limits::kDay));
  EXPECT_FALSE(task_->Tick(kMonday + limits::kDay + 1));
  EXPECT_FALSE(task_->Tick(kMonday + limits::kDay + 2));
  ASSERT_TRUE(task_->HasJobs());
  EXPECT_EQ(task_->RunSlice(100), 1U);
  const v1::JournalEntry expiry = Commit();
  EXPECT_EQ(takedowns_, 1);
  ASSERT_EQ(expiry.runs_size(), 3);
  EXPECT_EQ(expiry.runs(0).time().engine_time(), kMonday + limits::kDay);
  EXPECT_EQ(expiry.runs(1).time().engine_time(), kMonday + limits::kDay + 2);
  EXPECT_EQ(expiry.runs(2).slice().job(), kNumber);
}

// Breaks if what idle ticks were merged into is not what happened: the replay has other bytes.
TEST_F(TickTest, TheJournalReplaysToTheSameBytes) {
  for (int step = 1; step <= 200; ++step) {
    task_->Tick(kMonday + step * 20 * limits::kMinute);
    while (task_->HasJobs()) task_->RunSlice(1);
    if (step % 40 == 5) {
      lookups_.push_back(ToRecord(testing::MakeLookup("l" + std::to_string(step), "item" + std::to_string(step),
                                                      kNumber, v1::SCENE_ON_SALE, kMonday + step * limits::kMinute)));
      lookups_.back().offset = static_cast<int64_t>(lookups_.size()) - 1;
      task_->Apply(lookups_.back().View());
    }
    if (step % 7 == 0) Commit();
  }
  Commit();
  EXPECT_GE(takedowns_, 1);

  const std::unique_ptr<Task> again = StartTask(stage_, registry_);
  testing::VectorSource source(lookups_);
  std::vector<std::string> outputs;
  JournalReplay replay(*again, registry_, {{Topic::kLookups, &source}}, [&](std::span<const OutputRecord> records) {
    for (const OutputRecord& record : records) outputs.push_back(record.value);
    return absl::OkStatus();
  });
  for (const std::string& entry : journal_) {
    const absl::Status applied = replay.Apply(entry);
    ASSERT_TRUE(applied.ok()) << applied;
  }
  EXPECT_EQ(outputs, outputs_);
}

}  // namespace
}  // namespace zaojing
