// What operators do to a cluster behind the pipeline's back, for the tests that must notice.
#pragma once

#include <string>

#include "ingest/kafka/kafka_client.h"

namespace zaojing {

absl::Status AlterTopic(const KafkaClientOptions& client, Topic topic, const std::string& key,
                        const std::string& value);

absl::Status DeleteTopic(const KafkaClientOptions& client, Topic topic);
// Effect: the group's offsets are gone, as when they expire. kUnavailable: it still has members.
absl::Status ForgetGroup(const KafkaClientOptions& client, const std::string& group);

}  // namespace zaojing
