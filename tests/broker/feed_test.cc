// The reference feed, the bulk producer and the exporter on a real broker.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/kafka/kafka_reference_feed.h"
#include "proto/ids.h"
#include "sinks/kafka/exporter.h"
#include "sinks/kafka/producer.h"
#include "sinks/kafka/topics.h"
#include "tests/broker/broker_fixture.h"
#include "tests/broker/kafka/alter_topic.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;

using FeedTest = BrokerTest;

// Breaks if a task could judge before it knows every reference fact there was at the start, if an aborted
// tail keeps it waiting for ever, or if later facts do not come.
TEST_F(FeedTest, ReferenceFeedCatchesUpAndGoesOn) {
  Feed(Topic::kControl, 0, "c", 2);
  KafkaLogOptions options = LogOptions("a");
  options.producer.outputs = {Topic::kCertificates};
  const auto log = KafkaLog::Open(options, clock_);
  ASSERT_TRUE((*log)->InitProducer().ok());
  ASSERT_TRUE(CommitOnce(**log, {Output(Topic::kCertificates, 0, "k", "f0")}, {}).ok());
  ASSERT_TRUE((*log)->Begin().ok());
  ASSERT_TRUE((*log)->Produce(std::vector<OutputRecord>{Output(Topic::kCertificates, 0, "k", "aborted")}).ok());
  ASSERT_TRUE(Eventually([&] { return (*log)->Bounds({Topic::kCertificates, 0})->high == 3; }));

  const auto feed = KafkaReferenceFeed::Open(client_);
  ASSERT_TRUE(feed.ok()) << feed.status();
  EXPECT_FALSE((*feed)->CaughtUp());
  std::vector<std::string> control;
  std::vector<std::string> certificates;
  const auto poll = [&] {
    const auto batch = (*feed)->Poll(100, 0);
    EXPECT_TRUE(batch.ok()) << batch.status();
    for (const Record& record : (*batch)->records()) {
      (record.topic == Topic::kControl ? control : certificates).emplace_back(record.value);
    }
  };
  ASSERT_TRUE(Eventually([&] { return poll(), control.size() == 2 && certificates.size() == 1; }));
  EXPECT_FALSE((*feed)->CaughtUp()) << "a transaction is open below the end";
  ASSERT_TRUE((*log)->Abort().ok());
  ASSERT_TRUE(Eventually([&] { return poll(), (*feed)->CaughtUp(); }));
  Feed(Topic::kCertificates, 0, "later", 1);
  ASSERT_TRUE(Eventually([&] { return poll(), certificates.size() == 2; }));
  EXPECT_THAT(control, ElementsAre("c0", "c1"));
  EXPECT_THAT(certificates, ElementsAre("f0", "later0"));
}

// Everything there is, and how far that is.
ReferenceTails ReadAll(ReferenceFeed& feed, ReferenceTails tails, size_t* count) {
  EXPECT_TRUE(Eventually([&] {
    const auto batch = feed.Poll(100, 0);
    EXPECT_TRUE(batch.ok()) << batch.status();
    if (!batch.ok()) return true;
    for (const Record& record : (*batch)->records()) {
      ReferenceTail& tail = tails[static_cast<size_t>(record.topic)];
      tail = {tail.count + 1, record.offset, ReferenceHash(record)};
      ++*count;
    }
    return feed.CaughtUp();
  }));
  return tails;
}

// Breaks if a restart asks again for what it has, loses what came since, takes a transaction's marker for a record, or
// goes on in a topic that is not the one it read: seen with the same topics, with one that is shorter, and with one made
// anew that has another record in the same place.
TEST_F(FeedTest, GoesOnBehindWhatIsKnownOfTheSameTopics) {
  Feed(Topic::kControl, 0, "c", 3);
  KafkaLogOptions options = LogOptions("a");
  options.producer.outputs = {Topic::kCertificates};
  const auto log = KafkaLog::Open(options, clock_);
  ASSERT_TRUE((*log)->InitProducer().ok());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(CommitOnce(**log, {Output(Topic::kCertificates, 0, "k", "f" + std::to_string(i))}, {}).ok());
  }
  size_t read = 0;
  auto feed = KafkaReferenceFeed::Open(client_);
  ASSERT_TRUE(feed.ok()) << feed.status();
  const ReferenceTails tails = ReadAll(**feed, {}, &read);
  EXPECT_EQ(read, 6u);
  EXPECT_EQ(tails[static_cast<size_t>(Topic::kCertificates)].offset, 4) << "each before took an offset for its end";
  EXPECT_TRUE(CheckReferenceTails(client_, tails).ok()) << CheckReferenceTails(client_, tails);

  feed = KafkaReferenceFeed::Open(client_, tails);
  ASSERT_TRUE(feed.ok()) << feed.status();
  read = 0;
  EXPECT_EQ(ReadAll(**feed, tails, &read), tails);
  EXPECT_EQ(read, 0u);
  Feed(Topic::kControl, 0, "later", 1);
  feed = KafkaReferenceFeed::Open(client_, tails);
  EXPECT_EQ(ReadAll(**feed, tails, &read)[static_cast<size_t>(Topic::kControl)].offset, 3);
  EXPECT_EQ(read, 1u);

  // One that ends before; one with another record there; one with a transaction's marker there.
  const auto made_anew = [&](const std::function<void()>& fill) {
    EXPECT_TRUE(DeleteTopic(client_, Topic::kControl).ok());
    EXPECT_TRUE(Eventually([&] {
      const auto created = CreateTopics(client_, {partitions_, -1});
      return created.ok() && created->size() == 1;
    }));
    fill();
    return CheckReferenceTails(client_, tails).code();
  };
  EXPECT_EQ(made_anew([&] { Feed(Topic::kControl, 0, "c", 2); }), absl::StatusCode::kDataLoss);
  EXPECT_EQ(made_anew([&] { Feed(Topic::kControl, 0, "d", 3); }), absl::StatusCode::kDataLoss);
  EXPECT_EQ(made_anew([&] {
              Feed(Topic::kControl, 0, "c", 1);
              options = LogOptions("b");
              options.producer.outputs = {Topic::kControl};
              const auto other = KafkaLog::Open(options, clock_);
              EXPECT_TRUE((*other)->InitProducer().ok());
              EXPECT_TRUE(CommitOnce(**other, {Output(Topic::kControl, 0, "k", "v")}, {}).ok());
            }),
            absl::StatusCode::kDataLoss);
}

// Breaks if the export is out of order, incomplete, or loses key, place or time of a record.
TEST_F(FeedTest, ExportIsInPartitionAndOffsetOrder) {
  constexpr int kCount = 20'000;
  const auto producer = BulkProducer::Open(client_);
  ASSERT_TRUE(producer.ok()) << producer.status();
  for (int i = 0; i < kCount; ++i) {
    const std::string key = "key-" + std::to_string(i % 100);
    const std::string payload = std::to_string(i);
    ASSERT_TRUE((*producer)
                    ->Produce(BulkProducer::Message{Topic::kLookups, kPartitionByKey,
                                                    (1'600'000'000 + i) * limits::kSecond, key, payload})
                    .ok());
  }
  ASSERT_TRUE((*producer)->Flush().ok());
  EXPECT_EQ((*producer)->delivered(), static_cast<uint64_t>(kCount));

  std::vector<int64_t> next(static_cast<size_t>(partitions_), 0);
  int32_t partition = 0;
  const auto exported = ExportTopic(client_, Topic::kLookups, [&](const Record& record) {
    EXPECT_GE(record.partition, partition);
    partition = record.partition;
    EXPECT_EQ(record.offset, next[static_cast<size_t>(partition)]++);
    EXPECT_EQ(record.partition, PartitionOf(record.key, partitions_)) << "Java and C++ must agree on the partition";
    const int i = std::stoi(std::string(record.value));
    EXPECT_EQ(record.timestamp, (1'600'000'000 + i) * limits::kSecond);
    EXPECT_EQ(record.key, "key-" + std::to_string(i % 100));
    return absl::OkStatus();
  });
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(*exported, static_cast<uint64_t>(kCount));
  const auto stopped = ExportTopic(client_, Topic::kLookups, [](const Record&) { return absl::AbortedError("stop"); });
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kAborted);
}

// Breaks if a record nobody will take is reported as delivered.
TEST_F(FeedTest, UndeliverableRecordsFailTheProducer) {
  const auto producer = BulkProducer::Open(client_);
  ASSERT_TRUE(producer.ok());
  absl::Status told = (*producer)->Produce(Output(Topic::kLookups, 99, "k", "no such partition"));
  if (told.ok()) told = (*producer)->Flush();
  EXPECT_EQ(told.code(), absl::StatusCode::kFailedPrecondition) << told;
}

}  // namespace
}  // namespace zaojing
