// The log on a real Kafka: a lane's group consumer, its transactional producer and its changelog readers, all
// of librdkafka, all on the lane's thread. Bounds and errors: processors/runtime/log.h; the pieces say how.
//
// Destroy every RecordBatch before the log. Memory: options' prefetch (consumer), queue (producer) and
// changelog queue (while restoring) are upper bounds to count in the worker's budget.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/kafka/cluster.h"
#include "ingest/kafka/group_consumer.h"
#include "ingest/kafka/kafka_client.h"
#include "ingest/kafka/partition_reader.h"
#include "processors/runtime/clock.h"
#include "processors/runtime/log.h"
#include "sinks/kafka/transactional_producer.h"

namespace zaojing {

struct KafkaLogOptions {
  KafkaClientOptions client;
  GroupConsumerOptions consumer;
  TransactionalProducerOptions producer;
  int64_t changelog_queue_kbytes = 128 * 1024;
};

class KafkaLog final : public Log, private KafkaEvents {
 public:
  // Talks to no broker yet. kInvalidArgument: a property is refused. `clock` must outlive the log.
  static absl::StatusOr<std::unique_ptr<KafkaLog>> Open(KafkaLogOptions options, Clock& clock);

  absl::StatusOr<PollResult> Poll(size_t records_max, int64_t wait_us) override;
  absl::Status Assign(std::span<const CommittedOffset> positions) override;
  absl::Status Unassign() override;
  int64_t Behind() override;
  absl::StatusOr<std::vector<CommittedOffset>> Committed(std::span<const TopicPartition> partitions) override;

  absl::Status InitProducer() override;
  absl::Status Begin() override;
  absl::Status Produce(std::span<const OutputRecord> records) override;
  absl::Status ProduceChanges(TopicPartition changelog, std::span<const StateChange> changes) override;
  absl::Status SendOffsets(std::span<const CommittedOffset> offsets) override;
  absl::Status Commit() override;
  absl::Status Abort() override;
  int64_t ProducedEnd(TopicPartition at) override;

  absl::StatusOr<PartitionBounds> Bounds(TopicPartition changelog) override;
  absl::Status OpenChangelog(TopicPartition changelog, int64_t from) override;
  absl::StatusOr<std::unique_ptr<RecordBatch>> ReadChangelog(TopicPartition changelog, int64_t* position) override;
  void CloseChangelog(TopicPartition changelog) override;

  absl::StatusOr<std::string> ClusterId() override;

  // How far behind each assigned input partition is; without a call to the broker.
  std::vector<InputLag> Lags() const { return consumer_->Lags(); }

 private:
  KafkaLog(KafkaLogOptions options, Clock& clock);

  const KafkaLogOptions options_;
  std::unique_ptr<GroupConsumer> consumer_;
  TransactionalProducer producer_;
  std::unique_ptr<KafkaCluster> cluster_;
  KafkaOwned<rd_kafka_t> changelog_handle_;  // made by the first OpenChangelog
  std::map<TopicPartition, std::unique_ptr<PartitionReader>> changelogs_;
};

}  // namespace zaojing
