#include "ingest/kafka/cluster.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/kafka_errors.h"
#include "processors/runtime/clock.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int kTimeoutMs = static_cast<int>(limits::kBrokerCallTimeout / 1000);
constexpr int64_t kQueueKbytes = 1024;  // nothing is read through this handle
constexpr int kRetryWaitMs = static_cast<int>(limits::kRetryBackoff / 1000);

// Asks until the answer is certain: a topic that was just created, or a broker that just started, has no leader for a
// moment. A broker that is away uses up the whole time in its first call.
template <typename Ask>
absl::Status AskUntilCertain(rd_kafka_t* handle, const Ask& ask) {
  SystemClock clock;
  const int64_t deadline = clock.MonotonicMicros() + limits::kBrokerCallTimeout;
  while (true) {
    absl::Status answer = ask();
    if (answer.code() != absl::StatusCode::kUnavailable || clock.MonotonicMicros() > deadline) return answer;
    rd_kafka_poll(handle, kRetryWaitMs);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaCluster>> KafkaCluster::Open(const KafkaClientOptions& client) {
  std::unique_ptr<KafkaCluster> cluster(new KafkaCluster(client));
  ASSIGN_OR_RETURN(cluster->handle_, OpenReader(client, "read_uncommitted", kQueueKbytes, *cluster));
  return cluster;
}

absl::StatusOr<KafkaCluster::Bounds> KafkaCluster::BoundsOf(Topic topic, int32_t partition) {
  const std::string name = KafkaTopicName(client_, topic);
  rd_kafka_poll(handle_.get(), 0);
  Bounds bounds;
  RETURN_IF_ERROR(AskUntilCertain(handle_.get(), [&] {
    return KafkaStatus(
        rd_kafka_query_watermark_offsets(handle_.get(), name.c_str(), partition, &bounds.low, &bounds.high, kTimeoutMs),
        absl::StrCat("bounds of ", name, "/", partition));
  }));
  return bounds;
}

absl::StatusOr<int32_t> KafkaCluster::PartitionsOf(Topic topic) {
  const std::string name = KafkaTopicName(client_, topic);
  rd_kafka_poll(handle_.get(), 0);
  const KafkaOwned<rd_kafka_topic_t> handle(rd_kafka_topic_new(handle_.get(), name.c_str(), nullptr));
  int32_t partitions = 0;
  const auto ask = [&]() -> absl::Status {
    const rd_kafka_metadata_t* raw = nullptr;
    RETURN_IF_ERROR(KafkaStatus(rd_kafka_metadata(handle_.get(), 0, handle.get(), &raw, kTimeoutMs),
                                absl::StrCat("metadata of ", name)));
    const KafkaOwned<const rd_kafka_metadata_t> metadata(raw);
    if (metadata->topic_cnt != 1) return KafkaStatus(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, name);
    partitions = metadata->topics[0].partition_cnt;
    return KafkaStatus(metadata->topics[0].err, name);
  };
  RETURN_IF_ERROR(AskUntilCertain(handle_.get(), ask));
  return partitions;
}

absl::StatusOr<std::string> KafkaCluster::ClusterId() {
  char* id = rd_kafka_clusterid(handle_.get(), kTimeoutMs);
  if (id == nullptr) return absl::UnavailableError("cluster id: no broker answered");
  std::string copy = id;
  rd_kafka_mem_free(handle_.get(), id);
  return copy;
}

}  // namespace zaojing
