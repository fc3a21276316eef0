// Dead letters put back on a real broker: each once, whatever is run how often, with what filter, and killed when.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/ids.h"
#include "sinks/kafka/exporter.h"
#include "sinks/kafka/producer.h"
#include "sinks/kafka/redriver.h"
#include "tests/broker/broker_fixture.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RedriveTest : public BrokerTest {
 protected:
  void SetUp() override {
    BrokerTest::SetUp();
    if (IsSkipped()) return;
    auto producer = BulkProducer::Open(client_);
    ASSERT_TRUE(producer.ok()) << producer.status();
    producer_ = std::move(*producer);
  }

  void Letter(Topic topic, v1::DeadLetterReason reason, const std::string& key, const std::string& value,
              uint64_t size = 0) {
    v1::DeadLetter letter;
    letter.set_topic(std::string(NameOf(topic)));
    letter.set_reason(reason);
    letter.set_key(key);
    letter.set_value(value);
    letter.set_value_size(size != 0 ? size : value.size());
    Send(letter.SerializeAsString());
  }
  void Send(const std::string& value) {
    BulkProducer::Message message;
    message.topic = Topic::kDeadLetter;
    message.value = value;
    ASSERT_TRUE(producer_->Produce(message).ok());
  }
  void Flush() { ASSERT_TRUE(producer_->Flush().ok()); }

  absl::StatusOr<RedriveReport> Redrive(RedriveOptions options = {}) {
    return Redriver(client_, std::move(options), clock_).Run();
  }
  uint64_t PutBack(RedriveOptions options = {}) {
    const absl::StatusOr<RedriveReport> report = Redrive(std::move(options));
    EXPECT_TRUE(report.ok()) << report.status();
    uint64_t now = 0;
    if (report.ok()) {
      for (const auto& [cell, count] : report->cells) now += count.now;
    }
    return now;
  }

  std::unique_ptr<BulkProducer> producer_;
};

// Breaks if a letter goes twice or not at all, if what one filter leaves is lost for the next run, if a dry run writes,
// if a misrouted look-up goes to the wrong partition again, or if part of a record is passed off as the whole.
TEST_F(RedriveTest, EachOnceWhateverTheFilters) {
  Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_FUTURE_TIME, "c1", "future1");
  Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_BAD_VALUE, "c2", "bad2");
  Letter(Topic::kLookups, v1::DEAD_LETTER_REASON_MISROUTED, "east/1", "lookup1");
  Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_FUTURE_TIME, "c3", "future3");
  Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_OVERSIZED, "c4", "the beginning", 1'000'000);
  Send("\xff\xff no letter");
  Flush();
  RedriveOptions future;
  future.reasons = {v1::DEAD_LETTER_REASON_FUTURE_TIME};
  RedriveOptions dry = future;
  dry.dry_run = true;
  EXPECT_EQ(PutBack(dry), 2U);
  EXPECT_THAT(Dump(Topic::kComplaints), IsEmpty());
  EXPECT_THAT(Dump(Topic::kRedrive), IsEmpty());

  EXPECT_EQ(PutBack(future), 2U);
  EXPECT_THAT(Dump(Topic::kComplaints), ElementsAre("future1", "future3"));
  EXPECT_EQ(PutBack(future), 0U);
  RedriveOptions lookups;
  lookups.topics = {Topic::kLookups};
  EXPECT_EQ(PutBack(lookups), 1U);

  const absl::StatusOr<RedriveReport> rest = Redrive();
  ASSERT_TRUE(rest.ok()) << rest.status();
  const auto count = [&](Topic topic, v1::DeadLetterReason reason) { return rest->cells.at({topic, reason}); };
  EXPECT_EQ(count(Topic::kComplaints, v1::DEAD_LETTER_REASON_BAD_VALUE).now, 1U);
  EXPECT_EQ(count(Topic::kComplaints, v1::DEAD_LETTER_REASON_FUTURE_TIME).earlier, 2U);
  EXPECT_EQ(count(Topic::kComplaints, v1::DEAD_LETTER_REASON_OVERSIZED).cut, 1U);
  EXPECT_EQ(rest->unreadable, 1U);
  EXPECT_THAT(Dump(Topic::kComplaints), ElementsAre("future1", "future3", "bad2"));
  std::vector<int32_t> partitions;
  ASSERT_TRUE(ExportTopic(client_, Topic::kLookups, [&](const Record& record) {
                partitions.push_back(record.partition);
                EXPECT_EQ(record.key, "east/1");
                return absl::OkStatus();
              }).ok());
  EXPECT_THAT(partitions, ElementsAre(PartitionOf("east/1", partitions_)));
  // A letter that comes later goes with the next run.
  Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_FUTURE_TIME, "c5", "future5");
  Flush();
  EXPECT_EQ(PutBack(), 1U);
  EXPECT_THAT(Dump(Topic::kComplaints), ElementsAre("future1", "future3", "bad2", "future5"));
}

std::vector<std::string> Numbers(int count) {
  std::vector<std::string> numbers;
  numbers.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

// Breaks if a run that stopped half-way, or died with a transaction open, makes the next one double or skip letters.
TEST_F(RedriveTest, AnInterruptedRunIsGoneOnWith) {
  constexpr int kLetters = 2 * static_cast<int>(limits::kRedriveRecordsMax) + 700;
  for (const std::string& number : Numbers(kLetters)) {
    Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_FUTURE_TIME, number, number);
  }
  Flush();
  RedriveOptions stopped;
  stopped.on_letter = [](uint64_t letters) {
    return letters < limits::kRedriveRecordsMax + 300 ? absl::OkStatus() : absl::CancelledError("stopped");
  };
  EXPECT_EQ(Redrive(stopped).status().code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(Dump(Topic::kComplaints), SizeIs(limits::kRedriveRecordsMax));

  // What a run killed between its records and their commit leaves.
  TransactionalProducerOptions options;
  options.transactional_id = client_.topic_prefix + "zaojing.redrive";
  options.outputs = {Topic::kComplaints, Topic::kRedrive};
  TransactionalProducer dead(client_, options, clock_);
  ASSERT_TRUE(dead.Init().ok() && dead.Begin().ok());
  const std::vector<OutputRecord> open = {Output(Topic::kComplaints, 0, "x", "never committed"),
                                          Output(Topic::kRedrive, 0, "complaints/FUTURE_TIME", "1000000")};
  ASSERT_TRUE(dead.Produce(open).ok());
  EXPECT_EQ(PutBack(), static_cast<uint64_t>(kLetters) - limits::kRedriveRecordsMax);
  EXPECT_EQ(Dump(Topic::kComplaints), Numbers(kLetters));
  EXPECT_FALSE(dead.Commit().ok());
  EXPECT_EQ(PutBack(), 0U);
}

// Breaks if two runs at once put a letter back twice: the older one must be fenced, and say so.
TEST_F(RedriveTest, AnOlderRunIsFenced) {
  constexpr int kLetters = static_cast<int>(limits::kRedriveRecordsMax) + 10;
  for (const std::string& number : Numbers(kLetters)) {
    Letter(Topic::kComplaints, v1::DEAD_LETTER_REASON_FUTURE_TIME, number, number);
  }
  Flush();
  RedriveOptions older;
  older.on_letter = [&](uint64_t letters) {
    if (letters == 100) {
      EXPECT_EQ(PutBack(), static_cast<uint64_t>(kLetters));
    }
    return absl::OkStatus();
  };
  EXPECT_EQ(Redrive(older).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Dump(Topic::kComplaints), Numbers(kLetters));
}

}  // namespace
}  // namespace zaojing
