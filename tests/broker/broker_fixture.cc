#include "tests/broker/broker_fixture.h"

#include <cstdlib>
#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"
#include "sinks/kafka/exporter.h"
#include "sinks/kafka/producer.h"
#include "sinks/kafka/topics.h"

namespace zaojing {

void BrokerTest::SetUp() {
  const char* file = std::getenv("ZAOJING_BOOTSTRAP_FILE");
  if (file == nullptr || !(std::ifstream(file) >> client_.bootstrap)) {
    GTEST_SKIP() << "ZAOJING_BOOTSTRAP_FILE names no broker: run through ctest, or deploy/kafka-local start";
  }
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  // The random part keeps a test run twice against one broker apart from itself.
  client_.topic_prefix = absl::StrCat(test->test_suite_name(), ".", test->name(), ".", std::random_device()(), ".");
  const absl::StatusOr<std::vector<std::string>> created = CreateTopics(client_, {partitions_, -1});
  ASSERT_TRUE(created.ok()) << created.status();
  ASSERT_EQ(created->size(), static_cast<size_t>(kTopicCount));
}

KafkaLogOptions BrokerTest::LogOptions(const std::string& name) const {
  KafkaLogOptions options;
  options.client = client_;
  options.consumer.group = client_.topic_prefix + "screen";
  options.consumer.instance = client_.topic_prefix + name;
  options.consumer.inputs = {Topic::kLookups};
  options.consumer.session_timeout_ms = 6'000;
  options.producer.transactional_id = client_.topic_prefix + name;
  options.producer.outputs = {Topic::kVerdicts, Topic::kScreenChangelog, Topic::kSignals};
  return options;
}

std::unique_ptr<KafkaLog> BrokerTest::OpenLog(const std::string& name) {
  absl::StatusOr<std::unique_ptr<KafkaLog>> log = KafkaLog::Open(LogOptions(name), clock_);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? std::move(*log) : nullptr;
}

void BrokerTest::Feed(Topic topic, int32_t partition, const std::string& text, int count) {
  const absl::StatusOr<std::unique_ptr<BulkProducer>> producer = BulkProducer::Open(client_, 0);
  ASSERT_TRUE(producer.ok()) << producer.status();
  for (int i = 0; i < count; ++i) {
    const std::string value = absl::StrCat(text, i);
    ASSERT_TRUE((*producer)->Produce(Output(topic, partition, value, value)).ok());
  }
  const absl::Status flushed = (*producer)->Flush();
  ASSERT_TRUE(flushed.ok()) << flushed;
}

std::vector<std::string> BrokerTest::Dump(Topic topic) {
  std::vector<std::string> values;
  const absl::StatusOr<uint64_t> count = ExportTopic(client_, topic, [&](const Record& record) {
    values.emplace_back(record.value);
    return absl::OkStatus();
  });
  EXPECT_TRUE(count.ok()) << count.status();
  return values;
}

bool Eventually(const std::function<bool()>& step) {
  SystemClock clock;
  const int64_t deadline = clock.MonotonicMicros() + limits::kMinute;
  while (clock.MonotonicMicros() < deadline) {
    if (step()) return true;
  }
  return false;
}

OutputRecord Output(Topic topic, int32_t partition, std::string key, std::string value) {
  OutputRecord record;
  record.topic = topic;
  record.partition = partition;
  record.timestamp = 1'700'000'000 * limits::kSecond;
  record.key = std::move(key);
  record.value = std::move(value);
  return record;
}

PollResult AwaitEvent(Log& log, PollResult::Kind kind) {
  PollResult event;
  EXPECT_TRUE(Eventually([&] {
    absl::StatusOr<PollResult> polled = log.Poll(1000, 10'000);
    EXPECT_TRUE(polled.ok()) << polled.status();
    if (!polled.ok()) return true;
    event = std::move(*polled);
    return event.kind != PollResult::Kind::kNothing && event.kind != PollResult::Kind::kRecords;
  }));
  EXPECT_EQ(event.kind, kind);
  return event;
}

std::vector<TopicPartition> Join(Log& log) {
  const PollResult event = AwaitEvent(log, PollResult::Kind::kAssigned);
  std::vector<CommittedOffset> from;
  for (const TopicPartition& at : event.partitions) from.push_back({at, 0, {}});
  const absl::Status assigned = log.Assign(from);
  EXPECT_TRUE(assigned.ok()) << assigned;
  return event.partitions;
}

std::vector<std::string> ReadRecords(Log& log, size_t count) {
  std::vector<std::string> lines;
  EXPECT_TRUE(Eventually([&] {
    if (lines.size() >= count) return true;
    const absl::StatusOr<PollResult> polled = log.Poll(count - lines.size(), 10'000);
    EXPECT_TRUE(polled.ok()) << polled.status();
    if (!polled.ok()) return true;
    if (polled->kind != PollResult::Kind::kRecords) return false;
    for (const Record& record : polled->batch->records()) {
      lines.push_back(absl::StrCat(ToAbsl(NameOf(record.topic)), " p", record.partition, "@", record.offset, "=",
                                   ToAbsl(record.value)));
    }
    return lines.size() >= count;
  })) << "got "
      << lines.size() << " of " << count;
  return lines;
}

absl::Status CommitOnce(Log& log, std::vector<OutputRecord> records, std::vector<CommittedOffset> offsets) {
  RETURN_IF_ERROR(log.Begin());
  RETURN_IF_ERROR(log.Produce(records));
  if (!offsets.empty()) RETURN_IF_ERROR(log.SendOffsets(offsets));
  return log.Commit();
}

}  // namespace zaojing
