#include "bench/e2e/clients.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "bench/e2e/process.h"
#include "ingest/kafka/kafka_errors.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

constexpr int kTimeoutMs = static_cast<int>(limits::kBrokerCallTimeout / 1000);
constexpr int64_t kQueueKbytes = 64 * 1024;
constexpr std::chrono::milliseconds kRetry{50};
constexpr int kReadWaitMs = 100;

}  // namespace

absl::StatusOr<std::vector<int64_t>> EndsOf(const KafkaClientOptions& client, Topic topic, int32_t partitions) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client));
  std::vector<int64_t> ends;
  for (int32_t partition = 0; partition < partitions; ++partition) {
    absl::StatusOr<KafkaCluster::Bounds> bounds = cluster->BoundsOf(topic, partition);
    // A topic made just now has no leader yet.
    const int64_t deadline = NowMicros() + limits::kTransactionTimeout;
    while (absl::IsUnavailable(bounds.status()) && NowMicros() < deadline) {
      std::this_thread::sleep_for(kRetry);
      bounds = cluster->BoundsOf(topic, partition);
    }
    RETURN_IF_ERROR(bounds.status());
    ends.push_back(bounds->high);
  }
  return ends;
}

absl::Status ReadAll(const KafkaClientOptions& client, Topic topic, int32_t partitions, int64_t limit_us,
                     const std::function<void(const Record&)>& visit) {
  class Events final : public KafkaEvents {
   public:
    using KafkaEvents::KafkaEvents;
  } events(client);
  ASSIGN_OR_RETURN(const std::vector<int64_t> ends, EndsOf(client, topic, partitions));
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenReader(client, "read_committed", kQueueKbytes, events));
  PartitionReader reader(handle.get(), client);
  for (int32_t partition = 0; partition < partitions; ++partition) RETURN_IF_ERROR(reader.Start(topic, partition, 0));
  const auto at_end = [&] {
    for (int32_t partition = 0; partition < partitions; ++partition) {
      if (reader.position(topic, partition) < ends[static_cast<size_t>(partition)]) return false;
    }
    return true;
  };
  const int64_t deadline = NowMicros() + limit_us;
  while (!at_end()) {
    if (NowMicros() > deadline) return absl::UnavailableError("outputs could not be read within the limit");
    const absl::StatusOr<std::unique_ptr<RecordBatch>> batch = reader.Read(limits::kPollRecordsMax, kReadWaitMs);
    if (absl::IsUnavailable(batch.status())) continue;
    RETURN_IF_ERROR(batch.status());
    for (const Record& record : (*batch)->records()) visit(record);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<GroupWatch>> GroupWatch::Open(const KafkaClientOptions& client, const std::string& group,
                                                             int32_t partitions) {
  std::unique_ptr<GroupWatch> watch(new GroupWatch(client));
  watch->partitions_ = partitions;
  // Read-uncommitted: the question is answered at once, with what is decided.
  ASSIGN_OR_RETURN(
      watch->handle_,
      OpenKafka(client, KafkaRole::kReader,
                {{"group.id", group}, {"isolation.level", "read_uncommitted"}, {"enable.auto.commit", "false"}},
                *watch));
  return watch;
}

absl::StatusOr<int64_t> GroupWatch::Committed() {
  const KafkaOwned<rd_kafka_topic_partition_list_t> list(rd_kafka_topic_partition_list_new(partitions_));
  const std::string topic = KafkaTopicName(client_, Topic::kLookups);
  for (int32_t i = 0; i < partitions_; ++i) rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), i);
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_committed(handle_.get(), list.get(), kTimeoutMs), "committed offsets"));
  int64_t sum = 0;
  for (int i = 0; i < list->cnt; ++i) sum += std::max<int64_t>(list->elems[i].offset, 0);
  return sum;
}

absl::StatusOr<std::unique_ptr<TailReader>> TailReader::Open(const KafkaClientOptions& client,
                                                             std::initializer_list<Topic> topics, int32_t partitions) {
  std::unique_ptr<TailReader> tail(new TailReader(client));
  ASSIGN_OR_RETURN(tail->handle_, OpenReader(client, "read_committed", kQueueKbytes, *tail));
  tail->reader_ = std::make_unique<PartitionReader>(tail->handle_.get(), client);
  for (const Topic topic : topics) {
    ASSIGN_OR_RETURN(const std::vector<int64_t> ends, EndsOf(client, topic, partitions));
    for (int32_t partition = 0; partition < partitions; ++partition) {
      RETURN_IF_ERROR(tail->reader_->Start(topic, partition, ends[static_cast<size_t>(partition)]));
    }
  }
  return tail;
}

absl::Status TailReader::Read(int wait_ms, const std::function<void(const Record&)>& visit) {
  const absl::StatusOr<std::unique_ptr<RecordBatch>> batch = reader_->Read(limits::kPollRecordsMax, wait_ms);
  if (absl::IsUnavailable(batch.status())) return absl::OkStatus();
  RETURN_IF_ERROR(batch.status());
  for (const Record& record : (*batch)->records()) visit(record);
  return absl::OkStatus();
}

}  // namespace zaojing::bench
