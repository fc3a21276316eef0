#include "ingest/kafka/kafka_reference_feed.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/runtime/clock.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int kTailWaitMs = 100;
constexpr size_t kTailRecords = 64;
constexpr int64_t kTailQueueKbytes = 1024;

// The topics of `missing` whose tails have come are taken out of it. kDataLoss: another record came.
absl::Status TakeTails(const RecordBatch& batch, const ReferenceTails& tails, std::vector<Topic>* missing) {
  for (const Record& record : batch.records()) {
    const auto waiting = std::find(missing->begin(), missing->end(), record.topic);
    if (waiting == missing->end()) continue;
    const ReferenceTail& tail = tails[static_cast<size_t>(record.topic)];
    if (record.offset != tail.offset || ReferenceHash(record) != tail.hash) {
      return absl::DataLossError(absl::StrCat(ToAbsl(NameOf(record.topic)), " was made anew: at offset ", tail.offset,
                                              " there is another record than was read"));
    }
    missing->erase(waiting);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaReferenceFeed>> KafkaReferenceFeed::Open(const KafkaClientOptions& client,
                                                                             const ReferenceTails& after,
                                                                             int64_t queue_kbytes) {
  std::unique_ptr<KafkaReferenceFeed> feed(new KafkaReferenceFeed(client));
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client));
  ASSIGN_OR_RETURN(feed->handle_, OpenReader(client, "read_committed", queue_kbytes, *feed));
  feed->reader_ = std::make_unique<PartitionReader>(feed->handle_.get(), client);
  for (const Topic topic : kReferenceTopics) {
    ASSIGN_OR_RETURN(const KafkaCluster::Bounds bounds, cluster->BoundsOf(topic, 0));
    feed->ends_.push_back({topic, bounds.high});
    RETURN_IF_ERROR(feed->reader_->Start(topic, 0, after[static_cast<size_t>(topic)].offset + 1));
  }
  // Old ticks tell nothing: the next one is a second away.
  ASSIGN_OR_RETURN(const KafkaCluster::Bounds ticks, cluster->BoundsOf(Topic::kTicks, 0));
  RETURN_IF_ERROR(feed->reader_->Start(Topic::kTicks, 0, ticks.high));
  return feed;
}

absl::StatusOr<std::unique_ptr<RecordBatch>> KafkaReferenceFeed::Poll(size_t records_max, int64_t wait_us) {
  return reader_->Read(records_max, static_cast<int>((wait_us + 999) / 1000));
}

bool KafkaReferenceFeed::CaughtUp() const {
  return std::all_of(ends_.begin(), ends_.end(),
                     [this](const End& end) { return reader_->position(end.topic, 0) >= end.offset; });
}

absl::Status CheckReferenceTails(const KafkaClientOptions& client, const ReferenceTails& tails) {
  KafkaEvents events(client);
  ASSIGN_OR_RETURN(const std::unique_ptr<KafkaCluster> cluster, KafkaCluster::Open(client));
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenReader(client, "read_committed", kTailQueueKbytes, events));
  PartitionReader reader(handle.get(), client);
  std::vector<Topic> missing;
  for (const Topic topic : kReferenceTopics) {
    const ReferenceTail& tail = tails[static_cast<size_t>(topic)];
    if (tail.count == 0) continue;
    ASSIGN_OR_RETURN(const KafkaCluster::Bounds bounds, cluster->BoundsOf(topic, 0));
    if (tail.offset < bounds.low || tail.offset >= bounds.high) {
      return absl::DataLossError(absl::StrCat(ToAbsl(NameOf(topic)), " has offsets ", bounds.low, " to ", bounds.high,
                                              ", and was read to ", tail.offset));
    }
    RETURN_IF_ERROR(reader.Start(topic, 0, tail.offset));
    missing.push_back(topic);
  }
  SystemClock clock;
  const int64_t deadline = clock.MonotonicMicros() + limits::kBrokerCallTimeout;
  while (!missing.empty()) {
    ASSIGN_OR_RETURN(const std::unique_ptr<RecordBatch> batch, reader.Read(kTailRecords, kTailWaitMs));
    RETURN_IF_ERROR(TakeTails(*batch, tails, &missing));
    const bool passed = std::any_of(missing.begin(), missing.end(), [&](Topic topic) {
      return reader.position(topic, 0) > tails[static_cast<size_t>(topic)].offset;
    });
    if (passed || (!missing.empty() && clock.MonotonicMicros() > deadline)) {
      return absl::DataLossError(
          absl::StrCat(ToAbsl(NameOf(missing.front())), " did not show the last record that was read of it"));
    }
  }
  return absl::OkStatus();
}

}  // namespace zaojing
