#include "sinks/kafka/topics.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int kTimeoutMs = static_cast<int>(2 * limits::kBrokerCallTimeout / 1000);
constexpr int kRoundMs = 20;
constexpr std::string_view kCleanupInterval = "transaction.abort.timed.out.transaction.cleanup.interval.ms";
constexpr int64_t kCleanupIntervalMaxMs = 1000;  // how long a dead producer may hold readers beyond its timeout

using Policy = std::map<std::string, std::string>;

std::string Days(int64_t days) { return absl::StrCat(days * limits::kDay / 1000); }

// What the table's retention means to Kafka. Only what is listed is set and checked.
Policy PolicyOf(Retention retention) {
  Policy policy = {{"cleanup.policy", "delete"}, {"message.timestamp.type", "CreateTime"}};
  switch (retention) {
    case Retention::kDefault:
      break;
    case Retention::kUnlimited:
      policy["retention.ms"] = "-1";
      policy["retention.bytes"] = "-1";
      break;
    case Retention::kDays7:
      policy["retention.ms"] = Days(7);
      break;
    case Retention::kDays30:
      policy["retention.ms"] = Days(30);
      break;
    case Retention::kCompacted:
      policy["cleanup.policy"] = "compact";
      policy["delete.retention.ms"] = Days(7);  // deletes must outlive the longest outage of a worker
      policy["min.compaction.lag.ms"] = "60000";
      break;
  }
  return policy;
}

int32_t PartitionsFor(const TopicSpec& spec, const TopicPlan& plan) { return spec.per_task ? plan.partitions : 1; }

// An admin call: its handle, queue and the answer, which the caller reads in place.
class Admin final : private KafkaEvents {
 public:
  static absl::StatusOr<std::unique_ptr<Admin>> Open(const KafkaClientOptions& client) {
    std::unique_ptr<Admin> admin(new Admin(client));
    ASSIGN_OR_RETURN(admin->handle_, OpenKafka(client, KafkaRole::kAdmin, {}, *admin));
    admin->queue_.reset(rd_kafka_queue_new(admin->handle_.get()));
    return admin;
  }

  rd_kafka_t* handle() { return handle_.get(); }
  rd_kafka_queue_t* queue() { return queue_.get(); }

  absl::StatusOr<KafkaOwned<rd_kafka_event_t>> Answer(std::string_view what) {
    KafkaOwned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue_.get(), 2 * kTimeoutMs));
    if (event == nullptr) return absl::UnavailableError(absl::StrCat(ToAbsl(what), ": no broker answered"));
    RETURN_IF_ERROR(KafkaStatus(rd_kafka_event_error(event.get()), what, rd_kafka_event_error_string(event.get())));
    return event;
  }

  absl::StatusOr<KafkaOwned<const rd_kafka_metadata_t>> Metadata() {
    const rd_kafka_metadata_t* raw = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_metadata(handle_.get(), 1, nullptr, &raw, kTimeoutMs);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaOwned<const rd_kafka_metadata_t>(raw);
    rd_kafka_poll(handle_.get(), 0);  // why, if the broker said it
    if (refused_) return KafkaStatus(RD_KAFKA_RESP_ERR__AUTHENTICATION, absl::StrCat("log in at ", bootstrap_));
    const absl::Status failed = KafkaStatus(code, absl::StrCat("no broker answers at ", bootstrap_));
    return absl::Status(failed.code(),
                        absl::StrCat(failed.message(), ": check `bootstrap`, the network and whether the broker runs"));
  }

 private:
  explicit Admin(const KafkaClientOptions& client) : KafkaEvents(client), bootstrap_(client.bootstrap) {}
  void OnError(rd_kafka_resp_err_t code) override { refused_ = refused_ || code == RD_KAFKA_RESP_ERR__AUTHENTICATION; }

  const std::string bootstrap_;
  bool refused_ = false;
  KafkaOwned<rd_kafka_t> handle_;
  KafkaOwned<rd_kafka_queue_t> queue_;
};

struct NewTopicDelete {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, NewTopicDelete>;

struct ConfigResourceDelete {
  void operator()(rd_kafka_ConfigResource_t* resource) const { rd_kafka_ConfigResource_destroy(resource); }
};
using ConfigResource = std::unique_ptr<rd_kafka_ConfigResource_t, ConfigResourceDelete>;

absl::StatusOr<NewTopic> MakeNewTopic(const std::string& name, const TopicSpec& spec, const TopicPlan& plan) {
  char why[256];
  NewTopic topic(rd_kafka_NewTopic_new(name.c_str(), PartitionsFor(spec, plan), plan.replication, why, sizeof(why)));
  if (topic == nullptr) return absl::InvalidArgumentError(absl::StrCat("topic ", name, ": ", why));
  for (const auto& [key, value] : PolicyOf(spec.retention)) {
    rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str());
  }
  return topic;
}

// Configuration of one resource; nullopt when the rights to read it are missing.
absl::StatusOr<std::optional<Policy>> Describe(Admin& admin, rd_kafka_ResourceType_t type, const std::string& name) {
  const ConfigResource asked(rd_kafka_ConfigResource_new(type, name.c_str()));
  rd_kafka_ConfigResource_t* resources[] = {asked.get()};
  rd_kafka_DescribeConfigs(admin.handle(), resources, 1, nullptr, admin.queue());
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_event_t> event, admin.Answer(absl::StrCat("configuration of ", name)));
  size_t count = 0;
  const rd_kafka_ConfigResource_t** answers =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count != 1) return absl::InternalError(absl::StrCat("configuration of ", name, ": ", count, " answers"));
  const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(answers[0]);
  if (code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
    return std::optional<Policy>();
  }
  RETURN_IF_ERROR(KafkaStatus(code, absl::StrCat("configuration of ", name)));
  Policy values;
  size_t entries = 0;
  const rd_kafka_ConfigEntry_t** entry = rd_kafka_ConfigResource_configs(answers[0], &entries);
  for (size_t i = 0; i < entries; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entry[i]);
    values[rd_kafka_ConfigEntry_name(entry[i])] = value == nullptr ? "" : value;
  }
  return std::optional<Policy>(std::move(values));
}

std::map<std::string, int32_t> PartitionCounts(const rd_kafka_metadata_t& metadata) {
  std::map<std::string, int32_t> counts;
  for (int i = 0; i < metadata.topic_cnt; ++i) {
    if (metadata.topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      counts[metadata.topics[i].topic] = metadata.topics[i].partition_cnt;
    }
  }
  return counts;
}

// A broker answers a creation before it has heard of it itself.
absl::Status AwaitTopics(Admin& admin, const std::vector<std::string>& names) {
  for (int round = 0; round < kTimeoutMs / kRoundMs; ++round) {
    ASSIGN_OR_RETURN(const KafkaOwned<const rd_kafka_metadata_t> metadata, admin.Metadata());
    const std::map<std::string, int32_t> counts = PartitionCounts(*metadata);
    if (std::all_of(names.begin(), names.end(), [&](const std::string& name) { return counts.contains(name); })) {
      return absl::OkStatus();
    }
    rd_kafka_poll(admin.handle(), kRoundMs);
  }
  return absl::UnavailableError("topics were created, but the broker does not show them yet: run `topics check`");
}

absl::Status CheckPolicy(Admin& admin, const std::string& name, Retention retention,
                         std::vector<std::string>* differences) {
  ASSIGN_OR_RETURN(const std::optional<Policy> found, Describe(admin, RD_KAFKA_RESOURCE_TOPIC, name));
  if (!found.has_value()) {
    differences->push_back(absl::StrCat(name, ": no right to read its configuration (DescribeConfigs)"));
    return absl::OkStatus();
  }
  for (const auto& [key, value] : PolicyOf(retention)) {
    const auto at = found->find(key);
    const std::string is = at == found->end() ? "unset" : at->second;
    if (is != value) differences->push_back(absl::StrCat(name, ": ", key, " is ", is, ", must be ", value));
  }
  return absl::OkStatus();
}

absl::Status CheckBroker(Admin& admin, int32_t id, std::vector<std::string>* differences) {
  ASSIGN_OR_RETURN(const std::optional<Policy> found, Describe(admin, RD_KAFKA_RESOURCE_BROKER, absl::StrCat(id)));
  if (!found.has_value()) return absl::OkStatus();
  const auto at = found->find(std::string(kCleanupInterval));
  int64_t is = 0;
  if (at == found->end() || !absl::SimpleAtoi(at->second, &is) || is <= kCleanupIntervalMaxMs) return absl::OkStatus();
  differences->push_back(absl::StrCat("broker ", id, ": ", ToAbsl(kCleanupInterval), " is ", is, ", must be at most ",
                                      kCleanupIntervalMaxMs, ": a worker that dies would hold every reader so long"));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> CreateTopics(const KafkaClientOptions& client, const TopicPlan& plan) {
  if (plan.partitions < 1 || plan.partitions > limits::kPartitionsMax) {
    return absl::InvalidArgumentError(absl::StrCat("partitions must be 1 to ", limits::kPartitionsMax));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Admin> admin, Admin::Open(client));
  std::vector<NewTopic> owned;
  std::vector<rd_kafka_NewTopic_t*> topics;
  for (const TopicSpec& spec : kTopics) {
    ASSIGN_OR_RETURN(NewTopic topic, MakeNewTopic(KafkaTopicName(client, spec.topic), spec, plan));
    topics.push_back(topic.get());
    owned.push_back(std::move(topic));
  }
  rd_kafka_CreateTopics(admin->handle(), topics.data(), topics.size(), nullptr, admin->queue());
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_event_t> event, admin->Answer("create topics"));
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  std::vector<std::string> created;
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
    const char* name = rd_kafka_topic_result_name(results[i]);
    if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* why = rd_kafka_topic_result_error_string(results[i]);
    RETURN_IF_ERROR(KafkaStatus(code, absl::StrCat("create ", name), why == nullptr ? "" : why));
    created.emplace_back(name);
  }
  RETURN_IF_ERROR(AwaitTopics(*admin, created));
  return created;
}

absl::StatusOr<std::vector<std::string>> CheckTopics(const KafkaClientOptions& client, const TopicPlan& plan) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Admin> admin, Admin::Open(client));
  ASSIGN_OR_RETURN(const KafkaOwned<const rd_kafka_metadata_t> metadata, admin->Metadata());
  const std::map<std::string, int32_t> counts = PartitionCounts(*metadata);
  std::vector<std::string> differences;
  for (const TopicSpec& spec : kTopics) {
    const std::string name = KafkaTopicName(client, spec.topic);
    const auto at = counts.find(name);
    if (at == counts.end()) {
      differences.push_back(absl::StrCat(name, ": missing, or this user may not see it"));
      continue;
    }
    const int32_t must = PartitionsFor(spec, plan);
    if (at->second != must) {
      differences.push_back(absl::StrCat(name, ": has ", at->second, " partitions, must have ", must));
    }
    RETURN_IF_ERROR(CheckPolicy(*admin, name, spec.retention, &differences));
  }
  for (int i = 0; i < metadata->broker_cnt; ++i) {
    RETURN_IF_ERROR(CheckBroker(*admin, metadata->brokers[i].id, &differences));
  }
  return differences;
}

}  // namespace zaojing
