#include "tests/broker/kafka/alter_topic.h"

#include "ingest/kafka/kafka_errors.h"
#include "proto/status_util.h"

namespace zaojing {

absl::Status AlterTopic(const KafkaClientOptions& client, Topic topic, const std::string& key,
                        const std::string& value) {
  KafkaEvents events(client);
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenKafka(client, KafkaRole::kAdmin, {}, events));
  const KafkaOwned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle.get()));
  rd_kafka_ConfigResource_t* resource =
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, KafkaTopicName(client, topic).c_str());
  rd_kafka_ConfigResource_set_config(resource, key.c_str(), value.c_str());
  rd_kafka_AlterConfigs(handle.get(), &resource, 1, nullptr, queue.get());
  const KafkaOwned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), 30'000));
  rd_kafka_ConfigResource_destroy(resource);
  if (event == nullptr) return absl::UnavailableError("alter: no answer");
  return KafkaStatus(rd_kafka_event_error(event.get()), "alter");
}

absl::Status DeleteTopic(const KafkaClientOptions& client, Topic topic) {
  KafkaEvents events(client);
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenKafka(client, KafkaRole::kAdmin, {}, events));
  const KafkaOwned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle.get()));
  rd_kafka_DeleteTopic_t* deleted = rd_kafka_DeleteTopic_new(KafkaTopicName(client, topic).c_str());
  rd_kafka_DeleteTopics(handle.get(), &deleted, 1, nullptr, queue.get());
  const KafkaOwned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), 30'000));
  rd_kafka_DeleteTopic_destroy(deleted);
  if (event == nullptr) return absl::UnavailableError("delete: no answer");
  return KafkaStatus(rd_kafka_event_error(event.get()), "delete");
}

absl::Status ForgetGroup(const KafkaClientOptions& client, const std::string& group) {
  KafkaEvents events(client);
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenKafka(client, KafkaRole::kAdmin, {}, events));
  const KafkaOwned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle.get()));
  rd_kafka_DeleteGroup_t* deleted = rd_kafka_DeleteGroup_new(group.c_str());
  rd_kafka_DeleteGroups(handle.get(), &deleted, 1, nullptr, queue.get());
  const KafkaOwned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), 30'000));
  rd_kafka_DeleteGroup_destroy(deleted);
  if (event == nullptr) return absl::UnavailableError("forget: no answer");
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_event_error(event.get()), "forget"));
  size_t count = 0;
  const rd_kafka_group_result_t** results =
      rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event.get()), &count);
  if (count != 1) return absl::InternalError("forget: no result");
  const rd_kafka_error_t* error = rd_kafka_group_result_error(results[0]);
  return error == nullptr ? absl::OkStatus() : absl::UnavailableError(rd_kafka_error_string(error));
}

}  // namespace zaojing
