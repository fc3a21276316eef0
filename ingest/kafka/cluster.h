// Questions about the cluster that no consumer group answers: bounds of partitions, topic sizes, identity.
// One owner thread; every call is bounded by limits::kBrokerCallTimeout.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"

namespace zaojing {

class KafkaCluster final : private KafkaEvents {
 public:
  // `client` must outlive this.
  static absl::StatusOr<std::unique_ptr<KafkaCluster>> Open(const KafkaClientOptions& client);

  struct Bounds {
    int64_t low = 0;
    int64_t high = 0;  // read-uncommitted: a read-committed handle would answer the last stable offset
  };
  absl::StatusOr<Bounds> BoundsOf(Topic topic, int32_t partition);
  // kFailedPrecondition when the topic does not exist.
  absl::StatusOr<int32_t> PartitionsOf(Topic topic);
  absl::StatusOr<std::string> ClusterId();

 private:
  explicit KafkaCluster(const KafkaClientOptions& client) : KafkaEvents(client), client_(client) {}

  const KafkaClientOptions& client_;
  KafkaOwned<rd_kafka_t> handle_;
};

}  // namespace zaojing
