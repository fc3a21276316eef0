#include "ingest/kafka/group_consumer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/kafka_batch.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/check.h"
#include "proto/ids.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int kTimeoutMs = static_cast<int>(limits::kBrokerCallTimeout / 1000);

// librdkafka 2.0.2 offers no getters; this is its own serialised form: magic, generation (native int32),
// group id, member id, both ending in NUL.
constexpr std::string_view kMetadataMagic = "CGMDv2:";

// The group gives a static member that comes back what it had, whatever it asks for now, so a stage that has gained an
// input comes back under another name; the old one's session ends meanwhile.
std::string StaticMember(const GroupConsumerOptions& options) {
  std::string inputs;
  for (const Topic topic : options.inputs) absl::StrAppend(&inputs, ToAbsl(NameOf(topic)), " ");
  return absl::StrCat(options.instance, ".", absl::Hex(Hash64(inputs), absl::kZeroPad16));
}

}  // namespace

bool IsFenced(const rd_kafka_consumer_group_metadata_t& metadata) {
  void* buffer = nullptr;
  size_t size = 0;
  if (rd_kafka_error_t* error = rd_kafka_consumer_group_metadata_write(&metadata, &buffer, &size)) {
    rd_kafka_error_destroy(error);
    return false;
  }
  const std::unique_ptr<void, void (*)(void*)> owned(buffer, [](void* p) { rd_kafka_mem_free(nullptr, p); });
  std::string_view rest(static_cast<const char*>(buffer), size);
  int32_t generation = -1;
  if (rest.substr(0, kMetadataMagic.size()) != kMetadataMagic) return false;
  rest.remove_prefix(kMetadataMagic.size());
  if (rest.size() < sizeof(generation)) return false;
  std::memcpy(&generation, rest.data(), sizeof(generation));
  rest.remove_prefix(sizeof(generation));
  const size_t group_end = rest.find('\0');
  if (group_end == std::string_view::npos) return false;
  const std::string_view member = rest.substr(group_end + 1);
  return generation >= 0 && !member.empty() && member.front() != '\0';
}

GroupConsumer::GroupConsumer(const KafkaClientOptions& client, GroupConsumerOptions options)
    : KafkaEvents(client), client_(client), options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<GroupConsumer>> GroupConsumer::Open(const KafkaClientOptions& client,
                                                                   GroupConsumerOptions options) {
  std::unique_ptr<GroupConsumer> consumer(new GroupConsumer(client, std::move(options)));
  const GroupConsumerOptions& o = consumer->options_;
  KafkaSettings settings = {{"group.id", o.group},
                            {"partition.assignment.strategy", "range"},
                            {"isolation.level", "read_committed"},
                            {"enable.auto.commit", "false"},
                            {"enable.auto.offset.store", "false"},
                            {"auto.offset.reset", "error"},
                            {"enable.partition.eof", "true"},
                            {"check.crcs", "true"},
                            {"session.timeout.ms", absl::StrCat(o.session_timeout_ms)},
                            {"heartbeat.interval.ms", absl::StrCat(o.session_timeout_ms / 10)},
                            {"fetch.wait.max.ms", "100"},
                            {"fetch.message.max.bytes", "4194304"},
                            {"queued.min.messages", absl::StrCat(o.prefetch_records)},
                            {"queued.max.messages.kbytes", absl::StrCat(o.prefetch_kbytes)}};
  if (!o.instance.empty()) settings.emplace_back("group.instance.id", StaticMember(o));
  ASSIGN_OR_RETURN(consumer->handle_, OpenKafka(client, KafkaRole::kGroupConsumer, settings, *consumer));
  rd_kafka_poll_set_consumer(consumer->handle_.get());
  consumer->queue_.reset(rd_kafka_queue_get_consumer(consumer->handle_.get()));
  return consumer;
}

GroupConsumer::~GroupConsumer() {
  closing_ = true;
  metadata_.reset();
  // A static member keeps its place until the session times out, so that a restart moves nothing; a dynamic
  // one leaves now.
  if (handle_ != nullptr && options_.instance.empty() && subscribed_) rd_kafka_consumer_close(handle_.get());
  queue_.reset();
}

absl::Status GroupConsumer::Subscribe() {
  const KafkaOwned<rd_kafka_topic_partition_list_t> topics(
      rd_kafka_topic_partition_list_new(static_cast<int>(options_.inputs.size())));
  for (const Topic topic : options_.inputs) {
    rd_kafka_topic_partition_list_add(topics.get(), KafkaTopicName(client_, topic).c_str(), RD_KAFKA_PARTITION_UA);
  }
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_subscribe(handle_.get(), topics.get()), "subscribe"));
  subscribed_ = true;
  return absl::OkStatus();
}

void GroupConsumer::OnRebalance(rd_kafka_t* handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list) {
  if (closing_) {
    rd_kafka_assign(handle, nullptr);
    return;
  }
  PollResult event;
  for (int i = 0; i < list->cnt; ++i) {
    const std::optional<Topic> topic = TopicOfKafkaName(client_.topic_prefix, list->elems[i].topic);
    ZAOJING_CHECK(topic.has_value());  // we subscribed to nothing else
    event.partitions.push_back({*topic, list->elems[i].partition});
  }
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    event.kind = PollResult::Kind::kAssigned;
    metadata_.reset(rd_kafka_consumer_group_metadata(handle));
    if (metadata_ != nullptr && !IsFenced(*metadata_)) metadata_.reset();
  } else {
    // A member that left while the event was on its way (it did not poll for too long) has lost them too,
    // though librdkafka does not say so.
    const GroupMetadata now(rd_kafka_consumer_group_metadata(handle));
    const bool lost = rd_kafka_assignment_lost(handle) != 0 || now == nullptr || !IsFenced(*now);
    event.kind = lost ? PollResult::Kind::kLost : PollResult::Kind::kRevoked;
  }
  event_ = std::move(event);
}

absl::StatusOr<PollResult> GroupConsumer::Poll(size_t records_max, int64_t wait_us) {
  ZAOJING_CHECK(state_ == State::kIdle || state_ == State::kReading);  // an event waits for its answer
  if (!subscribed_) RETURN_IF_ERROR(Subscribe());
  if (!failed_.ok()) return std::exchange(failed_, absl::OkStatus());
  const int wait_ms = static_cast<int>((wait_us + 999) / 1000);
  const std::vector<rd_kafka_message_t*> messages = TakeMessages(queue_.get(), records_max, wait_ms);
  std::unique_ptr<RecordBatch> batch = Sort(messages);
  RETURN_IF_ERROR(KafkaFatal(handle_.get(), absl::StrCat("group ", options_.group)));
  // Records that came with an event are dropped: its answer says from where reading goes on.
  if (event_.has_value()) return HandOver();
  PollResult result;
  if (!batch->records().empty()) {
    result.kind = PollResult::Kind::kRecords;
    result.batch = std::move(batch);
    return result;
  }
  if (!failed_.ok()) return std::exchange(failed_, absl::OkStatus());
  return result;
}

PollResult GroupConsumer::HandOver() {
  state_ = event_->kind == PollResult::Kind::kAssigned ? State::kAskedToAssign : State::kAskedToUnassign;
  PollResult result = std::move(*event_);
  event_.reset();
  return result;
}

std::unique_ptr<RecordBatch> GroupConsumer::Sort(std::span<rd_kafka_message_t* const> messages) {
  auto batch = std::make_unique<KafkaBatch>();
  batch->Reserve(messages.size());
  TopicLookup topics(client_.topic_prefix);
  for (size_t i = 0; i < messages.size(); ++i) {
    FetchMessageAhead(messages, i);
    rd_kafka_message_t* const message = messages[i];
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      // Only for the lag: it is behind transaction markers and aborted records, which no record's offset tells.
      ends_[{topics.Of(*message), message->partition}] = message->offset;
      rd_kafka_message_destroy(message);
      continue;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (failed_.ok()) {
        const char* topic = message->rkt != nullptr ? rd_kafka_topic_name(message->rkt) : "group";
        failed_ = KafkaStatus(message->err, absl::StrCat("poll ", topic, "/", message->partition),
                              rd_kafka_message_errstr(message));
      }
      rd_kafka_message_destroy(message);
      continue;
    }
    // librdkafka drops what was fetched before an assign; this is the second line: nothing of a partition
    // that is not ours, nothing before the offset asked for, nothing twice.
    const auto found = next_.find({topics.Of(*message), message->partition});
    if (found == next_.end() || message->offset < found->second) {
      rd_kafka_message_destroy(message);
      continue;
    }
    found->second = message->offset + 1;
    batch->Add(message, found->first.topic);
  }
  return batch;
}

std::vector<InputLag> GroupConsumer::Lags() const {
  std::vector<InputLag> lags;
  for (const auto& [at, next] : next_) {
    int64_t low = RD_KAFKA_OFFSET_INVALID;
    int64_t high = RD_KAFKA_OFFSET_INVALID;
    const rd_kafka_resp_err_t known = rd_kafka_get_watermark_offsets(
        handle_.get(), KafkaTopicName(client_, at.topic).c_str(), at.partition, &low, &high);
    if (known != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) continue;
    const auto end = ends_.find(at);
    const int64_t position = std::max({next, int64_t{0}, end != ends_.end() ? end->second : 0});
    lags.push_back({at, std::max<int64_t>(high - position, 0)});
  }
  return lags;
}

KafkaOwned<rd_kafka_topic_partition_list_t> GroupConsumer::ListOf(std::span<const CommittedOffset> positions) const {
  KafkaOwned<rd_kafka_topic_partition_list_t> list(
      rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const CommittedOffset& position : positions) {
    rd_kafka_topic_partition_t* added = rd_kafka_topic_partition_list_add(
        list.get(), KafkaTopicName(client_, position.at.topic).c_str(), position.at.partition);
    added->offset = position.next == kNoOffset ? RD_KAFKA_OFFSET_BEGINNING : position.next;
  }
  return list;
}

absl::Status GroupConsumer::Assign(std::span<const CommittedOffset> positions) {
  ZAOJING_CHECK(state_ != State::kIdle);
  // A rewind after a failed commit on revocation: there is nothing to read any more, the Unassign follows.
  if (state_ == State::kAskedToUnassign) return absl::OkStatus();
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_assign(handle_.get(), ListOf(positions).get()), "assign"));
  next_.clear();
  for (const CommittedOffset& position : positions) next_[position.at] = position.next;
  ends_.clear();
  failed_ = absl::OkStatus();
  state_ = State::kReading;
  return absl::OkStatus();
}

absl::Status GroupConsumer::Unassign() {
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_assign(handle_.get(), nullptr), "unassign"));
  next_.clear();
  ends_.clear();
  metadata_.reset();
  failed_ = absl::OkStatus();
  state_ = State::kIdle;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CommittedOffset>> GroupConsumer::Committed(std::span<const TopicPartition> partitions) {
  std::vector<CommittedOffset> committed;
  for (const TopicPartition& partition : partitions) committed.push_back({partition, kNoOffset, {}});
  const KafkaOwned<rd_kafka_topic_partition_list_t> list = ListOf(committed);
  // read_committed makes the broker hold the answer back while an earlier owner's transaction has offsets
  // pending.
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_committed(handle_.get(), list.get(), kTimeoutMs), "committed offsets"));
  for (size_t i = 0; i < committed.size(); ++i) {
    const rd_kafka_topic_partition_t& answer = list->elems[i];
    RETURN_IF_ERROR(KafkaStatus(answer.err, absl::StrCat("committed offset of ", answer.topic, "/", answer.partition)));
    committed[i].next = answer.offset >= 0 ? answer.offset : kNoOffset;
    committed[i].metadata.assign(static_cast<const char*>(answer.metadata), answer.metadata_size);
  }
  return committed;
}

}  // namespace zaojing
