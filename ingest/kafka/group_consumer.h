// A stage's inputs as a member of its consumer group: eager (`range`) assignment, static membership,
// read-committed, no automatic offsets. The rebalance callback only notes the event; the owner answers it
// with Assign or Unassign at its own pace, and nothing else moves the assignment (no seek, pause or resume:
// in librdkafka 2.0.2 they lose records beside the batch call).
//
//   kIdle ──Poll: assigned──▶ kAskedToAssign ──Assign──▶ kReading ──Poll: revoked / lost──▶ kAskedToUnassign
//     ▲                                                   │   ▲ Assign (rewind)                     │
//     │                                                   └───┘                                     │
//     └──────────────────────────────────────────Unassign──────────────────────────────────────────┘
//
// One owner thread. Destroy its batches first.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"
#include "processors/runtime/log.h"

namespace zaojing {

struct GroupConsumerOptions {
  std::string group;
  // Static membership: the same after a restart, as long as the inputs are; empty = dynamic (leaves when destroyed).
  std::string instance;
  std::vector<Topic> inputs;
  int64_t session_timeout_ms = 10'000;
  // What is fetched ahead. When it is full the client sleeps a fixed second (librdkafka < 2.2), so it must
  // hold about a second of input; it counts in the memory budget.
  int64_t prefetch_records = 2'000'000;
  int64_t prefetch_kbytes = 256 * 1024;
};

// One input partition, as far as it was handed out.
struct InputLag {
  TopicPartition at;
  int64_t records = 0;  // offsets between the position and the high watermark, transaction markers among them
};

// What a transaction's offsets are fenced with: one member in one generation of the group.
using GroupMetadata = KafkaOwned<rd_kafka_consumer_group_metadata_t>;
// A member without identity is not fenced by the broker at all, so it must not commit.
bool IsFenced(const rd_kafka_consumer_group_metadata_t& metadata);

class GroupConsumer final : private KafkaEvents {
 public:
  // `client` must outlive this.
  static absl::StatusOr<std::unique_ptr<GroupConsumer>> Open(const KafkaClientOptions& client,
                                                             GroupConsumerOptions options);
  ~GroupConsumer() override;

  // The Log calls of the same names (processors/runtime/log.h). The first Poll joins the group.
  absl::StatusOr<PollResult> Poll(size_t records_max, int64_t wait_us);
  absl::Status Assign(std::span<const CommittedOffset> positions);
  absl::Status Unassign();
  absl::StatusOr<std::vector<CommittedOffset>> Committed(std::span<const TopicPartition> partitions);

  // How far each assigned partition is read, by what the client already knows: no call to the broker. A partition
  // whose end it has not heard of since the assignment is left out.
  std::vector<InputLag> Lags() const;
  size_t assigned() const { return next_.size(); }  // partitions

  // Captured when the current assignment was made, because the client blanks its own copy as soon as it
  // notices that it lost membership. nullptr outside an assignment, or when it was already blank.
  const rd_kafka_consumer_group_metadata_t* metadata() const { return metadata_.get(); }

 private:
  enum class State : uint8_t { kIdle, kAskedToAssign, kReading, kAskedToUnassign };

  GroupConsumer(const KafkaClientOptions& client, GroupConsumerOptions options);
  void OnRebalance(rd_kafka_t* handle, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list) override;
  absl::Status Subscribe();
  PollResult HandOver();
  std::unique_ptr<RecordBatch> Sort(std::span<rd_kafka_message_t* const> messages);
  KafkaOwned<rd_kafka_topic_partition_list_t> ListOf(std::span<const CommittedOffset> positions) const;

  const KafkaClientOptions& client_;
  const GroupConsumerOptions options_;
  KafkaOwned<rd_kafka_t> handle_;
  KafkaOwned<rd_kafka_queue_t> queue_;
  GroupMetadata metadata_;
  std::optional<PollResult> event_;         // noted by the callback, not yet handed out
  std::map<TopicPartition, int64_t> next_;  // assigned partitions: no record below this offset is handed out
  std::map<TopicPartition, int64_t> ends_;  // where a partition was last read to its end, markers included
  State state_ = State::kIdle;
  bool subscribed_ = false;
  bool closing_ = false;
  absl::Status failed_;  // came behind records; handed out by the next Poll
};

}  // namespace zaojing
