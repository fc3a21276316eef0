// Log on SimBroker: one client, as a process would hold it. Dropping the object is the process dying: what it had open
// stays open at the broker. PlantedBug makes it a client that breaks one rule, to prove that the checkers see it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "processors/reference/reference_feed.h"
#include "processors/runtime/log.h"
#include "tests/sim/sim_broker.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_faults.h"

namespace zaojing::sim {

enum class PlantedBug : uint8_t {
  kNone,
  kNoRewindAfterAbort,   // reading goes on where it was
  kOffsetsOutside,       // offsets are committed at once, not with the transaction
  kRestoreToLastStable,  // the changelog seems to end at the last stable offset
  kNoEpochBump,          // an uncertain commit is answered by an abort, not by a new producer
};

struct SimLogOptions {
  std::string group = "screen";
  std::string instance;  // group.instance.id and transactional.id
  std::vector<Topic> topics;
  PlantedBug bug = PlantedBug::kNone;
};

class SimLog final : public Log {
 public:
  SimLog(SimLogOptions options, SimBroker& broker, SimClock& clock, Faults& faults)
      : options_(std::move(options)), broker_(broker), clock_(clock), faults_(faults) {}

  absl::StatusOr<PollResult> Poll(size_t records_max, int64_t wait_us) override;
  absl::Status Assign(std::span<const CommittedOffset> positions) override;
  absl::Status Unassign() override;
  int64_t Behind() override;
  absl::StatusOr<std::vector<CommittedOffset>> Committed(std::span<const TopicPartition> partitions) override;

  absl::Status InitProducer() override;
  absl::Status Begin() override;
  absl::Status Produce(std::span<const OutputRecord> records) override;
  absl::Status SendOffsets(std::span<const CommittedOffset> offsets) override;
  absl::Status Commit() override;
  absl::Status Abort() override;
  int64_t ProducedEnd(TopicPartition at) override;

  absl::StatusOr<PartitionBounds> Bounds(TopicPartition changelog) override;
  absl::Status OpenChangelog(TopicPartition changelog, int64_t from) override;
  absl::StatusOr<std::unique_ptr<RecordBatch>> ReadChangelog(TopicPartition changelog, int64_t* position) override;
  void CloseChangelog(TopicPartition changelog) override;
  absl::StatusOr<std::string> ClusterId() override;

  // The client's own thread, which beats while the process is not stopped.
  void Heartbeat();

 private:
  enum class Seat : uint8_t { kOut, kJoining, kAsked, kHeld };  // kAsked: an event waits for its answer
  enum class Phase : uint8_t { kNone, kReady, kOpen, kLost, kUncertain };
  absl::Status Draw(Call call);
  PollResult FetchInputs(size_t records_max);

  const SimLogOptions options_;
  SimBroker& broker_;
  SimClock& clock_;
  Faults& faults_;

  Seat seat_ = Seat::kOut;
  std::string member_;
  int32_t generation_ = -1;
  bool taken_ = false;   // the event that waits is the end of the assignment
  bool fenced_ = false;  // the broker does not know the member any more
  std::vector<TopicPartition> held_;
  std::map<TopicPartition, int64_t> positions_;

  Phase phase_ = Phase::kNone;
  ProducerIdentity identity_;
  std::set<TopicPartition> added_;
  std::map<TopicPartition, int64_t> produced_end_;
  bool skip_assign_ = false;  // kNoRewindAfterAbort
  std::map<TopicPartition, int64_t> changelogs_;
};

class SimReferenceFeed final : public ReferenceFeed {
 public:
  explicit SimReferenceFeed(SimBroker& broker);
  absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max, int64_t wait_us) override;
  bool CaughtUp() const override;

 private:
  SimBroker& broker_;
  int64_t control_ = 0;
  int64_t certificates_ = 0;
  int64_t ticks_ = 0;
  int64_t control_end_ = 0;
  int64_t certificates_end_ = 0;
};

}  // namespace zaojing::sim
