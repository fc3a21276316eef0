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

}  // namespace zaojing
