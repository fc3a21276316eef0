#include "ingest/kafka/kafka_client.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

// Exactly once rests on these: they are set by the adapters and by nobody else.
constexpr std::array<std::string_view, 20> kOurs = {
    "bootstrap.servers",
    "metadata.broker.list",
    "group.id",
    "group.instance.id",
    "transactional.id",
    "transaction.timeout.ms",
    "enable.idempotence",
    "acks",
    "request.required.acks",
    "isolation.level",
    "enable.auto.commit",
    "auto.commit.enable",
    "enable.auto.offset.store",
    "auto.offset.reset",
    "enable.partition.eof",
    "partitioner",
    "partition.assignment.strategy",
    "group.protocol.type",
    "message.timeout.ms",
    "delivery.timeout.ms",
};
constexpr int kLogLevelMax = 4;  // syslog warning

absl::StatusOr<std::string> ValueOf(const v1::KafkaProperty& property) {
  if (property.value_file().empty()) return property.value();
  if (!property.value().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("kafka property ", property.name(), ": value and value_file are both set"));
  }
  std::ifstream file(property.value_file(), std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) {
    return absl::InvalidArgumentError(
        absl::StrCat("kafka property ", property.name(), ": value_file ", property.value_file(), " cannot be read"));
  }
  std::string value = content.str();
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  return value;
}

absl::Status Set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  char why[512];
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof(why)) == RD_KAFKA_CONF_OK) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("kafka property ", name, ": ", why));
}

absl::Status SetOperators(rd_kafka_conf_t* conf, std::span<const v1::KafkaProperty> properties) {
  for (const v1::KafkaProperty& property : properties) {
    if (std::find(kOurs.begin(), kOurs.end(), property.name()) != kOurs.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("kafka property ", property.name(), " is set by zaojing and cannot be changed: remove it"));
    }
    ASSIGN_OR_RETURN(const std::string value, ValueOf(property));
    RETURN_IF_ERROR(Set(conf, property.name(), value));
  }
  return absl::OkStatus();
}

KafkaEvents& EventsOf(void* opaque) { return *static_cast<KafkaEvents*>(opaque); }

void SetCallbacks(rd_kafka_conf_t* conf, KafkaRole role, KafkaEvents& events) {
  rd_kafka_conf_set_opaque(conf, &events);
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t* handle, int level, const char* facility, const char* text) {
    const std::string line = absl::StrCat(facility, ": ", text);
    if (void* opaque = handle != nullptr ? rd_kafka_opaque(handle) : nullptr) EventsOf(opaque).Log(level, line);
  });
  rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int code, const char* reason, void* opaque) {
    EventsOf(opaque).Log(kLogLevelMax, reason);
    EventsOf(opaque).OnError(static_cast<rd_kafka_resp_err_t>(code));
  });
  if (role == KafkaRole::kProducer) {
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
      EventsOf(opaque).OnDelivery(*message);
    });
  }
  if (role == KafkaRole::kGroupConsumer) {
    rd_kafka_conf_set_rebalance_cb(
        conf, [](rd_kafka_t* handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list, void* opaque) {
          EventsOf(opaque).OnRebalance(handle, code, list);
        });
  }
}

}  // namespace

void KafkaEvents::Log(int level, std::string_view line) const {
  if (on_log_) {
    on_log_(level, line);
  } else if (level <= kLogLevelMax) {
    std::fprintf(stderr, "kafka: %.*s\n", static_cast<int>(line.size()), line.data());
  }
}

absl::Status CheckKafkaProperties(std::span<const v1::KafkaProperty> properties) {
  const KafkaOwned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  return SetOperators(conf.get(), properties);
}

absl::StatusOr<KafkaOwned<rd_kafka_t>> OpenKafka(const KafkaClientOptions& client, KafkaRole role,
                                                 const KafkaSettings& settings, KafkaEvents& events) {
  KafkaOwned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  RETURN_IF_ERROR(Set(conf.get(), "bootstrap.servers", client.bootstrap));
  RETURN_IF_ERROR(Set(conf.get(), "client.id", client.client_id));
  RETURN_IF_ERROR(Set(conf.get(), "socket.nagle.disable", "true"));
  // A broker that restarts is back sooner than the defaults (100 ms, doubling to 10 s) would find it.
  RETURN_IF_ERROR(Set(conf.get(), "reconnect.backoff.max.ms", "1000"));
  for (const auto& [name, value] : settings) RETURN_IF_ERROR(Set(conf.get(), name, value));
  RETURN_IF_ERROR(SetOperators(conf.get(), client.properties));
  SetCallbacks(conf.get(), role, events);

  const bool producing = role == KafkaRole::kProducer || role == KafkaRole::kAdmin;
  char why[512];
  rd_kafka_t* handle = rd_kafka_new(producing ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.get(), why, sizeof(why));
  if (handle == nullptr) return absl::InvalidArgumentError(absl::StrCat("kafka configuration refused: ", why));
  conf.release();  // NOLINT(bugprone-unused-return-value): the handle owns it now
  return KafkaOwned<rd_kafka_t>(handle);
}

std::string KafkaTopicName(const KafkaClientOptions& client, Topic topic) {
  return absl::StrCat(client.topic_prefix, ToAbsl(NameOf(topic)));
}

std::optional<Topic> TopicOfKafkaName(std::string_view prefix, std::string_view name) {
  if (name.substr(0, prefix.size()) != prefix) return std::nullopt;
  return TopicNamed(name.substr(prefix.size()));
}

absl::StatusOr<KafkaOwned<rd_kafka_t>> OpenReader(const KafkaClientOptions& client, std::string_view isolation,
                                                  int64_t queue_kbytes, KafkaEvents& events) {
  // A short fetch wait, because the end of a partition is only known from an empty answer.
  return OpenKafka(client, KafkaRole::kReader,
                   {{"isolation.level", std::string(isolation)},
                    {"enable.auto.commit", "false"},
                    {"enable.auto.offset.store", "false"},
                    {"auto.offset.reset", "error"},
                    {"enable.partition.eof", "true"},
                    // Unused outside a group, but checked against an operator's max.poll.interval.ms.
                    {"session.timeout.ms", "1000"},
                    {"check.crcs", "true"},
                    {"fetch.wait.max.ms", "20"},
                    {"fetch.message.max.bytes", "4194304"},
                    {"queued.min.messages", "10000000"},
                    {"queued.max.messages.kbytes", absl::StrCat(queue_kbytes)}},
                   events);
}

}  // namespace zaojing
