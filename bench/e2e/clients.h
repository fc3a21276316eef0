// The benchmark's own eyes on Kafka: how far a group has come, and what a read-committed reader sees.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/kafka/cluster.h"
#include "ingest/kafka/kafka_client.h"
#include "ingest/kafka/partition_reader.h"

namespace zaojing::bench {

// End offsets of the topic's partitions, read-uncommitted.
absl::StatusOr<std::vector<int64_t>> EndsOf(const KafkaClientOptions& client, Topic topic, int32_t partitions);

// Calls `visit` with every record of the topic that a read-committed reader sees, per partition in order. Nobody may be
// writing to it. kUnavailable: not done within `limit_us`.
absl::Status ReadAll(const KafkaClientOptions& client, Topic topic, int32_t partitions, int64_t limit_us,
                     const std::function<void(const Record&)>& visit);

// Asks for the committed offsets of a group it is no member of. One owner thread.
class GroupWatch final : private KafkaEvents {
 public:
  // `client` must outlive the watch.
  static absl::StatusOr<std::unique_ptr<GroupWatch>> Open(const KafkaClientOptions& client, const std::string& group,
                                                          int32_t partitions);
  // Records of ccc.lookups the group has committed, all partitions together.
  absl::StatusOr<int64_t> Committed();

 private:
  explicit GroupWatch(const KafkaClientOptions& client) : KafkaEvents(client), client_(client) {}
  const KafkaClientOptions& client_;
  KafkaOwned<rd_kafka_t> handle_;
  int32_t partitions_ = 0;
};

// Read-committed from the ends seen at Open on. One owner thread.
class TailReader final : private KafkaEvents {
 public:
  // `client` must outlive the reader.
  static absl::StatusOr<std::unique_ptr<TailReader>> Open(const KafkaClientOptions& client,
                                                          std::initializer_list<Topic> topics, int32_t partitions);
  // Calls `visit` with what has become visible; waits up to `wait_ms` for it.
  absl::Status Read(int wait_ms, const std::function<void(const Record&)>& visit);

 private:
  explicit TailReader(const KafkaClientOptions& client) : KafkaEvents(client) {}
  KafkaOwned<rd_kafka_t> handle_;
  std::unique_ptr<PartitionReader> reader_;
};

}  // namespace zaojing::bench
