// A read-committed walk over chosen partitions from chosen offsets, outside any consumer group: changelogs,
// reference topics, exports. One owner thread; destroy its batches first, then it, then the handle.
#pragma once

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"
#include "ingest/record.h"

namespace zaojing {

class PartitionReader {
 public:
  // `reader` (from OpenReader) and `client` must outlive this.
  PartitionReader(rd_kafka_t* reader, const KafkaClientOptions& client);
  ~PartitionReader();
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  // Effect: the partition is read from `from` on. REQUIRES: no reader of the same handle reads it already.
  absl::Status Start(Topic topic, int32_t partition, int64_t from);

  // The next records, per partition in offset order; waits up to `wait_ms` when there are none; then the
  // batch is empty. kUnavailable: try again. kDataLoss: an offset that should be there is gone, or bytes are
  // damaged.
  absl::StatusOr<std::unique_ptr<RecordBatch>> Read(size_t records_max, int wait_ms);

  // Where the walk of the partition stands: the offset after everything read, control records and aborted
  // ranges included. It reaches the partition's last stable offset, never more: an open transaction holds it
  // back. REQUIRES Start was called for it.
  int64_t position(Topic topic, int32_t partition) const;

 private:
  struct Partition {
    KafkaOwned<rd_kafka_topic_t> handle;
    int64_t position = 0;
  };
  using Key = std::pair<Topic, int32_t>;

  absl::Status Take(rd_kafka_message_t* message, Topic topic, class KafkaBatch& batch);

  rd_kafka_t* const reader_;
  const KafkaClientOptions& client_;
  const KafkaOwned<rd_kafka_queue_t> queue_;
  std::map<Key, Partition> partitions_;
  absl::Status failed_;  // what a message said while there were still records to hand out before it
};

}  // namespace zaojing
