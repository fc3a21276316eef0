// Records as views into librdkafka's messages, without a copy. Destroy every batch before the handle it came
// from.
#pragma once

#include <librdkafka/rdkafka.h>

#include <span>
#include <string_view>
#include <vector>

#include "ingest/record.h"

namespace zaojing {

class KafkaBatch final : public RecordBatch {
 public:
  KafkaBatch() = default;
  ~KafkaBatch() override;
  KafkaBatch(const KafkaBatch&) = delete;
  KafkaBatch& operator=(const KafkaBatch&) = delete;

  // Effect: takes the message and adds its record. REQUIRES message->err == 0.
  void Add(rd_kafka_message_t* message, Topic topic);
  bool empty() const { return records_.empty(); }
  void Reserve(size_t count);

 private:
  std::vector<rd_kafka_message_t*> messages_;
};

// Takes up to `count_max` messages off the queue: waits up to `wait_ms` for the first, takes the rest as it
// lies. (librdkafka's own batch call waits until the batch is full.)
std::vector<rd_kafka_message_t*> TakeMessages(rd_kafka_queue_t* queue, size_t count_max, int wait_ms);

// A hint that the message some places behind `at` is about to be read or destroyed: another core has written it, or it was
// read long ago. With the lines before it, which librdkafka keeps what belongs to it in.
void FetchMessageAhead(std::span<rd_kafka_message_t* const> messages, size_t at);

// Topic of a message, remembering the last answer; for the messages of one TakeMessages, which keep their
// topic alive.
class TopicLookup {
 public:
  explicit TopicLookup(std::string_view prefix) : prefix_(prefix) {}
  Topic Of(const rd_kafka_message_t& message);

 private:
  const std::string_view prefix_;
  const rd_kafka_topic_t* last_ = nullptr;
  Topic topic_ = Topic::kControl;
};

}  // namespace zaojing
