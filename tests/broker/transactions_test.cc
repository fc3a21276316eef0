// Commit, abort, fencing and offsets of the Kafka log on a real broker.
#include <chrono>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/runtime/clock.h"
#include "tests/broker/broker_fixture.h"
#include "tests/broker/broker_pause.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using TransactionsTest = BrokerTest;

const TopicPartition kInput{Topic::kLookups, 0};

// Breaks if committed records do not appear, or empty values and tombstones are confused: seen in a
// read-committed dump.
TEST_F(TransactionsTest, CommittedRecordsAreVisible) {
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->InitProducer().ok());
  ASSERT_TRUE(log->Begin().ok());
  ASSERT_TRUE(log->Produce(std::vector<OutputRecord>{Output(Topic::kVerdicts, 0, "k", "v0")}).ok());
  const int64_t before = SystemClock().WallMicros() / 1000 * 1000;  // Kafka knows milliseconds
  const std::vector<StateChange> changes = {{"index", ""}, {"gone", std::nullopt}};
  ASSERT_TRUE(log->ProduceChanges({Topic::kScreenChangelog, 1}, changes).ok());
  const absl::Status committed = log->Commit();
  ASSERT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(Dump(Topic::kVerdicts), ElementsAre("v0"));
  EXPECT_EQ(log->ProducedEnd({Topic::kVerdicts, 0}), 1);
  EXPECT_EQ(log->ProducedEnd({Topic::kScreenChangelog, 1}), 2);
  EXPECT_EQ(log->ProducedEnd({Topic::kVerdicts, 1}), kNoOffset);

  ASSERT_TRUE(log->OpenChangelog({Topic::kScreenChangelog, 1}, 0).ok());
  std::vector<std::string> seen;
  ASSERT_TRUE(Eventually([&] {
    int64_t position = 0;
    const auto batch = log->ReadChangelog({Topic::kScreenChangelog, 1}, &position);
    EXPECT_TRUE(batch.ok()) << batch.status();
    for (const Record& record : (*batch)->records()) {
      seen.push_back(std::string(record.key) + (record.tombstone ? " deleted" : " empty"));
      EXPECT_GE(record.timestamp, before) << "compaction would not spare it";
      EXPECT_TRUE(record.value.empty());
    }
    return seen.size() == 2;
  }));
  EXPECT_THAT(seen, ElementsAre("index empty", "gone deleted"));
}

// Breaks if an aborted transaction leaves anything visible, or the producer cannot go on after it.
TEST_F(TransactionsTest, AbortedRecordsAreInvisible) {
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->InitProducer().ok());
  EXPECT_TRUE(log->Abort().ok()) << "nothing was begun: nothing to do";
  ASSERT_TRUE(log->Begin().ok());
  ASSERT_TRUE(log->Produce(std::vector<OutputRecord>{Output(Topic::kVerdicts, 0, "k", "aborted")}).ok());
  const absl::Status aborted = log->Abort();
  ASSERT_TRUE(aborted.ok()) << aborted;
  const absl::Status committed = CommitOnce(*log, {Output(Topic::kVerdicts, 0, "k", "kept")}, {});
  ASSERT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(Dump(Topic::kVerdicts), ElementsAre("kept"));
}

// Breaks if a restarted worker does not fence the one before it, or the old one is told to retry.
TEST_F(TransactionsTest, FencedProducerStops) {
  const auto old_log = OpenLog("a");
  ASSERT_TRUE(old_log->InitProducer().ok());
  ASSERT_TRUE(CommitOnce(*old_log, {Output(Topic::kVerdicts, 0, "k", "before")}, {}).ok());
  ASSERT_TRUE(old_log->Begin().ok());
  ASSERT_TRUE(old_log->Produce(std::vector<OutputRecord>{Output(Topic::kVerdicts, 0, "k", "zombie")}).ok());

  const auto new_log = OpenLog("a");
  ASSERT_TRUE(new_log->InitProducer().ok());
  absl::Status told = old_log->Commit();
  if (told.code() == absl::StatusCode::kAborted) told = old_log->Abort();
  EXPECT_EQ(told.code(), absl::StatusCode::kFailedPrecondition) << told;

  ASSERT_TRUE(CommitOnce(*new_log, {Output(Topic::kVerdicts, 0, "k", "after")}, {}).ok());
  EXPECT_THAT(Dump(Topic::kVerdicts), ElementsAre("before", "after"));
}

// Breaks if offsets or their metadata do not ride on the transaction: an aborted one must leave the old pair.
TEST_F(TransactionsTest, OffsetsAndMetadataRideOnTheTransaction) {
  Feed(Topic::kLookups, 0, "in", 3);
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->InitProducer().ok());
  const std::vector<TopicPartition> assigned = Join(*log);
  ASSERT_THAT(assigned, SizeIs(2));
  const auto before = log->Committed(assigned);
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ((*before)[0].next, kNoOffset);

  const absl::Status committed = CommitOnce(*log, {Output(Topic::kVerdicts, 0, "k", "v")}, {{kInput, 2, "17"}});
  ASSERT_TRUE(committed.ok()) << committed;
  ASSERT_TRUE(log->Begin().ok());
  ASSERT_TRUE(log->SendOffsets(std::vector<CommittedOffset>{{kInput, 3, "18"}}).ok());
  ASSERT_TRUE(log->Abort().ok());
  const auto after = log->Committed(std::vector<TopicPartition>{kInput});
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ((*after)[0].next, 2);
  EXPECT_EQ((*after)[0].metadata, "17");
}

// Breaks if Committed answers before a pending transaction of an earlier owner has ended: it must not see the
// old offset while the new one is in doubt. InitProducer of the same id ends it.
TEST_F(TransactionsTest, CommittedWaitsForAPendingTransaction) {
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->InitProducer().ok());
  Join(*log);
  ASSERT_TRUE(CommitOnce(*log, {}, {{kInput, 1, "1"}}).ok());
  ASSERT_TRUE(log->Begin().ok());
  ASSERT_TRUE(log->Produce(std::vector<OutputRecord>{Output(Topic::kVerdicts, 0, "k", "pending")}).ok());
  ASSERT_TRUE(log->SendOffsets(std::vector<CommittedOffset>{{kInput, 2, "2"}}).ok());
  EXPECT_EQ(log->Committed(std::vector<TopicPartition>{kInput}).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(log->InitProducer().ok());
  ASSERT_TRUE(Eventually([&] { return log->Committed(std::vector<TopicPartition>{kInput}).ok(); }));
  const auto committed = log->Committed(std::vector<TopicPartition>{kInput});
  EXPECT_EQ((*committed)[0].next, 1);
  EXPECT_EQ((*committed)[0].metadata, "1");
  EXPECT_THAT(Dump(Topic::kVerdicts), IsEmpty());
}

// Breaks if a log without a current assignment may commit offsets: nothing would fence it.
TEST_F(TransactionsTest, OffsetsWithoutAssignmentAreRefused) {
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->InitProducer().ok());
  Join(*log);
  ASSERT_TRUE(log->Unassign().ok());
  ASSERT_TRUE(log->Begin().ok());
  EXPECT_EQ(log->SendOffsets(std::vector<CommittedOffset>{{kInput, 1, "1"}}).code(), absl::StatusCode::kAborted);
  ASSERT_TRUE(log->Abort().ok());
}

// Breaks if a missing topic is found only when the first record is lost: InitProducer must refuse and say
// what to do.
TEST_F(TransactionsTest, MissingOutputTopicIsRefused) {
  KafkaLogOptions options = LogOptions("a");
  options.client.topic_prefix += "missing.";
  const auto log = KafkaLog::Open(options, clock_);
  ASSERT_TRUE(log.ok());
  const absl::Status refused = (*log)->InitProducer();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << refused;
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("topics create"));
}

// Breaks if operators can undo what exactly once rests on, or a secret file is not read.
TEST_F(TransactionsTest, PropertiesOfTheOperator) {
  KafkaLogOptions options = LogOptions("a");
  options.client.properties.emplace_back().set_name("isolation.level");
  options.client.properties.back().set_value("read_uncommitted");
  EXPECT_EQ(KafkaLog::Open(options, clock_).status().code(), absl::StatusCode::kInvalidArgument);
  options.client.properties.back().set_name("no.such.property");
  EXPECT_EQ(KafkaLog::Open(options, clock_).status().code(), absl::StatusCode::kInvalidArgument);
  options.client.properties.back().set_name("sasl.password");
  options.client.properties.back().clear_value();
  options.client.properties.back().set_value_file("/nonexistent/secret");
  EXPECT_EQ(KafkaLog::Open(options, clock_).status().code(), absl::StatusCode::kInvalidArgument);
  options.client.properties.back().set_value_file("/proc/self/comm");
  EXPECT_TRUE(KafkaLog::Open(options, clock_).ok());
}

// Breaks if a commit whose request may have been sent twice counts as committed or as aborted: it must be kUnknown, and
// after a new producer of the same id the offset's metadata and the records must tell the same story.
TEST_F(TransactionsTest, SlowCommitIsUnknownUntilResolved) {
  const auto log = OpenLog("a");
  ASSERT_TRUE(log->InitProducer().ok());
  Join(*log);
  ASSERT_TRUE(CommitOnce(*log, {Output(Topic::kVerdicts, 0, "k", "one")}, {{kInput, 1, "1"}}).ok());
  ASSERT_TRUE(log->Begin().ok());
  ASSERT_TRUE(log->Produce(std::vector<OutputRecord>{Output(Topic::kVerdicts, 0, "k", "two")}).ok());
  ASSERT_TRUE(log->SendOffsets(std::vector<CommittedOffset>{{kInput, 2, "2"}}).ok());
  // The broker's answer to the record is here, so that the pause hits the end of the transaction and nothing else.
  ASSERT_TRUE(Eventually([&] { return log->Produce({}).ok() && log->ProducedEnd({Topic::kVerdicts, 0}) == 3; }));
  absl::Status told;
  {
    const BrokerPause pause(std::chrono::microseconds(limits::kCommitSlow + 500'000));
    told = log->Commit();
  }
  ASSERT_EQ(told.code(), absl::StatusCode::kUnknown) << told;

  ASSERT_TRUE(Eventually([&] { return log->InitProducer().ok(); }));
  absl::StatusOr<std::vector<CommittedOffset>> committed;
  ASSERT_TRUE(Eventually([&] { return (committed = log->Committed(std::vector<TopicPartition>{kInput})).ok(); }));
  std::vector<std::string> expected = {"one"};
  if ((*committed)[0].metadata == "2") expected.push_back("two");
  EXPECT_EQ((*committed)[0].next, static_cast<int64_t>(expected.size()));
  EXPECT_EQ(Dump(Topic::kVerdicts), expected);
  const absl::Status next = CommitOnce(*log, {Output(Topic::kVerdicts, 0, "k", "three")}, {{kInput, 3, "3"}});
  EXPECT_TRUE(next.ok()) << next;
  expected.push_back("three");
  EXPECT_EQ(Dump(Topic::kVerdicts), expected);
}

// Breaks if more records than the send queue holds are lost or reordered.
TEST_F(TransactionsTest, AFullQueueIsWaitedFor) {
  KafkaLogOptions options = LogOptions("a");
  options.producer.queue_kbytes = 1100;  // a fifth of what follows
  const auto log = KafkaLog::Open(options, clock_);
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE((*log)->InitProducer().ok());
  std::vector<OutputRecord> records;
  std::vector<std::string> expected;
  for (int i = 0; i < 5000; ++i) {
    expected.push_back(std::to_string(i) + std::string(1000, 'x'));
    records.push_back(Output(Topic::kVerdicts, 1, "k", expected.back()));
  }
  std::vector<StateChange> changes;
  for (const std::string& text : expected) changes.push_back({"k", text});
  ASSERT_TRUE((*log)->Begin().ok());
  ASSERT_TRUE((*log)->Produce(records).ok());
  ASSERT_TRUE((*log)->ProduceChanges({Topic::kScreenChangelog, 1}, changes).ok());
  const absl::Status committed = (*log)->Commit();
  ASSERT_TRUE(committed.ok()) << committed;
  for (const Topic topic : {Topic::kVerdicts, Topic::kScreenChangelog}) {
    EXPECT_EQ(Dump(topic), expected);
    EXPECT_EQ((*log)->ProducedEnd({topic, 1}), 5000);
  }
}

}  // namespace
}  // namespace zaojing
