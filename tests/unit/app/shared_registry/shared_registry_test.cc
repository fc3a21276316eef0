// Goal: lanes that share a registry see it grow whole facts at a time, wait for all of it at the start, get the newest
// tick, and learn why it ended. Run under ThreadSanitizer, too: it is the one structure that two threads of a worker
// work on.
#include "app/shared_registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "proto/ids.h"
#include "tests/support/events.h"
#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

using testing::kMonday;
using testing::MakeCertificate;

constexpr int kFacts = 6'000;

class OwnedBatch final : public RecordBatch {
 public:
  void Add(Topic topic, int64_t offset, std::string key, std::string value) {
    texts_.push_back(std::make_unique<std::string>(std::move(key)));
    texts_.push_back(std::make_unique<std::string>(std::move(value)));
    Record record;
    record.topic = topic;
    record.offset = offset;
    record.key = *texts_[texts_.size() - 2];
    record.value = *texts_.back();
    records_.push_back(record);
  }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
};

std::string NumberOf(int64_t position) { return absl::StrCat(2'022'991'119'000'000 + position); }

// Certificates one after the other, then ticks as they are told, then the end it is told.
class ScriptedFeed final : public ReferenceFeed {
 public:
  absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max, int64_t /*wait_us*/) override {
    if (lost_.load()) return absl::DataLossError("the beginning is gone");
    auto batch = std::make_unique<OwnedBatch>();
    for (; batch->records().size() < records_max && position_ < kFacts; ++position_) {
      const v1::Certificate fact = MakeCertificate(absl::StrCat("f", position_), NumberOf(position_),
                                                   v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday);
      batch->Add(Topic::kCertificates, position_, fact.number(), fact.SerializeAsString());
    }
    if (const int64_t tick = tick_.exchange(0); tick != 0) {
      v1::Tick message = samples::Tick();
      message.set_occurred_at(tick);
      message.set_received_at(tick);
      batch->Add(Topic::kTicks, 0, "", message.SerializeAsString());
    }
    return batch;
  }
  bool CaughtUp() const override { return position_ == kFacts; }
  void Tick(int64_t at) { tick_.store(at); }
  void Lose() { lost_.store(true); }

 private:
  int64_t position_ = 0;
  std::atomic<int64_t> tick_{0};
  std::atomic<bool> lost_{false};
};

// A lane's reading: every fact from the first on, until the source has caught up. What it found wrong.
int64_t ReadAll(ReferenceSource& source) {
  int64_t wrong = 0;
  RegistryCursor cursor;
  std::vector<int64_t> ticks;
  for (;;) {
    const bool caught_up = source.CaughtUp();
    wrong += source.Poll(100, &ticks).ok() ? 0 : 1;
    const RegistryReading reading(source);
    const Registry& registry = source.registry();
    const int64_t before = cursor.certificates;
    for (; cursor.certificates < registry.size(Topic::kCertificates);) {
      const ReferenceFact fact = registry.At(Topic::kCertificates, cursor.certificates++);
      wrong += registry.Find(fact.credential, kMonday, cursor).has_value() ? 0 : 1;
      wrong += fact.event_id == absl::StrCat("f", fact.position) ? 0 : 1;
    }
    if (caught_up && before == cursor.certificates) return wrong + (cursor.certificates == kFacts ? 0 : 1);
  }
}

class SharedRegistryTest : public ::testing::Test {
 protected:
  SharedRegistryTest() {
    auto feed = std::make_unique<ScriptedFeed>();
    feed_ = feed.get();
    shared_ = std::make_unique<SharedRegistry>(std::move(feed));
  }
  ScriptedFeed* feed_;
  std::unique_ptr<SharedRegistry> shared_;
};

// Breaks: a lane that reads while a fact is half added, or is told that all is there before it is. Seen by two lanes
// that ask for every fact and its certificate while the reader adds them.
TEST_F(SharedRegistryTest, LanesReadWhileItGrows) {
  const std::unique_ptr<ReferenceSource> first = shared_->ForLane();
  const std::unique_ptr<ReferenceSource> second = shared_->ForLane();
  int64_t wrong = 0;
  std::thread other([&] { wrong = ReadAll(*second); });
  EXPECT_EQ(ReadAll(*first), 0);
  other.join();
  EXPECT_EQ(wrong, 0);
}

// Breaks: a lane that begins before room was made for the registry, or room made twice, or for a part of it. Seen by a
// lane that asks as soon as it is told that all is there.
TEST(SharedRegistryRoomTest, RoomIsMadeBeforeLanesAreTold) {
  std::atomic<int64_t> told{0};
  SharedRegistry shared(std::make_unique<ScriptedFeed>(), std::make_unique<ProcessMemory>(),
                        [&](const Registry& registry) { told += registry.size(Topic::kCertificates); });
  const std::unique_ptr<ReferenceSource> lane = shared.ForLane();
  while (!lane->CaughtUp()) std::this_thread::yield();
  EXPECT_EQ(told, kFacts);
}

// Breaks: a lane that takes what it reads of a registry in a file, and nobody gives it back. Seen on the memory it has.
TEST(SharedRegistryRoomTest, ALaneThatLeavesKeepsTheBound) {
  class Counted final : public BlockMemory {
   public:
    explicit Counted(std::atomic<int>& looks) : looks_(looks) {}
    std::byte* Take(size_t bytes) override { return own_.Take(bytes); }
    size_t bytes_held() const override { return own_.bytes_held(); }
    void KeepWithinBound() override { ++looks_; }

   private:
    std::atomic<int>& looks_;
    ProcessMemory own_;
  };
  std::atomic<int> looks{0};
  SharedRegistry shared(std::make_unique<ScriptedFeed>(), std::make_unique<Counted>(looks));
  const std::unique_ptr<ReferenceSource> lane = shared.ForLane();
  const int before = looks;
  { const RegistryReading reading(*lane); }
  EXPECT_EQ(looks, before + 1);
  lane->KeepWithinBound();
  EXPECT_EQ(looks, before + 2);
}

// Breaks: a tick that one lane takes away from another, comes twice, or is lost.
TEST_F(SharedRegistryTest, EveryLaneGetsTheNewestTickOnce) {
  const std::unique_ptr<ReferenceSource> lanes[] = {shared_->ForLane(), shared_->ForLane()};
  for (const int64_t at : {samples::kNow, samples::kNow + 1}) {
    feed_->Tick(at);
    for (const auto& lane : lanes) {
      std::vector<int64_t> ticks;
      while (ticks.empty()) ASSERT_TRUE(lane->Poll(100, &ticks).ok());
      EXPECT_EQ(ticks, std::vector<int64_t>{at});
      ticks.clear();
      ASSERT_TRUE(lane->Poll(100, &ticks).ok());
      EXPECT_TRUE(ticks.empty());
    }
  }
}

// Breaks: a worker that goes on judging by a registry nobody reads any more.
TEST_F(SharedRegistryTest, AnEndIsEveryLanesEnd) {
  const std::unique_ptr<ReferenceSource> lanes[] = {shared_->ForLane(), shared_->ForLane()};
  feed_->Lose();
  std::vector<int64_t> ticks;
  for (const auto& lane : lanes) {
    absl::StatusOr<bool> polled = false;
    while (polled.ok()) polled = lane->Poll(100, &ticks);
    EXPECT_EQ(polled.status().code(), absl::StatusCode::kDataLoss);
  }
}

}  // namespace
}  // namespace zaojing
