#include "sinks/kafka/transactional_producer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/group_consumer.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/check.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int kTimeoutMs = static_cast<int>(limits::kBrokerCallTimeout / 1000);
constexpr int kTransactionTimeoutMs = static_cast<int>(limits::kTransactionTimeout / 1000);
constexpr int kQueueWaitMs = 10;  // one wait for room in the send queue
constexpr size_t kChangesAtOnce = 256;

}  // namespace

TransactionalProducer::TransactionalProducer(const KafkaClientOptions& client, TransactionalProducerOptions options,
                                             Clock& clock)
    : KafkaEvents(client), client_(client), options_(std::move(options)), clock_(clock) {}

TransactionalProducer::~TransactionalProducer() { Close(); }

void TransactionalProducer::Close() {
  topics_.clear();
  if (handle_ != nullptr) {
    rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
  }
  handle_.reset();
  state_ = State::kClosed;
}

absl::Status TransactionalProducer::Init() {
  Close();
  const KafkaSettings settings = {{"transactional.id", options_.transactional_id},
                                  {"transaction.timeout.ms", absl::StrCat(kTransactionTimeoutMs)},
                                  {"retry.backoff.ms", absl::StrCat(limits::kRetryBackoff / 1000)},
                                  {"partitioner", "murmur2_random"},
                                  {"compression.codec", "lz4"},
                                  {"linger.ms", "5"},
                                  {"batch.num.messages", "100000"},
                                  {"message.max.bytes", "1048576"},
                                  {"queue.buffering.max.messages", "1000000"},
                                  {"queue.buffering.max.kbytes", absl::StrCat(options_.queue_kbytes)}};
  ASSIGN_OR_RETURN(handle_, OpenKafka(client_, KafkaRole::kProducer, settings, *this));
  delivery_ = absl::OkStatus();
  absl::Status ready = LearnTopics();
  if (ready.ok()) {
    ready = KafkaStatus(rd_kafka_init_transactions(handle_.get(), kTransactionTimeoutMs),
                        absl::StrCat("init ", options_.transactional_id));
  }
  if (!ready.ok()) {
    Close();
    return ready;
  }
  state_ = State::kReady;
  return absl::OkStatus();
}

// Before the first record: a record of a topic whose partitions are not known yet would add partition -1 to
// the transaction, and the broker would end it.
absl::Status TransactionalProducer::LearnTopics() {
  for (const Topic topic : options_.outputs) {
    const std::string name = KafkaTopicName(client_, topic);
    KafkaOwned<rd_kafka_topic_t> handle(rd_kafka_topic_new(handle_.get(), name.c_str(), nullptr));
    if (handle == nullptr) return KafkaStatus(rd_kafka_last_error(), absl::StrCat("topic ", name));
    const rd_kafka_metadata_t* raw = nullptr;
    RETURN_IF_ERROR(KafkaStatus(rd_kafka_metadata(handle_.get(), 0, handle.get(), &raw, kTimeoutMs),
                                absl::StrCat("metadata of ", name)));
    const KafkaOwned<const rd_kafka_metadata_t> metadata(raw);
    if (metadata->topic_cnt != 1) return KafkaStatus(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, name);
    RETURN_IF_ERROR(KafkaStatus(metadata->topics[0].err, name));
    topics_.emplace(topic, std::move(handle));
  }
  return absl::OkStatus();
}

void TransactionalProducer::OnDelivery(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (delivery_.ok()) {
      delivery_ = absl::AbortedError(absl::StrCat("record not delivered to ", rd_kafka_topic_name(message.rkt), "/",
                                                  message.partition, ": ", rd_kafka_err2name(message.err)));
    }
    return;
  }
  int64_t& end = *static_cast<int64_t*>(message._private);
  end = std::max(end, message.offset + 1);
}

void TransactionalProducer::OnError(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) ++disconnects_;
}

absl::Status TransactionalProducer::Begin() {
  ZAOJING_CHECK(state_ == State::kReady);
  rd_kafka_poll(handle_.get(), 0);
  delivery_ = absl::OkStatus();
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_begin_transaction(handle_.get()), "begin"));
  state_ = State::kOpen;
  return absl::OkStatus();
}

absl::Status TransactionalProducer::Produce(std::span<const OutputRecord> records) {
  ZAOJING_CHECK(state_ == State::kOpen);
  for (const OutputRecord& record : records) {
    SendRequest request = RequestTo({record.topic, record.partition});
    request.timestamp_ms = record.timestamp / 1000;
    request.key = record.key;
    request.value = record.value;
    request.tombstone = record.tombstone;
    RETURN_IF_ERROR(ProduceOne(request));
  }
  return Produced();
}

absl::Status TransactionalProducer::ProduceChanges(TopicPartition changelog, std::span<const StateChange> changes) {
  ZAOJING_CHECK(state_ == State::kOpen);
  const SendRequest to = RequestTo(changelog);
  std::array<rd_kafka_message_t, kChangesAtOnce> portion;
  while (!changes.empty()) {
    const size_t count = std::min(changes.size(), portion.size());
    for (size_t i = 0; i < count; ++i) {
      portion[i] = ToSend(changes[i].key, changes[i].value, to.opaque);
    }
    RETURN_IF_ERROR(ProduceMany(to, {portion.data(), count}));
    changes = changes.subspan(count);
  }
  return Produced();
}

absl::Status TransactionalProducer::Produced() const {
  rd_kafka_poll(handle_.get(), 0);
  return delivery_.ok() ? absl::OkStatus() : Lost();
}

SendRequest TransactionalProducer::RequestTo(TopicPartition at) {
  const auto topic = topics_.find(at.topic);
  ZAOJING_CHECK(topic != topics_.end());
  SendRequest request;
  request.topic = topic->second.get();
  request.partition = at.partition;
  request.opaque = &ends_.try_emplace(at, kNoOffset).first->second;
  return request;
}

// A purged record does not say why it was: the transaction does, to a begin, which cannot succeed inside one.
absl::Status TransactionalProducer::Lost() const {
  const absl::Status why = KafkaStatus(rd_kafka_begin_transaction(handle_.get()), "transaction");
  ZAOJING_CHECK(!why.ok());
  const bool told = why.code() == absl::StatusCode::kAborted || absl::IsFailedPrecondition(why);
  return told && why.message().find("_STATE") == absl::string_view::npos ? why : delivery_;
}

absl::Status TransactionalProducer::ProduceOne(const SendRequest& request) {
  int64_t deadline = 0;
  while (true) {
    const rd_kafka_resp_err_t code = Send(handle_.get(), request);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
    RETURN_IF_ERROR(AwaitRoom(code, request, &deadline));
  }
}

absl::Status TransactionalProducer::ProduceMany(const SendRequest& to, std::span<rd_kafka_message_t> messages) {
  int64_t deadline = 0;
  while (true) {
    size_t taken = 0;
    const rd_kafka_resp_err_t code = SendMany(to.topic, to.partition, messages, &taken);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
    messages = messages.subspan(taken);
    RETURN_IF_ERROR(AwaitRoom(code, to, &deadline));
  }
}

absl::Status TransactionalProducer::AwaitRoom(rd_kafka_resp_err_t code, const SendRequest& to, int64_t* deadline) {
  if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    RETURN_IF_ERROR(KafkaFatal(handle_.get(), "produce"));
    return KafkaStatus(code, absl::StrCat("produce to ", rd_kafka_topic_name(to.topic), "/", to.partition));
  }
  rd_kafka_poll(handle_.get(), kQueueWaitMs);
  if (!delivery_.ok()) return Lost();
  const int64_t now = clock_.MonotonicMicros();
  if (*deadline == 0) *deadline = now + limits::kTransactionTimeout;
  return now > *deadline ? absl::AbortedError("produce: the broker takes no records") : absl::OkStatus();
}

absl::Status TransactionalProducer::SendOffsets(std::span<const CommittedOffset> offsets,
                                                const rd_kafka_consumer_group_metadata_t* group) {
  ZAOJING_CHECK(state_ == State::kOpen);
  ZAOJING_CHECK(!offsets.empty());  // librdkafka would send nothing, and nothing would fence the transaction
  if (group == nullptr || !IsFenced(*group)) {
    return absl::AbortedError("send offsets: the group membership they belong to is over");
  }
  const KafkaOwned<rd_kafka_topic_partition_list_t> list(
      rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const CommittedOffset& offset : offsets) {
    ZAOJING_CHECK(offset.next >= 0);
    rd_kafka_topic_partition_t* added = rd_kafka_topic_partition_list_add(
        list.get(), KafkaTopicName(client_, offset.at.topic).c_str(), offset.at.partition);
    added->offset = offset.next;
    added->metadata = strndup(offset.metadata.data(), offset.metadata.size());
    added->metadata_size = offset.metadata.size();
  }
  const int64_t deadline = clock_.MonotonicMicros() + limits::kBrokerCallTimeout;
  while (true) {
    absl::Status sent =
        KafkaStatus(rd_kafka_send_offsets_to_transaction(handle_.get(), list.get(), group, kTimeoutMs), "send offsets");
    if (sent.code() != absl::StatusCode::kUnavailable) return sent;
    // Nothing is committed before Commit, so giving up here is certain.
    if (clock_.MonotonicMicros() > deadline) return absl::AbortedError(sent.message());
    rd_kafka_poll(handle_.get(), kQueueWaitMs);
  }
}

absl::Status TransactionalProducer::Commit() {
  ZAOJING_CHECK(state_ == State::kOpen);
  // Deliver first, so that what is timed below is the end of the transaction alone. Giving up here is certain.
  const absl::Status flushed = KafkaStatus(rd_kafka_flush(handle_.get(), kTransactionTimeoutMs), "deliver");
  if (!delivery_.ok()) return Lost();
  if (!flushed.ok()) return absl::AbortedError(flushed.message());
  const uint64_t disconnects_before = disconnects_;
  const int64_t begin = clock_.MonotonicMicros();
  // -1: as long as the transaction may live. Any other value could leave librdkafka's state out of step.
  rd_kafka_error_t* error = rd_kafka_commit_transaction(handle_.get(), -1);
  const int64_t took_us = clock_.MonotonicMicros() - begin;
  rd_kafka_poll(handle_.get(), 0);  // reports of lost connections
  return EndOfCommit(error, took_us, disconnects_before);
}

absl::Status TransactionalProducer::EndOfCommit(rd_kafka_error_t* error, int64_t took_us, uint64_t disconnects_before) {
  absl::Status ended = KafkaStatus(error, "commit");
  if (ended.code() == absl::StatusCode::kAborted || ended.code() == absl::StatusCode::kFailedPrecondition) return ended;
  // From here on the request may have been sent, perhaps twice.
  if (ended.ok() && took_us <= limits::kCommitSlow && disconnects_ == disconnects_before) {
    state_ = State::kReady;
    return absl::OkStatus();
  }
  state_ = State::kUncertain;
  return absl::UnknownError(absl::StrCat("commit of ", options_.transactional_id, " took ", took_us / 1000, " ms, ",
                                         disconnects_ - disconnects_before, " lost connections: ", ended.ToString()));
}

absl::Status TransactionalProducer::Abort() {
  if (state_ != State::kOpen) return absl::OkStatus();  // nothing was begun
  const int64_t begin = clock_.MonotonicMicros();
  absl::Status ended = KafkaStatus(rd_kafka_abort_transaction(handle_.get(), -1), "abort");
  if (ended.code() == absl::StatusCode::kFailedPrecondition) return ended;
  delivery_ = absl::OkStatus();
  if (ended.ok() && clock_.MonotonicMicros() - begin <= limits::kCommitSlow) {
    state_ = State::kReady;
    return absl::OkStatus();
  }
  // A late end-of-transaction request would hit the next transaction: a new producer ends this one for
  // certain.
  return Init();
}

int64_t TransactionalProducer::ProducedEnd(TopicPartition at) const {
  const auto found = ends_.find(at);
  return found == ends_.end() ? kNoOffset : found->second;
}

}  // namespace zaojing
