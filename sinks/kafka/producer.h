// A plain idempotent producer for feeding inputs: generator, demo, tests, bench, ticks. Not transactional; a
// stage's outputs never go through it. One owner thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"
#include "sinks/output_record.h"

namespace zaojing {

// The partition is chosen from the key, as Java producers do (murmur2; random without a key).
inline constexpr int32_t kPartitionByKey = -1;

class BulkProducer final : private KafkaEvents {
 public:
  struct Message {
    Topic topic = Topic::kLookups;
    int32_t partition = kPartitionByKey;
    int64_t timestamp = 0;  // CreateTime, microseconds UTC
    std::string_view key;
    std::string_view value;
    bool tombstone = false;
  };

  // `linger_ms`: how long a record waits for company; 0 for single records that must be seen at once.
  static absl::StatusOr<std::unique_ptr<BulkProducer>> Open(const KafkaClientOptions& client, int linger_ms = 20,
                                                            int64_t queue_kbytes = 256 * 1024);
  ~BulkProducer() override;

  // Effect: a copy is queued; waits for room while the broker takes records. An error is the first of any
  // earlier record too and stays: kUnavailable, the broker took nothing for limits::kWatchdogTimeout;
  // kFailedPrecondition, it will not take it.
  absl::Status Produce(const Message& message);
  absl::Status Produce(const OutputRecord& record);
  // Effect: everything queued is acknowledged by all replicas.
  absl::Status Flush();
  uint64_t delivered() const { return delivered_; }

 private:
  explicit BulkProducer(const KafkaClientOptions& client) : KafkaEvents(client), client_(client) {}
  void OnDelivery(const rd_kafka_message_t& message) override;
  absl::StatusOr<rd_kafka_topic_t*> HandleOf(Topic topic);

  const KafkaClientOptions client_;
  KafkaOwned<rd_kafka_t> handle_;
  std::map<Topic, KafkaOwned<rd_kafka_topic_t>> topics_;
  absl::Status failed_;
  uint64_t delivered_ = 0;
  uint64_t since_poll_ = 0;
};

}  // namespace zaojing
