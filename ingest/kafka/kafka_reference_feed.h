// `control` and `ccc.certificates` from Kafka: read-committed, whole, from offset 0, without a group; `ticks` from its
// end on.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ingest/kafka/cluster.h"
#include "ingest/kafka/kafka_client.h"
#include "ingest/kafka/partition_reader.h"
#include "processors/reference/reference_feed.h"

namespace zaojing {

class KafkaReferenceFeed final : public ReferenceFeed, private KafkaEvents {
 public:
  // Asks for the end offsets that CaughtUp() waits for. `client` must outlive the feed, the feed its batches.
  // kUnavailable: no broker answers.
  static absl::StatusOr<std::unique_ptr<KafkaReferenceFeed>> Open(const KafkaClientOptions& client,
                                                                  int64_t queue_kbytes = 64 * 1024);

  // kDataLoss: the beginning of a reference topic is gone, so no task could know all of it.
  absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max) override;
  bool CaughtUp() const override;

 private:
  explicit KafkaReferenceFeed(const KafkaClientOptions& client) : KafkaEvents(client) {}

  struct End {
    Topic topic;
    int64_t offset;
  };
  KafkaOwned<rd_kafka_t> handle_;
  std::unique_ptr<PartitionReader> reader_;
  std::vector<End> ends_;
};

}  // namespace zaojing
