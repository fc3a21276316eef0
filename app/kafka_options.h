// The options every subcommand that talks to a cluster has in common.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"

namespace zaojing {

struct KafkaOptions {
  std::string bootstrap;
  std::vector<std::string> properties;  // name=value
  std::vector<std::string> secrets;     // name=file
  std::string topic_prefix;
};

// Effect: --bootstrap, --property, --property-file and --topic-prefix are options of the command.
void AddKafkaOptions(CLI::App& command, KafkaOptions* options);

// kInvalidArgument: a property is malformed, unknown, or not the operator's to set.
absl::StatusOr<KafkaClientOptions> ClientOf(const KafkaOptions& options);

}  // namespace zaojing
