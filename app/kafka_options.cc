#include "app/kafka_options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

absl::StatusOr<std::pair<std::string, std::string>> Split(const std::string& text) {
  const size_t at = text.find('=');
  if (at == std::string::npos || at == 0) {
    return absl::InvalidArgumentError(absl::StrCat("kafka property \"", text, "\" must be name=value"));
  }
  return std::make_pair(text.substr(0, at), text.substr(at + 1));
}

}  // namespace

void AddKafkaOptions(CLI::App& command, KafkaOptions* options) {
  command.add_option("--bootstrap", options->bootstrap, "Brokers, host:port[,host:port...]")->required();
  command.add_option("--property", options->properties, "librdkafka property, name=value; may be repeated");
  command.add_option("--property-file", options->secrets, "The same with the value in a file, name=path (secrets)");
  command.add_option("--topic-prefix", options->topic_prefix, "Before every topic name (tests sharing a broker)");
}

absl::StatusOr<KafkaClientOptions> ClientOf(const KafkaOptions& options) {
  KafkaClientOptions client;
  client.bootstrap = options.bootstrap;
  client.topic_prefix = options.topic_prefix;
  for (const std::string& text : options.properties) {
    ASSIGN_OR_RETURN(auto parts, Split(text));
    v1::KafkaProperty& property = client.properties.emplace_back();
    property.set_name(std::move(parts.first));
    property.set_value(std::move(parts.second));
  }
  for (const std::string& text : options.secrets) {
    ASSIGN_OR_RETURN(auto parts, Split(text));
    v1::KafkaProperty& property = client.properties.emplace_back();
    property.set_name(std::move(parts.first));
    property.set_value_file(std::move(parts.second));
  }
  RETURN_IF_ERROR(CheckKafkaProperties(client.properties));
  return client;
}

}  // namespace zaojing
