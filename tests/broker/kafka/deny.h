// Gives all rights, and takes one right from one user, for the tests of missing rights. The broker must ask for them (guarded.properties).
#pragma once

#include <string>

#include "ingest/kafka/kafka_client.h"

namespace zaojing {

enum class Right : uint8_t { kSeeTopic, kReadTopic, kWriteTopic, kReadGroup };

// Effect: everybody has every right on the topics and groups whose names begin with `name`, and so all other rules
// but the denials count no more.
absl::Status AllowAll(const KafkaClientOptions& admin, const std::string& name);
// Effect: `user` has the right on nothing whose name begins with `name`. `admin` may change rights.
absl::Status Deny(const KafkaClientOptions& admin, const std::string& user, Right right, const std::string& name);

}  // namespace zaojing
