#include "ingest/kafka/kafka_reference_feed.h"

#include <algorithm>

#include "proto/status_util.h"

namespace zaojing {

absl::StatusOr<std::unique_ptr<KafkaReferenceFeed>> KafkaReferenceFeed::Open(const KafkaClientOptions& client,
                                                                             int64_t queue_kbytes) {
  std::unique_ptr<KafkaReferenceFeed> feed(new KafkaReferenceFeed(client));
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client));
  ASSIGN_OR_RETURN(feed->handle_, OpenReader(client, "read_committed", queue_kbytes, *feed));
  feed->reader_ = std::make_unique<PartitionReader>(feed->handle_.get(), client);
  for (const Topic topic : kReferenceTopics) {
    ASSIGN_OR_RETURN(const KafkaCluster::Bounds bounds, cluster->BoundsOf(topic, 0));
    feed->ends_.push_back({topic, bounds.high});
    RETURN_IF_ERROR(feed->reader_->Start(topic, 0, 0));
  }
  // Old ticks tell nothing: the next one is a second away.
  ASSIGN_OR_RETURN(const KafkaCluster::Bounds ticks, cluster->BoundsOf(Topic::kTicks, 0));
  RETURN_IF_ERROR(feed->reader_->Start(Topic::kTicks, 0, ticks.high));
  return feed;
}

absl::StatusOr<std::unique_ptr<RecordBatch>> KafkaReferenceFeed::Poll(size_t records_max) {
  return reader_->Read(records_max, 0);
}

bool KafkaReferenceFeed::CaughtUp() const {
  return std::all_of(ends_.begin(), ends_.end(),
                     [this](const End& end) { return reader_->position(end.topic, 0) >= end.offset; });
}

}  // namespace zaojing
