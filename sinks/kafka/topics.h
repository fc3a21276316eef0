// The topics of proto/topics.h on a cluster: creates what is missing, and says what differs from the table.
// Any thread; makes its own handle.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"

namespace zaojing {

struct TopicPlan {
  int32_t partitions = 8;    // P
  int32_t replication = -1;  // -1: the cluster's default
};

// Effect: every missing topic exists with its policy; existing ones are left as they are. Returns the names
// created.
absl::StatusOr<std::vector<std::string>> CreateTopics(const KafkaClientOptions& client, const TopicPlan& plan);

// One line for each difference: missing topics, partition counts, cleanup.policy, retention, timestamp type;
// and the brokers' transaction clean-up interval, when it may be read. Empty: all is as it must be.
absl::StatusOr<std::vector<std::string>> CheckTopics(const KafkaClientOptions& client, const TopicPlan& plan);

}  // namespace zaojing
