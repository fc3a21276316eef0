// Group membership of the Kafka log on a real broker: assignments, revocations, losses and rewinds, several
// logs in one thread.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/broker_fixture.h"

namespace zaojing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RebalanceTest : public BrokerTest {
 protected:
  RebalanceTest() { partitions_ = 4; }
};

// The smallest lane: copies every input to `verdicts`, one transaction a batch, and follows the group.
class Copier {
 public:
  explicit Copier(std::unique_ptr<KafkaLog> log) : log_(std::move(log)) { EXPECT_TRUE(log_->InitProducer().ok()); }

  void Step() {
    absl::StatusOr<PollResult> polled = log_->Poll(7, 1'000);
    ASSERT_TRUE(polled.ok()) << polled.status();
    switch (polled->kind) {
      case PollResult::Kind::kNothing:
        return;
      case PollResult::Kind::kRecords:
        return Copy(polled->batch->records());
      case PollResult::Kind::kAssigned:
        return Open(polled->partitions);
      case PollResult::Kind::kRevoked:
      case PollResult::Kind::kLost:
        ++revocations_;
        ASSERT_TRUE(log_->Unassign().ok());
        next_.clear();
        return;
    }
  }
  size_t partitions() const { return next_.size(); }
  int revocations() const { return revocations_; }
  uint64_t copied() const { return copied_; }

 private:
  void Open(const std::vector<TopicPartition>& partitions) {
    absl::StatusOr<std::vector<CommittedOffset>> committed = log_->Committed(partitions);
    ASSERT_TRUE(committed.ok()) << committed.status();
    for (CommittedOffset& at : *committed) {
      if (at.next == kNoOffset) at.next = 0;
      next_[at.at] = at.next;
    }
    ASSERT_TRUE(log_->Assign(*committed).ok());
  }

  void Copy(std::span<const Record> records) {
    std::vector<OutputRecord> outputs;
    for (const Record& record : records) {
      int64_t& next = next_.at({record.topic, record.partition});
      ASSERT_EQ(record.offset, next) << "gap or repetition in partition " << record.partition;
      next = record.offset + 1;
      outputs.push_back(Output(Topic::kVerdicts, record.partition, "k", std::string(record.value)));
    }
    std::vector<CommittedOffset> offsets;
    for (const auto& [at, next] : next_) offsets.push_back({at, next, "m"});
    const absl::Status committed = CommitOnce(*log_, outputs, offsets);
    if (committed.ok()) {
      copied_ += outputs.size();
      return;
    }
    // The generation ended under us: the event follows.
    ASSERT_EQ(committed.code(), absl::StatusCode::kAborted) << committed;
    ASSERT_TRUE(log_->Abort().ok());
  }

  const std::unique_ptr<KafkaLog> log_;
  std::map<TopicPartition, int64_t> next_;
  int revocations_ = 0;
  uint64_t copied_ = 0;
};

// Breaks if a record is lost or copied twice while partitions move from one log to two and back to one: seen
// by comparing inputs and committed outputs, and by every copier's own offset check.
TEST_F(RebalanceTest, NothingLostOrDoubledAcrossRebalances) {
  constexpr int kCount = 200;
  std::vector<std::string> expected;
  const auto feed = [&](const std::string& text) {
    for (int32_t partition = 0; partition < partitions_; ++partition) {
      Feed(Topic::kLookups, partition, absl::StrCat(text, partition, "-"), kCount);
      for (int i = 0; i < kCount; ++i) expected.push_back(absl::StrCat(text, partition, "-", i));
    }
  };
  feed("first");
  Copier a(OpenLog("a"));
  ASSERT_TRUE(Eventually([&] { return a.Step(), a.copied() >= 50; }));
  EXPECT_EQ(a.partitions(), 4u);

  uint64_t copied_by_b = 0;
  {
    Copier b(OpenLog("b"));
    ASSERT_TRUE(Eventually([&] { return a.Step(), b.Step(), a.partitions() == 2 && b.partitions() == 2; }));
    EXPECT_EQ(a.revocations(), 1);
    feed("second");
    ASSERT_TRUE(Eventually([&] { return a.Step(), b.Step(), a.copied() + b.copied() == expected.size(); }));
    EXPECT_GT(b.copied(), 0u);
    copied_by_b = b.copied();
  }
  // b is gone without a word; its static membership ends with the session.
  feed("third");
  ASSERT_TRUE(Eventually([&] { return a.Step(), a.copied() + copied_by_b == expected.size(); }));
  EXPECT_EQ(a.partitions(), 4u);

  std::vector<std::string> copied = Dump(Topic::kVerdicts);
  std::sort(copied.begin(), copied.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(copied, expected);
}

// Breaks if a member that did not poll for too long is told "revoked" and can still commit: its partitions
// have a new owner, so the event must be kLost, or its commit must be refused.
TEST_F(RebalanceTest, SilentMemberLosesItsPartitionsAndCannotCommit) {
  Feed(Topic::kLookups, 0, "in", 5);
  KafkaLogOptions options = LogOptions("zombie");
  options.client.properties.emplace_back().set_name("max.poll.interval.ms");
  options.client.properties.back().set_value("6000");
  const auto zombie = KafkaLog::Open(options, clock_);
  ASSERT_TRUE(zombie.ok()) << zombie.status();
  ASSERT_TRUE((*zombie)->InitProducer().ok());
  ASSERT_THAT(Join(**zombie), SizeIs(4));
  ReadRecords(**zombie, 5);

  const auto heir = OpenLog("heir");
  ASSERT_THAT(Join(*heir),
              SizeIs(4));  // only after the broker gave up on the zombie, which nobody polls meanwhile
  EXPECT_THAT(ReadRecords(*heir, 5), SizeIs(5));

  const absl::Status refused =
      CommitOnce(**zombie, {Output(Topic::kVerdicts, 0, "k", "zombie")}, {{{Topic::kLookups, 0}, 5, "zombie"}});
  EXPECT_EQ(refused.code(), absl::StatusCode::kAborted) << refused;
  ASSERT_TRUE((*zombie)->Abort().ok());
  PollResult event;
  ASSERT_TRUE(Eventually([&] {
    absl::StatusOr<PollResult> polled = (*zombie)->Poll(10, 10'000);
    if (!polled.ok()) return polled.status().code() != absl::StatusCode::kUnavailable;
    event = std::move(*polled);
    return event.kind != PollResult::Kind::kNothing && event.kind != PollResult::Kind::kRecords;
  }));
  EXPECT_EQ(event.kind, PollResult::Kind::kLost);
  EXPECT_THAT(event.partitions, SizeIs(4));
  ASSERT_TRUE((*zombie)->Unassign().ok());
  EXPECT_THAT(Dump(Topic::kVerdicts), IsEmpty());
}

// Breaks if records fetched before a rewind are handed out after it, or some in between are missing.
TEST_F(RebalanceTest, RewindDeliversExactlyFromTheOffset) {
  constexpr int kCount = 3000;
  Feed(Topic::kLookups, 0, "a", kCount);
  Feed(Topic::kLookups, 1, "b", kCount);
  const auto log = OpenLog("a");
  Join(*log);
  // Positions of partition 0 and 1, back and forth, with different amounts read and prefetched in between.
  const int64_t starts[][2] = {{0, 0}, {10, 5}, {3, 2900}, {2500, 0}, {2500, 1}, {0, 0}, {2999, 2999}, {7, 7}};
  size_t read = 1;
  for (const auto& start : starts) {
    ASSERT_TRUE(log->Assign(std::vector<CommittedOffset>{{{Topic::kLookups, 0}, start[0], {}},
                                                         {{Topic::kLookups, 1}, start[1], {}},
                                                         {{Topic::kLookups, 2}, 0, {}},
                                                         {{Topic::kLookups, 3}, 0, {}}})
                    .ok());
    std::vector<int64_t> next = {start[0], start[1]};
    const size_t due = static_cast<size_t>(2 * kCount - start[0] - start[1]);
    size_t count = 0;
    const size_t wanted = std::min(due, read);
    ASSERT_TRUE(Eventually([&] {
      const absl::StatusOr<PollResult> polled = log->Poll(wanted - count, 10'000);
      EXPECT_TRUE(polled.ok()) << polled.status();
      if (polled->kind == PollResult::Kind::kRecords) {
        for (const Record& record : polled->batch->records()) {
          EXPECT_EQ(record.offset, next[static_cast<size_t>(record.partition)]++);
        }
        count += polled->batch->records().size();
      }
      return count >= wanted;
    }));
    read = read * 5 + 3;
  }
}

// Breaks if two workers under one name can both read: the older one must be told that it is fenced.
TEST_F(RebalanceTest, TwoWorkersOfOneNameFenceEachOther) {
  const auto old_log = OpenLog("a");
  Join(*old_log);
  const auto new_log = OpenLog("a");
  absl::Status told;
  ASSERT_TRUE(Eventually([&] {
    const absl::StatusOr<PollResult> ignored = new_log->Poll(1, 0);
    const absl::StatusOr<PollResult> polled = old_log->Poll(1, 10'000);
    told = polled.status();
    return !told.ok() || (ignored.ok() && ignored->kind != PollResult::Kind::kNothing);
  }));
  if (told.ok()) {
    ASSERT_TRUE(Eventually([&] { return !(told = old_log->Poll(1, 10'000).status()).ok(); }));
  }
  EXPECT_EQ(told.code(), absl::StatusCode::kFailedPrecondition) << told;
  EXPECT_THAT(std::string(told.message()), ::testing::HasSubstr("its own `instance`"));
}

// Breaks if reading starts anywhere but where it was told when that offset is gone: records would be skipped.
TEST_F(RebalanceTest, OffsetBeyondTheLogIsRefused) {
  Feed(Topic::kLookups, 0, "a", 3);
  const auto log = OpenLog("a");
  Join(*log);
  ASSERT_TRUE(log->Assign(std::vector<CommittedOffset>{{{Topic::kLookups, 0}, 77, {}}}).ok());
  absl::Status told;
  ASSERT_TRUE(Eventually([&] { return !(told = log->Poll(10, 10'000).status()).ok(); }));
  EXPECT_EQ(told.code(), absl::StatusCode::kDataLoss) << told;
}

// Breaks if a worker that comes back with a further input topic is given its old assignment, as static members are: the
// topic would never be read, or the lane refuse the half assignment for as long as it is restarted.
TEST_F(RebalanceTest, AGainedTopicIsAssignedToARestartedMember) {
  {
    const auto before = OpenLog("a");
    EXPECT_THAT(Join(*before), SizeIs(4));
  }
  KafkaLogOptions options = LogOptions("a");
  options.consumer.inputs = {Topic::kLookups, Topic::kTakedowns};
  const auto after = KafkaLog::Open(options, clock_);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_THAT(Join(**after), SizeIs(8));
}

}  // namespace
}  // namespace zaojing
