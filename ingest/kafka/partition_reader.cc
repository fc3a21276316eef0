#include "ingest/kafka/partition_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/kafka_batch.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {

PartitionReader::PartitionReader(rd_kafka_t* reader, const KafkaClientOptions& client)
    : reader_(reader), client_(client), queue_(rd_kafka_queue_new(reader)) {}

PartitionReader::~PartitionReader() {
  for (const auto& [key, partition] : partitions_) rd_kafka_consume_stop(partition.handle.get(), key.second);
}

absl::Status PartitionReader::Start(Topic topic, int32_t partition, int64_t from) {
  const std::string name = KafkaTopicName(client_, topic);
  ZAOJING_CHECK(from >= 0);
  ZAOJING_CHECK(!partitions_.contains({topic, partition}));
  KafkaOwned<rd_kafka_topic_t> handle(rd_kafka_topic_new(reader_, name.c_str(), nullptr));
  if (handle == nullptr) return KafkaStatus(rd_kafka_last_error(), absl::StrCat("read ", name));
  if (rd_kafka_consume_start_queue(handle.get(), partition, from, queue_.get()) != 0) {
    return KafkaStatus(rd_kafka_last_error(), absl::StrCat("read ", name, "/", partition));
  }
  partitions_.emplace(Key{topic, partition}, Partition{std::move(handle), from});
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RecordBatch>> PartitionReader::Read(size_t records_max, int wait_ms) {
  if (!failed_.ok()) return std::exchange(failed_, absl::OkStatus());
  rd_kafka_poll(reader_, 0);  // logs and errors of the handle
  const std::vector<rd_kafka_message_t*> messages = TakeMessages(queue_.get(), records_max, wait_ms);
  auto batch = std::make_unique<KafkaBatch>();
  batch->Reserve(messages.size());
  TopicLookup topics(client_.topic_prefix);
  for (rd_kafka_message_t* message : messages) {
    absl::Status taken;
    if (message->rkt != nullptr) {
      taken = Take(message, topics.Of(*message), *batch);
    } else {
      taken = KafkaStatus(message->err, "read", rd_kafka_message_errstr(message));
      rd_kafka_message_destroy(message);
    }
    if (!taken.ok() && failed_.ok()) failed_ = taken;
  }
  if (batch->empty() && !failed_.ok()) return std::exchange(failed_, absl::OkStatus());
  return batch;
}

absl::Status PartitionReader::Take(rd_kafka_message_t* message, Topic topic, KafkaBatch& batch) {
  const auto found = partitions_.find({topic, message->partition});
  ZAOJING_CHECK(found != partitions_.end());
  int64_t& position = found->second.position;
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->offset >= position) {
    position = message->offset + 1;
    batch.Add(message, topic);
    return absl::OkStatus();
  }
  absl::Status status;
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    position = std::max(position, message->offset);
  } else if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {  // else: fetched a second time, handed out already
    status = KafkaStatus(
        message->err, absl::StrCat("read ", KafkaTopicName(client_, topic), "/", message->partition, " at ", position),
        rd_kafka_message_errstr(message));
  }
  rd_kafka_message_destroy(message);
  return status;
}

int64_t PartitionReader::position(Topic topic, int32_t partition) const {
  const auto found = partitions_.find({topic, partition});
  ZAOJING_CHECK(found != partitions_.end());
  return found->second.position;
}

}  // namespace zaojing
