// The reference topics from Kafka: read-committed, whole, without a group, from the first record or from behind the last
// one that is known already; `ticks` from its end on.
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
  // Asks for the end offsets that CaughtUp() waits for, and reads each topic from behind its tail. `client` must outlive
  // the feed, the feed its batches. kUnavailable: no broker answers.
  static absl::StatusOr<std::unique_ptr<KafkaReferenceFeed>> Open(const KafkaClientOptions& client,
                                                                  const ReferenceTails& after = {},
                                                                  int64_t queue_kbytes = 64 * 1024);

  // kDataLoss: the beginning of a reference topic is gone, so no task could know all of it.
  absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max, int64_t wait_us) override;
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

// Are these still the topics that were read so far? Asks for the last record of each again: bounds and transaction
// markers say nothing about what is in between. OK: each is where it was and what it was. kDataLoss: one is not, because
// the topic was made anew, or has lost its end; or it did not come within limits::kBrokerCallTimeout. kUnavailable: no
// broker answers.
absl::Status CheckReferenceTails(const KafkaClientOptions& client, const ReferenceTails& tails);

}  // namespace zaojing
