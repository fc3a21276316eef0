#include "ingest/kafka/kafka_batch.h"

#include <algorithm>
#include <array>

#include "ingest/kafka/kafka_client.h"
#include "proto/check.h"
#include "proto/fetch_ahead.h"

namespace zaojing {
namespace {

constexpr size_t kPortion = 512;
constexpr size_t kLineBytes = 64;

}  // namespace

// They were last read thousands of records ago.
KafkaBatch::~KafkaBatch() {
  for (size_t i = 0; i < messages_.size(); ++i) {
    FetchMessageAhead(messages_, i);
    rd_kafka_message_destroy(messages_[i]);
  }
}

void KafkaBatch::Add(rd_kafka_message_t* message, Topic topic) {
  ZAOJING_CHECK(message->err == RD_KAFKA_RESP_ERR_NO_ERROR);
  messages_.push_back(message);
  Record record;
  record.topic = topic;
  record.partition = message->partition;
  record.offset = message->offset;
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t milliseconds = rd_kafka_message_timestamp(message, &type);
  record.timestamp = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? kNoTimestamp : milliseconds * 1000;
  record.key = {static_cast<const char*>(message->key), message->key_len};
  record.tombstone = message->payload == nullptr;
  record.value = {static_cast<const char*>(message->payload), message->len};
  records_.push_back(record);
}

void KafkaBatch::Reserve(size_t count) {
  messages_.reserve(count);
  records_.reserve(count);
}

std::vector<rd_kafka_message_t*> TakeMessages(rd_kafka_queue_t* queue, size_t count_max, int wait_ms) {
  // In portions: room for all that might come costs more than a poll that brings little.
  std::array<rd_kafka_message_t*, kPortion> portion;
  std::vector<rd_kafka_message_t*> messages;
  size_t asked = 1;
  ssize_t taken = rd_kafka_consume_batch_queue(queue, wait_ms, portion.data(), asked);
  while (taken > 0) {
    messages.insert(messages.end(), portion.begin(), portion.begin() + taken);
    if (static_cast<size_t>(taken) < asked || messages.size() >= count_max) break;
    asked = std::min(kPortion, count_max - messages.size());
    taken = rd_kafka_consume_batch_queue(queue, 0, portion.data(), asked);
  }
  return messages;
}

void FetchMessageAhead(std::span<rd_kafka_message_t* const> messages, size_t at) {
  constexpr size_t kAhead = 8;
  if (at + kAhead >= messages.size()) return;
  const auto* message = reinterpret_cast<const char*>(messages[at + kAhead]);
  FetchAhead(std::string_view(message - 2 * kLineBytes, 4 * kLineBytes));
}

Topic TopicLookup::Of(const rd_kafka_message_t& message) {
  if (message.rkt != last_ || last_ == nullptr) {
    const std::optional<Topic> topic = TopicOfKafkaName(prefix_, rd_kafka_topic_name(message.rkt));
    ZAOJING_CHECK(topic.has_value());  // only topics of the table are ever read
    last_ = message.rkt;
    topic_ = *topic;
  }
  return topic_;
}

}  // namespace zaojing
