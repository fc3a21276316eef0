#include "tests/sim/sim_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing::sim {
namespace {

constexpr size_t kChangelogBatch = 7;  // small, so that transactions are cut across batches
constexpr TopicPartition kControlLog{Topic::kControl, 0};
constexpr TopicPartition kCertificateLog{Topic::kCertificates, 0};
constexpr TopicPartition kTickLog{Topic::kTicks, 0};

class ViewBatch final : public RecordBatch {
 public:
  void Add(std::vector<Record> records) {
    if (records_.empty()) {
      records_ = std::move(records);
    } else {
      records_.insert(records_.end(), records.begin(), records.end());
    }
  }
  size_t size() const { return records_.size(); }
};

}  // namespace

absl::Status SimLog::Draw(Call call) {
  Heartbeat();
  switch (faults_.Draw(call)) {
    case Fault::kUnavailable:
      return absl::UnavailableError("injected");
    case Fault::kAborted:
      phase_ = Phase::kLost;
      return absl::AbortedError("injected");
    default:
      return absl::OkStatus();
  }
}

// --- Inputs ---

void SimLog::Heartbeat() {
  if (seat_ == Seat::kOut || fenced_) return;
  fenced_ = broker_.Heartbeat(options_.group, options_.instance, member_, clock_.now_us()) == Membership::kUnknown;
}

absl::StatusOr<PollResult> SimLog::Poll(size_t records_max, int64_t /*wait_us*/) {
  RETURN_IF_ERROR(Draw(Call::kPoll));
  ZAOJING_CHECK(seat_ != Seat::kAsked);  // the last event was not answered
  PollResult result;
  if (seat_ == Seat::kHeld) {
    const Membership answer = broker_.Heartbeat(options_.group, options_.instance, member_, clock_.now_us());
    if (answer == Membership::kStable) return FetchInputs(records_max);
    result.kind = answer == Membership::kUnknown ? PollResult::Kind::kLost : PollResult::Kind::kRevoked;
    result.partitions = held_;
    seat_ = Seat::kAsked;
    taken_ = true;
    return result;
  }
  if (seat_ == Seat::kOut || fenced_) {
    member_ = broker_.Join(options_.group, options_.instance, options_.topics, clock_.now_us());
    fenced_ = false;
    seat_ = Seat::kJoining;
  }
  // A further member may have come while this one was waiting for its assignment.
  if (broker_.Heartbeat(options_.group, options_.instance, member_, clock_.now_us()) == Membership::kRebalancing) {
    broker_.Rejoin(options_.group, options_.instance, clock_.now_us());
  }
  const auto assignment = broker_.Assignment(options_.group, options_.instance, &generation_);
  if (!assignment) return result;
  held_ = *assignment;
  result.kind = PollResult::Kind::kAssigned;
  result.partitions = held_;
  seat_ = Seat::kAsked;
  taken_ = false;
  return result;
}

PollResult SimLog::FetchInputs(size_t records_max) {
  PollResult result;
  auto batch = std::make_unique<ViewBatch>();
  for (auto& [at, position] : positions_) {
    if (batch->size() >= records_max) break;
    ZAOJING_CHECK(position >= broker_.Low(at));
    batch->Add(broker_.Fetch(at, position, records_max - batch->size(), &position));
  }
  if (batch->size() == 0) return result;
  result.kind = PollResult::Kind::kRecords;
  result.batch = std::move(batch);
  return result;
}

absl::Status SimLog::Assign(std::span<const CommittedOffset> positions) {
  RETURN_IF_ERROR(Draw(Call::kAssign));
  ZAOJING_CHECK(seat_ == Seat::kHeld || (seat_ == Seat::kAsked && !taken_));
  seat_ = Seat::kHeld;
  if (std::exchange(skip_assign_, false)) return absl::OkStatus();
  positions_.clear();
  for (const CommittedOffset& position : positions) {
    ZAOJING_CHECK(std::find(held_.begin(), held_.end(), position.at) != held_.end());
    positions_[position.at] = position.next;
  }
  return absl::OkStatus();
}

absl::Status SimLog::Unassign() {
  RETURN_IF_ERROR(Draw(Call::kUnassign));
  positions_.clear();
  held_.clear();
  if (fenced_) {
    seat_ = Seat::kOut;
  } else if (seat_ == Seat::kAsked || seat_ == Seat::kHeld) {
    seat_ = Seat::kJoining;
    broker_.Rejoin(options_.group, options_.instance, clock_.now_us());
  }
  return absl::OkStatus();
}

int64_t SimLog::Behind() {
  if (positions_.empty()) return kNoOffset;
  int64_t behind = 0;
  for (const auto& [at, position] : positions_) behind += broker_.High(at) - position;
  return behind;
}

absl::StatusOr<std::vector<CommittedOffset>> SimLog::Committed(std::span<const TopicPartition> partitions) {
  RETURN_IF_ERROR(Draw(Call::kCommitted));
  return broker_.Offsets(options_.group, partitions);
}

// --- Transactions ---

absl::Status SimLog::InitProducer() {
  RETURN_IF_ERROR(Draw(Call::kInitProducer));
  if (options_.bug == PlantedBug::kNoEpochBump && identity_.id >= 0) {
    (void)broker_.EndTransaction(identity_, false);
  } else {
    identity_ = broker_.InitProducer(options_.instance, clock_.now_us());
  }
  added_.clear();
  phase_ = Phase::kReady;
  return absl::OkStatus();
}

absl::Status SimLog::Begin() {
  RETURN_IF_ERROR(Draw(Call::kBegin));
  ZAOJING_CHECK(phase_ == Phase::kReady);
  phase_ = Phase::kOpen;
  added_.clear();
  return absl::OkStatus();
}

absl::Status SimLog::Produce(std::span<const OutputRecord> records) {
  ZAOJING_CHECK(phase_ == Phase::kOpen);
  absl::Status drawn = Draw(Call::kProduce);
  if (absl::IsUnavailable(drawn)) records = records.first(records.size() / 2);  // some are in, who knows which
  if (absl::IsAborted(drawn)) return drawn;
  for (const OutputRecord& record : records) {
    const TopicPartition at{record.topic, record.partition};
    if (added_.insert(at).second) RETURN_IF_ERROR(broker_.AddPartition(identity_, at, clock_.now_us()));
    RETURN_IF_ERROR(broker_.Produce(identity_, {&record, 1}));
    produced_end_[at] = broker_.High(at);
  }
  return drawn;
}

absl::Status SimLog::SendOffsets(std::span<const CommittedOffset> offsets) {
  RETURN_IF_ERROR(Draw(Call::kSendOffsets));
  ZAOJING_CHECK(phase_ == Phase::kOpen && !offsets.empty());
  if (options_.bug == PlantedBug::kOffsetsOutside) {
    broker_.SetOffsets(options_.group, offsets);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(broker_.AddGroup(identity_, options_.group, clock_.now_us()));
  absl::Status status =
      broker_.CommitOffsets(identity_, {options_.group, options_.instance, member_, generation_}, offsets);
  if (absl::IsAborted(status)) phase_ = Phase::kLost;
  return status;
}

absl::Status SimLog::Commit() {
  Heartbeat();
  if (phase_ == Phase::kLost) return absl::AbortedError("the transaction was lost");
  ZAOJING_CHECK(phase_ == Phase::kOpen);
  switch (faults_.Draw(Call::kCommit)) {
    case Fault::kUnavailable:
      return absl::UnavailableError("injected");
    case Fault::kAborted:
      phase_ = Phase::kLost;
      return absl::AbortedError("injected");
    case Fault::kAnswerLost:
      (void)broker_.EndTransaction(identity_, true);
      break;
    case Fault::kDelayed:
      broker_.DelayEnd(identity_, true);
      break;
    case Fault::kRequestLost:
      break;
    case Fault::kNone:
      RETURN_IF_ERROR(broker_.EndTransaction(identity_, true));
      phase_ = Phase::kReady;
      return absl::OkStatus();
  }
  phase_ = Phase::kUncertain;
  return absl::UnknownError("no answer to the end of the transaction");
}

absl::Status SimLog::Abort() {
  Heartbeat();
  if (faults_.Draw(Call::kAbort) == Fault::kUnavailable) return absl::UnavailableError("injected");
  ZAOJING_CHECK(phase_ == Phase::kOpen || phase_ == Phase::kLost);
  // A transaction nothing was sent for is unknown to the broker, and a client need not end it.
  if (!added_.empty()) RETURN_IF_ERROR(broker_.EndTransaction(identity_, false));
  phase_ = Phase::kReady;
  skip_assign_ = options_.bug == PlantedBug::kNoRewindAfterAbort;
  return absl::OkStatus();
}

int64_t SimLog::ProducedEnd(TopicPartition at) {
  const auto found = produced_end_.find(at);
  return found == produced_end_.end() ? kNoOffset : found->second;
}

// --- Changelog ---

absl::StatusOr<PartitionBounds> SimLog::Bounds(TopicPartition changelog) {
  RETURN_IF_ERROR(Draw(Call::kBounds));
  const bool stable_only = options_.bug == PlantedBug::kRestoreToLastStable;
  return PartitionBounds{broker_.Low(changelog), stable_only ? broker_.LastStable(changelog) : broker_.High(changelog)};
}

absl::Status SimLog::OpenChangelog(TopicPartition changelog, int64_t from) {
  RETURN_IF_ERROR(Draw(Call::kOpenChangelog));
  if (from < broker_.Low(changelog)) return absl::DataLossError("offset out of range");
  changelogs_[changelog] = from;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RecordBatch>> SimLog::ReadChangelog(TopicPartition changelog, int64_t* position) {
  RETURN_IF_ERROR(Draw(Call::kReadChangelog));
  const auto walk = changelogs_.find(changelog);
  ZAOJING_CHECK(walk != changelogs_.end());
  if (walk->second < broker_.Low(changelog)) return absl::DataLossError("offset out of range");
  auto batch = std::make_unique<ViewBatch>();
  batch->Add(broker_.Fetch(changelog, walk->second, kChangelogBatch, &walk->second));
  *position = walk->second;
  return batch;
}

void SimLog::CloseChangelog(TopicPartition changelog) { changelogs_.erase(changelog); }

absl::StatusOr<std::string> SimLog::ClusterId() {
  RETURN_IF_ERROR(Draw(Call::kClusterId));
  return "sim";
}

// --- Reference ---

SimReferenceFeed::SimReferenceFeed(SimBroker& broker)
    : broker_(broker),
      ticks_(broker.High(kTickLog)),
      control_end_(broker.LastStable(kControlLog)),
      certificates_end_(broker.LastStable(kCertificateLog)) {}

absl::StatusOr<std::unique_ptr<RecordBatch>> SimReferenceFeed::Poll(size_t records_max, int64_t /*wait_us*/) {
  auto batch = std::make_unique<ViewBatch>();
  batch->Add(broker_.Fetch(kControlLog, control_, records_max, &control_));
  batch->Add(broker_.Fetch(kCertificateLog, certificates_, records_max - batch->size(), &certificates_));
  batch->Add(broker_.Fetch(kTickLog, ticks_, records_max - batch->size(), &ticks_));
  return batch;
}

bool SimReferenceFeed::CaughtUp() const { return control_ >= control_end_ && certificates_ >= certificates_end_; }

}  // namespace zaojing::sim
