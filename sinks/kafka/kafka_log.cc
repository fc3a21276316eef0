#include "sinks/kafka/kafka_log.h"

#include <utility>

#include "proto/check.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr int kChangelogWaitMs = 2;

}  // namespace

KafkaLog::KafkaLog(KafkaLogOptions options, Clock& clock)
    : KafkaEvents(options.client), options_(std::move(options)), producer_(options_.client, options_.producer, clock) {}

absl::StatusOr<std::unique_ptr<KafkaLog>> KafkaLog::Open(KafkaLogOptions options, Clock& clock) {
  RETURN_IF_ERROR(CheckKafkaProperties(options.client.properties));
  std::unique_ptr<KafkaLog> log(new KafkaLog(std::move(options), clock));
  ASSIGN_OR_RETURN(log->consumer_, GroupConsumer::Open(log->options_.client, log->options_.consumer));
  ASSIGN_OR_RETURN(log->cluster_, KafkaCluster::Open(log->options_.client));
  return log;
}

absl::StatusOr<PollResult> KafkaLog::Poll(size_t records_max, int64_t wait_us) {
  return consumer_->Poll(records_max, wait_us);
}
absl::Status KafkaLog::Assign(std::span<const CommittedOffset> positions) { return consumer_->Assign(positions); }
absl::Status KafkaLog::Unassign() { return consumer_->Unassign(); }
int64_t KafkaLog::Behind() {
  const std::vector<InputLag> lags = consumer_->Lags();
  if (lags.size() != consumer_->assigned()) return kNoOffset;
  int64_t behind = 0;
  for (const InputLag& lag : lags) behind += lag.records;
  return behind;
}
absl::StatusOr<std::vector<CommittedOffset>> KafkaLog::Committed(std::span<const TopicPartition> partitions) {
  return consumer_->Committed(partitions);
}

absl::Status KafkaLog::InitProducer() { return producer_.Init(); }
absl::Status KafkaLog::Begin() { return producer_.Begin(); }
absl::Status KafkaLog::Produce(std::span<const OutputRecord> records) { return producer_.Produce(records); }
absl::Status KafkaLog::ProduceChanges(TopicPartition changelog, std::span<const StateChange> changes) {
  return producer_.ProduceChanges(changelog, changes);
}
absl::Status KafkaLog::SendOffsets(std::span<const CommittedOffset> offsets) {
  return producer_.SendOffsets(offsets, consumer_->metadata());
}
absl::Status KafkaLog::Commit() { return producer_.Commit(); }
absl::Status KafkaLog::Abort() { return producer_.Abort(); }
int64_t KafkaLog::ProducedEnd(TopicPartition at) { return producer_.ProducedEnd(at); }

absl::StatusOr<PartitionBounds> KafkaLog::Bounds(TopicPartition changelog) {
  ASSIGN_OR_RETURN(const KafkaCluster::Bounds bounds, cluster_->BoundsOf(changelog.topic, changelog.partition));
  return PartitionBounds{bounds.low, bounds.high};
}

absl::Status KafkaLog::OpenChangelog(TopicPartition changelog, int64_t from) {
  ZAOJING_CHECK(!changelogs_.contains(changelog));
  if (changelog_handle_ == nullptr) {
    ASSIGN_OR_RETURN(changelog_handle_,
                     OpenReader(options_.client, "read_committed", options_.changelog_queue_kbytes, *this));
  }
  auto reader = std::make_unique<PartitionReader>(changelog_handle_.get(), options_.client);
  RETURN_IF_ERROR(reader->Start(changelog.topic, changelog.partition, from));
  changelogs_.emplace(changelog, std::move(reader));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RecordBatch>> KafkaLog::ReadChangelog(TopicPartition changelog, int64_t* position) {
  const auto found = changelogs_.find(changelog);
  ZAOJING_CHECK(found != changelogs_.end());
  ASSIGN_OR_RETURN(std::unique_ptr<RecordBatch> batch, found->second->Read(limits::kPollRecordsMax, kChangelogWaitMs));
  *position = found->second->position(changelog.topic, changelog.partition);
  return batch;
}

// The handle stays: batches may still be alive, and it is idle without readers.
void KafkaLog::CloseChangelog(TopicPartition changelog) { changelogs_.erase(changelog); }

absl::StatusOr<std::string> KafkaLog::ClusterId() { return cluster_->ClusterId(); }

}  // namespace zaojing
