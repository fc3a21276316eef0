#include "bench/e2e/bare_loop.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/e2e/clients.h"
#include "ingest/kafka/kafka_batch.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "sinks/kafka/send.h"

namespace zaojing::bench {
namespace {

constexpr int kTimeoutMs = static_cast<int>(limits::kBrokerCallTimeout / 1000);
constexpr int kPollWaitMs = static_cast<int>(limits::kIdleWait / 1000);
constexpr Topic kWritten[] = {Topic::kVerdicts, Topic::kScreenChangelog, Topic::kScreenJournal};
// As long as a journal entry of one run.
constexpr std::string_view kJournalEntry =
    "a journal entry of one run: stage, task, sequence, run, rules, digest, hash";

}  // namespace

absl::StatusOr<std::unique_ptr<BareLoop>> BareLoop::Start(const KafkaClientOptions& client, const std::string& group,
                                                          std::vector<int32_t> partitions) {
  std::unique_ptr<BareLoop> loop(new BareLoop(client, std::move(partitions)));
  RETURN_IF_ERROR(loop->OpenProducer(absl::StrCat(group, ".", loop->partitions_.front())));
  RETURN_IF_ERROR(loop->OpenConsumer(group));
  loop->thread_ = std::thread([raw = loop.get()] { raw->result_ = raw->Run(); });
  return loop;
}

BareLoop::~BareLoop() {
  (void)Stop();
  queue_.reset();
  std::fill(std::begin(topics_), std::end(topics_), nullptr);
}

absl::Status BareLoop::Stop() {
  stop_.store(true);
  if (thread_.joinable()) thread_.join();
  return result_;
}

absl::Status BareLoop::OpenConsumer(const std::string& group) {
  ASSIGN_OR_RETURN(consumer_, OpenKafka(client_, KafkaRole::kReader,
                                        {{"group.id", group},
                                         {"isolation.level", "read_committed"},
                                         {"enable.auto.commit", "false"},
                                         {"enable.auto.offset.store", "false"},
                                         {"check.crcs", "true"},
                                         {"fetch.wait.max.ms", "100"},
                                         {"fetch.message.max.bytes", "4194304"},
                                         {"queued.min.messages", "2000000"},
                                         {"queued.max.messages.kbytes", "262144"}},
                                        *this));
  rd_kafka_poll_set_consumer(consumer_.get());
  queue_.reset(rd_kafka_queue_get_consumer(consumer_.get()));
  group_.reset(rd_kafka_consumer_group_metadata(consumer_.get()));
  const auto all = static_cast<int32_t>(*std::max_element(partitions_.begin(), partitions_.end()) + 1);
  ASSIGN_OR_RETURN(const std::vector<int64_t> ends, EndsOf(client_, Topic::kLookups, all));
  const KafkaOwned<rd_kafka_topic_partition_list_t> list(
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions_.size())));
  for (const int32_t partition : partitions_) {
    next_.push_back(ends[static_cast<size_t>(partition)]);
    rd_kafka_topic_partition_list_add(list.get(), KafkaTopicName(client_, Topic::kLookups).c_str(), partition)->offset =
        next_.back();
  }
  return KafkaStatus(rd_kafka_assign(consumer_.get(), list.get()), "assign");
}

absl::Status BareLoop::OpenProducer(const std::string& id) {
  ASSIGN_OR_RETURN(producer_, OpenKafka(client_, KafkaRole::kProducer,
                                        {{"transactional.id", id},
                                         {"transaction.timeout.ms", "10000"},
                                         {"retry.backoff.ms", absl::StrCat(limits::kRetryBackoff / 1000)},
                                         {"compression.codec", "lz4"},
                                         {"linger.ms", "5"},
                                         {"batch.num.messages", "100000"},
                                         {"queue.buffering.max.messages", "1000000"}},
                                        *this));
  for (size_t i = 0; i < std::size(kWritten); ++i) {
    const std::string name = KafkaTopicName(client_, kWritten[i]);
    topics_[i].reset(rd_kafka_topic_new(producer_.get(), name.c_str(), nullptr));
    const rd_kafka_metadata_t* raw = nullptr;
    RETURN_IF_ERROR(KafkaStatus(rd_kafka_metadata(producer_.get(), 0, topics_[i].get(), &raw, kTimeoutMs), name));
    rd_kafka_metadata_destroy(raw);
  }
  return KafkaStatus(rd_kafka_init_transactions(producer_.get(), kTimeoutMs), "init");
}

absl::Status BareLoop::Run() {
  while (!stop_.load()) {
    const std::vector<rd_kafka_message_t*> messages = TakeMessages(queue_.get(), limits::kPollRecordsMax, kPollWaitMs);
    const absl::Status status = messages.empty() ? absl::OkStatus() : Forward(messages);
    for (rd_kafka_message_t* message : messages) rd_kafka_message_destroy(message);
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status BareLoop::SendTo(Topic topic, int32_t partition, std::string_view key, std::string_view value) {
  const auto at = static_cast<size_t>(std::find(std::begin(kWritten), std::end(kWritten), topic) - kWritten);
  SendRequest request;
  request.topic = topics_[at].get();
  request.partition = partition;
  request.key = key;
  request.value = value;
  return KafkaStatus(Send(producer_.get(), request), "produce");
}

absl::Status BareLoop::Forward(const std::vector<rd_kafka_message_t*>& messages) {
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_begin_transaction(producer_.get()), "begin"));
  std::vector<bool> touched(partitions_.size(), false);
  for (const rd_kafka_message_t* message : messages) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const std::string_view key(static_cast<const char*>(message->key), message->key_len);
    const std::string_view value(static_cast<const char*>(message->payload), message->len);
    RETURN_IF_ERROR(SendTo(Topic::kVerdicts, message->partition, key, value));
    RETURN_IF_ERROR(SendTo(Topic::kScreenChangelog, message->partition, key, value));
    const auto at = static_cast<size_t>(std::find(partitions_.begin(), partitions_.end(), message->partition) -
                                        partitions_.begin());
    touched[at] = true;
    next_[at] = message->offset + 1;
  }
  const KafkaOwned<rd_kafka_topic_partition_list_t> offsets(
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions_.size())));
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (!touched[i]) continue;
    RETURN_IF_ERROR(SendTo(Topic::kScreenJournal, partitions_[i], "0", kJournalEntry));
    rd_kafka_topic_partition_list_add(offsets.get(), KafkaTopicName(client_, Topic::kLookups).c_str(), partitions_[i])
        ->offset = next_[i];
  }
  rd_kafka_poll(producer_.get(), 0);
  RETURN_IF_ERROR(KafkaStatus(
      rd_kafka_send_offsets_to_transaction(producer_.get(), offsets.get(), group_.get(), kTimeoutMs), "send offsets"));
  return KafkaStatus(rd_kafka_commit_transaction(producer_.get(), -1), "commit");
}

}  // namespace zaojing::bench
