// What every Kafka handle of the process shares: where the cluster is, the operator's properties, the names
// of topics and the callbacks. Owning wrappers for librdkafka's objects.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/topics.h"
#include "zaojing/v1/config.pb.h"

namespace zaojing {

struct KafkaClientOptions {
  std::string bootstrap;
  std::string client_id = "zaojing";
  std::string topic_prefix;  // before every topic name; tests sharing a broker use it, deployments leave it empty
  std::vector<v1::KafkaProperty> properties;
  // One line of librdkafka's log, syslog level first. Called from its threads and ours; must be thread-safe.
  // Null: warnings and worse go to stderr.
  std::function<void(int level, std::string_view line)> on_log;
};

// Refuses, with kInvalidArgument, unknown properties, unreadable value files and properties that exactly once
// rests on (isolation.level, transactional.id and their like), which are ours to set.
absl::Status CheckKafkaProperties(std::span<const v1::KafkaProperty> properties);

// What a handle reports besides records. Called on the thread that polls it; the object must outlive the
// handle.
class KafkaEvents {
 public:
  explicit KafkaEvents(const KafkaClientOptions& client) : on_log_(client.on_log) {}
  virtual ~KafkaEvents() = default;
  KafkaEvents(const KafkaEvents&) = delete;
  KafkaEvents& operator=(const KafkaEvents&) = delete;

  virtual void OnRebalance(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*) {}
  virtual void OnDelivery(const rd_kafka_message_t&) {}
  virtual void OnError(rd_kafka_resp_err_t) {}
  void Log(int level, std::string_view line) const;

 private:
  const std::function<void(int, std::string_view)> on_log_;
};

struct KafkaDelete {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); }
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
  void operator()(rd_kafka_consumer_group_metadata_t* group) const { rd_kafka_consumer_group_metadata_destroy(group); }
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
template <typename T>
using KafkaOwned = std::unique_ptr<T, KafkaDelete>;

// Which callbacks librdkafka should make; an unwanted rebalance callback would change how it assigns.
enum class KafkaRole : uint8_t { kGroupConsumer, kReader, kProducer, kAdmin };

using KafkaSettings = std::vector<std::pair<std::string, std::string>>;

// A handle with `settings` under the operator's properties. `events` must outlive it. kInvalidArgument: a
// property is refused.
absl::StatusOr<KafkaOwned<rd_kafka_t>> OpenKafka(const KafkaClientOptions& client, KafkaRole role,
                                                 const KafkaSettings& settings, KafkaEvents& events);

// "<prefix><name>" of a topic, and back.
std::string KafkaTopicName(const KafkaClientOptions& client, Topic topic);
std::optional<Topic> TopicOfKafkaName(std::string_view prefix, std::string_view name);

// A consumer outside any group: explicit partitions only. `isolation` is "read_committed" or
// "read_uncommitted"; `queue_kbytes` bounds what is fetched ahead.
absl::StatusOr<KafkaOwned<rd_kafka_t>> OpenReader(const KafkaClientOptions& client, std::string_view isolation,
                                                  int64_t queue_kbytes, KafkaEvents& events);

}  // namespace zaojing
