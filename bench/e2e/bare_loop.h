// What any exactly-once stage pays, and nothing else: consume, produce, commit. For each look-up the loop writes it
// unread to `verdicts` and to the changelog; for each commit and partition one journal record; offsets in the
// transaction; the next transaction begins as soon as the last one ended. librdkafka with the properties of the
// worker's clients; no group membership, no parsing, no state.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"

namespace zaojing::bench {

class BareLoop final : private KafkaEvents {
 public:
  // Reads these partitions of ccc.lookups from their ends on. `client` must outlive the loop.
  static absl::StatusOr<std::unique_ptr<BareLoop>> Start(const KafkaClientOptions& client, const std::string& group,
                                                         std::vector<int32_t> partitions);
  ~BareLoop() override;
  // Effect: the loop has ended; returns how.
  absl::Status Stop();

 private:
  BareLoop(const KafkaClientOptions& client, std::vector<int32_t> partitions)
      : KafkaEvents(client), client_(client), partitions_(std::move(partitions)) {}

  absl::Status OpenConsumer(const std::string& group);
  absl::Status OpenProducer(const std::string& id);
  absl::Status Run();
  absl::Status Forward(const std::vector<rd_kafka_message_t*>& messages);
  absl::Status SendTo(Topic topic, int32_t partition, std::string_view key, std::string_view value);

  const KafkaClientOptions& client_;
  const std::vector<int32_t> partitions_;
  KafkaOwned<rd_kafka_t> consumer_;
  KafkaOwned<rd_kafka_queue_t> queue_;
  KafkaOwned<rd_kafka_consumer_group_metadata_t> group_;
  KafkaOwned<rd_kafka_t> producer_;
  KafkaOwned<rd_kafka_topic_t> topics_[3];
  std::vector<int64_t> next_;  // by place in partitions_
  std::atomic<bool> stop_{false};
  std::thread thread_;
  absl::Status result_;
};

}  // namespace zaojing::bench
