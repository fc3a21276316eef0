// Changes one setting of a topic behind the table's back, for the tests that must notice.
#pragma once

#include <string>

#include "ingest/kafka/kafka_client.h"

namespace zaojing {

absl::Status AlterTopic(const KafkaClientOptions& client, Topic topic, const std::string& key,
                        const std::string& value);

}  // namespace zaojing
