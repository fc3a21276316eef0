// What a lane needs from a log with transactions: an abstract Kafka client. Implementations: sinks/kafka (the real
// one) and tests/sim (in memory: epochs, generations, last stable offset, aborted ranges, delayed end of transaction).
// One owner, one thread; every call is bounded in time and does one interaction.
//
// Errors carry the reaction in their code (proto/status_util.h). What each call can return is said beside it; kUnknown
// comes from Commit alone.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/record.h"
#include "processors/state/store.h"
#include "sinks/output_record.h"

namespace zaojing {

struct TopicPartition {
  Topic topic = Topic::kLookups;
  int32_t partition = 0;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

inline constexpr int64_t kNoOffset = -1;

struct CommittedOffset {
  TopicPartition at;
  int64_t next = kNoOffset;  // next offset to read; kNoOffset = the group has none for the partition
  std::string metadata;      // as sent; the lane writes the progress token (progress.h)
};

// What one Poll brought. Assignment events come alone and must be answered before the next Poll.
struct PollResult {
  enum class Kind : uint8_t {
    kNothing,   // no record was ready
    kRecords,   // `batch` has records of assigned partitions, per partition in offset order, no gaps but markers
    kAssigned,  // `partitions` = the whole new assignment; answer with Assign
    kRevoked,   // `partitions` = the whole old assignment, still fenced to us; commit, then answer with Unassign
    kLost,      // as kRevoked, but others may own it already: nothing may be committed; answer with Unassign
  };
  Kind kind = Kind::kNothing;
  std::unique_ptr<RecordBatch> batch;
  std::vector<TopicPartition> partitions;
};

struct PartitionBounds {
  int64_t low = 0;   // first offset the log still has
  int64_t high = 0;  // read-uncommitted end: where the next record will go
};

class Log {
 public:
  virtual ~Log() = default;

  // --- Inputs (the stage's consumer group) ---
  // Up to `records_max` records, waiting up to `wait_us` when nothing is ready. kUnavailable: try again;
  // kFailedPrecondition: fenced or missing rights; kDataLoss: a record that should be read is gone from the log.
  virtual absl::StatusOr<PollResult> Poll(size_t records_max, int64_t wait_us) = 0;
  // Effect: reading goes on at exactly these offsets; also a rewind. Replaces what was assigned before. kNoOffset: from
  // the first record there is. With no positions it answers kAssigned and reads nothing yet: a lane restores first and
  // polls for membership meanwhile. Between kRevoked or kLost and Unassign it changes nothing.
  virtual absl::Status Assign(std::span<const CommittedOffset> positions) = 0;
  virtual absl::Status Unassign() = 0;
  // Records between what Poll has handed out and the inputs' ends as last heard of, all assigned partitions together;
  // kNoOffset while an end is not known. Asks nobody.
  virtual int64_t Behind() = 0;
  // The group's stable offsets; waits for a pending transaction of an earlier owner. kUnavailable while that pends.
  virtual absl::StatusOr<std::vector<CommittedOffset>> Committed(std::span<const TopicPartition> partitions) = 0;

  // --- Transactions ---
  // Effect: fences every earlier producer of this id and ends its open transaction. First call of all, and how an
  // uncertain commit is resolved: afterwards Committed() tells whether it happened.
  virtual absl::Status InitProducer() = 0;
  virtual absl::Status Begin() = 0;
  // Effect: queued for the open transaction. kAborted: the transaction is lost; so it is on kUnavailable, when part of
  // the records may be in.
  virtual absl::Status Produce(std::span<const OutputRecord> records) = 0;
  // As Produce, of what changed in the state whose changelog this is; the changes need last no longer than the call. They
  // bear the log's own time, not engine time: compaction spares what is young, and a year that is replayed is not.
  virtual absl::Status ProduceChanges(TopicPartition changelog, std::span<const StateChange> changes);
  // Effect: the offsets ride on the transaction, fenced by the group generation captured at assignment.
  // kAborted: generation over. REQUIRES at least one offset.
  virtual absl::Status SendOffsets(std::span<const CommittedOffset> offsets) = 0;
  // OK: committed. kAborted: certainly not, call Abort. kUnknown: InitProducer and ask. kFailedPrecondition: fenced.
  virtual absl::Status Commit() = 0;
  virtual absl::Status Abort() = 0;
  // Offset after the newest record this producer had acknowledged in the partition; kNoOffset when there is none.
  // Meaningful after Commit() returned OK: where the changelog ends for the task that wrote it.
  virtual int64_t ProducedEnd(TopicPartition at) = 0;

  // --- Changelog (its own reader, no group) ---
  virtual absl::StatusOr<PartitionBounds> Bounds(TopicPartition changelog) = 0;
  // Begins a read-committed walk from `from` (an offset >= bounds.low). Here and in ReadChangelog kDataLoss: the log
  // does not have the offset any more, its low watermark has overtaken the walk.
  virtual absl::Status OpenChangelog(TopicPartition changelog, int64_t from) = 0;
  // The next committed records; `*position` is where the walk stands after them (past control records and aborted
  // ranges), so the caller knows the end when it reaches the high it asked for. Empty batch = wait.
  virtual absl::StatusOr<std::unique_ptr<RecordBatch>> ReadChangelog(TopicPartition changelog, int64_t* position) = 0;
  virtual void CloseChangelog(TopicPartition changelog) = 0;

  // Identity of the cluster, kept in the marker so that a directory of another cluster is not served.
  virtual absl::StatusOr<std::string> ClusterId() = 0;
};

}  // namespace zaojing
