#include "sinks/kafka/producer.h"

#include "absl/strings/str_cat.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "sinks/kafka/send.h"

namespace zaojing {
namespace {

constexpr int kTimeoutMs = static_cast<int>(limits::kWatchdogTimeout / 1000);
constexpr int kQueueWaitMs = 100;
constexpr uint64_t kPollEvery = 1000;  // delivery reports are served in lots

}  // namespace

absl::StatusOr<std::unique_ptr<BulkProducer>> BulkProducer::Open(const KafkaClientOptions& client, int linger_ms,
                                                                 int64_t queue_kbytes) {
  std::unique_ptr<BulkProducer> producer(new BulkProducer(client));
  ASSIGN_OR_RETURN(producer->handle_, OpenKafka(client, KafkaRole::kProducer,
                                                {{"enable.idempotence", "true"},
                                                 {"partitioner", "murmur2_random"},
                                                 {"compression.codec", "lz4"},
                                                 {"linger.ms", absl::StrCat(linger_ms)},
                                                 {"batch.num.messages", "100000"},
                                                 {"message.max.bytes", "1048576"},
                                                 {"message.timeout.ms", absl::StrCat(kTimeoutMs)},
                                                 {"queue.buffering.max.messages", "1000000"},
                                                 {"queue.buffering.max.kbytes", absl::StrCat(queue_kbytes)}},
                                                *producer));
  return producer;
}

BulkProducer::~BulkProducer() {
  topics_.clear();
  if (handle_ != nullptr) {
    rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  }
  handle_.reset();
}

absl::StatusOr<rd_kafka_topic_t*> BulkProducer::HandleOf(Topic topic) {
  const auto found = topics_.find(topic);
  if (found != topics_.end()) return found->second.get();
  const std::string name = KafkaTopicName(client_, topic);
  KafkaOwned<rd_kafka_topic_t> handle(rd_kafka_topic_new(handle_.get(), name.c_str(), nullptr));
  if (handle == nullptr) return KafkaStatus(rd_kafka_last_error(), absl::StrCat("topic ", name));
  return topics_.emplace(topic, std::move(handle)).first->second.get();
}

void BulkProducer::OnDelivery(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++delivered_;
  } else if (failed_.ok()) {
    failed_ = KafkaStatus(message.err, absl::StrCat("produce to ", rd_kafka_topic_name(message.rkt)));
  }
}

absl::Status BulkProducer::Produce(const Message& message) {
  ASSIGN_OR_RETURN(rd_kafka_topic_t* const topic, HandleOf(message.topic));
  const SendRequest request = {
      topic, message.partition, message.timestamp / 1000, message.key, message.value, message.tombstone, nullptr};
  if (++since_poll_ >= kPollEvery) {
    rd_kafka_poll(handle_.get(), 0);
    since_poll_ = 0;
  }
  while (failed_.ok()) {
    const rd_kafka_resp_err_t code = Send(handle_.get(), request);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      failed_ = KafkaStatus(code, absl::StrCat("produce to ", rd_kafka_topic_name(topic)));
      break;
    }
    // Bounded: records that are not taken time out (message.timeout.ms), which fails the producer.
    rd_kafka_poll(handle_.get(), kQueueWaitMs);
  }
  return failed_;
}

absl::Status BulkProducer::Produce(const OutputRecord& record) {
  return Produce(Message{record.topic, record.partition, record.timestamp, record.key, record.value, record.tombstone});
}

absl::Status BulkProducer::Flush() {
  const absl::Status flushed = KafkaStatus(rd_kafka_flush(handle_.get(), 2 * kTimeoutMs), "flush");
  return failed_.ok() ? flushed : failed_;
}

}  // namespace zaojing
