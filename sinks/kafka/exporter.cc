#include "sinks/kafka/exporter.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "ingest/kafka/cluster.h"
#include "ingest/kafka/partition_reader.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int64_t kQueueKbytes = 128 * 1024;
constexpr int kWaitMs = 100;
constexpr int kEmptyReadsMax = static_cast<int>(limits::kWatchdogTimeout / 1000 / kWaitMs);

class Exporter final : private KafkaEvents {
 public:
  explicit Exporter(const KafkaClientOptions& client) : KafkaEvents(client), client_(client) {}

  absl::StatusOr<uint64_t> Run(Topic topic, const std::function<absl::Status(const Record&)>& visit) {
    ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client_));
    ASSIGN_OR_RETURN(const int32_t partitions, cluster->PartitionsOf(topic));
    std::vector<KafkaCluster::Bounds> bounds;
    for (int32_t partition = 0; partition < partitions; ++partition) {
      ASSIGN_OR_RETURN(const KafkaCluster::Bounds one, cluster->BoundsOf(topic, partition));
      bounds.push_back(one);
    }
    ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenReader(client_, "read_committed", kQueueKbytes, *this));
    uint64_t records = 0;
    for (int32_t partition = 0; partition < partitions; ++partition) {
      PartitionReader reader(handle.get(), client_);
      RETURN_IF_ERROR(reader.Start(topic, partition, bounds[static_cast<size_t>(partition)].low));
      RETURN_IF_ERROR(Walk(reader, {topic, partition, bounds[static_cast<size_t>(partition)].high}, visit, &records));
    }
    return records;
  }

 private:
  struct Goal {
    Topic topic;
    int32_t partition;
    int64_t high;
  };

  static absl::Status Walk(PartitionReader& reader, const Goal& goal,
                           const std::function<absl::Status(const Record&)>& visit, uint64_t* records) {
    int empty_reads = 0;
    while (reader.position(goal.topic, goal.partition) < goal.high) {
      const absl::StatusOr<std::unique_ptr<RecordBatch>> batch = reader.Read(limits::kPollRecordsMax, kWaitMs);
      if (!batch.ok() && batch.status().code() != absl::StatusCode::kUnavailable) return batch.status();
      if (!batch.ok() || (*batch)->records().empty()) {
        if (++empty_reads < kEmptyReadsMax) continue;
        return absl::UnavailableError(absl::StrCat("export of ", ToAbsl(NameOf(goal.topic)), "/", goal.partition,
                                                   " stands at ", reader.position(goal.topic, goal.partition), " of ",
                                                   goal.high, ": a transaction is open, or the broker is gone"));
      }
      empty_reads = 0;
      for (const Record& record : (*batch)->records()) {
        if (record.offset >= goal.high) return absl::OkStatus();
        RETURN_IF_ERROR(visit(record));
        ++*records;
      }
    }
    return absl::OkStatus();
  }

  const KafkaClientOptions& client_;
};

}  // namespace

absl::StatusOr<uint64_t> ExportTopic(const KafkaClientOptions& client, Topic topic,
                                     const std::function<absl::Status(const Record&)>& visit) {
  return Exporter(client).Run(topic, visit);
}

absl::StatusOr<uint64_t> OffsetsIn(const KafkaClientOptions& client, Topic topic) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client));
  ASSIGN_OR_RETURN(const int32_t partitions, cluster->PartitionsOf(topic));
  uint64_t offsets = 0;
  for (int32_t partition = 0; partition < partitions; ++partition) {
    ASSIGN_OR_RETURN(const KafkaCluster::Bounds bounds, cluster->BoundsOf(topic, partition));
    offsets += static_cast<uint64_t>(bounds.high - bounds.low);
  }
  return offsets;
}

}  // namespace zaojing
