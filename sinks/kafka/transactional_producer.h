// The only code that begins, commits and aborts transactions. One producer of one transactional id at a time;
// Init destroys it and makes a new one, which fences the old one and raises the epoch, so that an
// end-of-transaction request still on its way can touch no later transaction (librdkafka speaks transaction
// protocol 1 only).
//
//   kClosed ──Init──▶ kReady ──Begin──▶ kOpen ──Commit OK / Abort──▶ kReady
//                        ▲                └──Commit kUnknown──▶ kUncertain ──Init──▶ kReady
//
// One owner thread; delivery reports are served by its calls. Every call is bounded; a watchdog outside ends
// a librdkafka call that is not (SendOffsets without its coordinator).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ingest/kafka/kafka_client.h"
#include "processors/runtime/clock.h"
#include "processors/runtime/log.h"
#include "sinks/kafka/send.h"
#include "sinks/output_record.h"

namespace zaojing {

struct TransactionalProducerOptions {
  std::string transactional_id;
  std::vector<Topic> outputs;  // every topic Produce may be given
  int64_t queue_kbytes = 256 * 1024;
};

class TransactionalProducer final : private KafkaEvents {
 public:
  // `client` and `clock` must outlive this.
  TransactionalProducer(const KafkaClientOptions& client, TransactionalProducerOptions options, Clock& clock);
  ~TransactionalProducer() override;

  // The Log calls (processors/runtime/log.h): InitProducer, Begin, Produce, ProduceChanges, SendOffsets,
  // Commit, Abort, ProducedEnd.
  absl::Status Init();
  absl::Status Begin();
  absl::Status Produce(std::span<const OutputRecord> records);
  absl::Status ProduceChanges(TopicPartition changelog, std::span<const StateChange> changes);
  // `group` nullptr or unfenced: kAborted, the assignment is over.
  absl::Status SendOffsets(std::span<const CommittedOffset> offsets, const rd_kafka_consumer_group_metadata_t* group);
  absl::Status Commit();
  absl::Status Abort();
  int64_t ProducedEnd(TopicPartition at) const;

 private:
  enum class State : uint8_t { kClosed, kReady, kOpen, kUncertain };

  void OnDelivery(const rd_kafka_message_t& message) override;
  void OnError(rd_kafka_resp_err_t code) override;
  absl::Status LearnTopics();
  absl::Status Lost() const;
  // A request to a topic's partition, without what is sent.
  SendRequest RequestTo(TopicPartition at);
  absl::Status ProduceOne(const SendRequest& request);
  // `to`: where they all go.
  absl::Status ProduceMany(const SendRequest& to, std::span<rd_kafka_message_t> messages);
  // After `code`: OK when it is worth trying again. `*deadline`: of the record that waits, 0 at first, so that no clock
  // is asked for records that need not wait.
  absl::Status AwaitRoom(rd_kafka_resp_err_t code, const SendRequest& to, int64_t* deadline);
  absl::Status Produced() const;
  absl::Status EndOfCommit(rd_kafka_error_t* error, int64_t took_us, uint64_t disconnects_before);
  void Close();

  const KafkaClientOptions& client_;
  const TransactionalProducerOptions options_;
  Clock& clock_;
  KafkaOwned<rd_kafka_t> handle_;
  std::map<Topic, KafkaOwned<rd_kafka_topic_t>> topics_;
  std::map<TopicPartition, int64_t> ends_;  // nodes are stable: delivery reports carry a pointer to theirs
  absl::Status delivery_;                   // first failed delivery of the open transaction
  uint64_t disconnects_ = 0;
  State state_ = State::kClosed;
};

}  // namespace zaojing
