// The lane's frame: states, retries, the assignment's beginning and end. Opening is in lane_open.cc and lane_restore.cc,
// running in lane_run.cc, the commit in lane_commit.cc.
#include "processors/runtime/lane.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

using State = Lane::State;

constexpr uint32_t Bit(State state) { return 1u << static_cast<uint32_t>(state); }

// Where each state may go; kFailed is open to all.
constexpr uint32_t Next(State from) {
  switch (from) {
    case State::kInit:
      return Bit(State::kIdle) | Bit(State::kRevoking);
    case State::kIdle:
      return Bit(State::kOpening) | Bit(State::kRevoking);
    case State::kOpening:
      return Bit(State::kRestoring) | Bit(State::kCatchingUp) | Bit(State::kRevoking);
    case State::kRestoring:
      return Bit(State::kOpening) | Bit(State::kCatchingUp) | Bit(State::kRevoking);
    case State::kCatchingUp:
      return Bit(State::kRunning) | Bit(State::kRevoking);
    case State::kRunning:
      return Bit(State::kBegin) | Bit(State::kRevoking);
    case State::kBegin:
      return Bit(State::kProduce) | Bit(State::kAbort) | Bit(State::kOpening);
    case State::kProduce:
      return Bit(State::kSendOffsets) | Bit(State::kAbort);
    case State::kSendOffsets:
      return Bit(State::kCommit) | Bit(State::kAbort);
    case State::kCommit:
      return Bit(State::kApply) | Bit(State::kAbort) | Bit(State::kResolve);
    case State::kApply:
    case State::kAbort:
      return Bit(State::kRunning);
    case State::kResolve:
      return Bit(State::kApply) | Bit(State::kAbort);
    case State::kRevoking:
      return Bit(State::kIdle) | Bit(State::kStopped);
    case State::kStopped:
    case State::kFailed:
      return 0;
  }
  return 0;
}

}  // namespace

Lane::Lane(LaneOptions options, Stage& stage, Log& log, StoreFactory& stores, ReferenceSource& references, Clock& clock,
           LaneObserver& observer)
    : options_(options),
      stage_(stage),
      log_(log),
      stores_(stores),
      references_(references),
      clock_(clock),
      observer_(observer) {}

Lane::~Lane() = default;

bool Lane::idle() const { return idle_; }

void Lane::RequestStop() { stop_requested_.store(true, std::memory_order_relaxed); }

int64_t Lane::step_started_us() const { return step_started_us_.load(std::memory_order_relaxed); }

void Lane::Move(State to) {
  ZAOJING_CHECK(to == State::kFailed || (Next(state_) & Bit(to)) != 0);
  state_ = to;
  quiet_turns_ = 0;
}

absl::Status Lane::Fail(absl::Status status) {
  Move(State::kFailed);
  return status;
}

absl::Status Lane::Step() {
  if (stopped()) return absl::OkStatus();
  now_us_ = clock_.MonotonicMicros();
  step_started_us_.store(now_us_, std::memory_order_relaxed);
  idle_ = false;
  if (now_us_ < not_before_us_) {
    idle_ = true;
    return absl::OkStatus();
  }
  const bool asked = stop_requested_.load(std::memory_order_relaxed);
  if (asked && ending_ == Ending::kNone) ending_ = Ending::kStop;  // what is revoked or lost ends as such first
  absl::Status status = Dispatch();
  if (status.ok()) {
    unavailable_since_us_ = 0;
    return status;
  }
  if (!absl::IsUnavailable(status)) return Fail(std::move(status));
  // The state is as before the call: the next Step makes it again.
  idle_ = true;
  if (unavailable_since_us_ == 0) unavailable_since_us_ = now_us_;
  if (now_us_ - unavailable_since_us_ > limits::kRetryDeadline) {
    return Fail(absl::UnavailableError(
        absl::StrCat("gave up after ", limits::kRetryDeadline / limits::kSecond, " s of retries: ", status.message())));
  }
  not_before_us_ = now_us_ + limits::kRetryBackoff;
  return absl::OkStatus();
}

absl::Status Lane::Dispatch() {
  switch (state_) {
    case State::kInit:
      if (ending_ == Ending::kStop) {
        Move(State::kRevoking);
        return absl::OkStatus();
      }
      RETURN_IF_ERROR(log_.InitProducer());
      Move(State::kIdle);
      return absl::OkStatus();
    case State::kIdle:
      return StepIdle();
    case State::kOpening:
    case State::kRestoring:
      return StepOpening();
    case State::kCatchingUp:
      return StepCatchingUp();
    case State::kRunning:
      return StepRunning();
    case State::kBegin:
      return StepBegin();
    case State::kProduce:
      return StepProduce();
    case State::kSendOffsets:
      return StepSendOffsets();
    case State::kCommit:
      return StepCommit();
    case State::kApply:
      return StepApply();
    case State::kAbort:
      return StepAbort();
    case State::kResolve:
      return StepResolve();
    case State::kRevoking:
      return StepRevoking();
    case State::kStopped:
    case State::kFailed:
      break;
  }
  return absl::OkStatus();
}

// --- Assignment's beginning and end ---

absl::Status Lane::StepIdle() {
  if (ending_ == Ending::kStop) {
    Move(State::kRevoking);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(PollResult result, log_.Poll(options_.poll_records_max, limits::kIdleWait));
  switch (result.kind) {
    case PollResult::Kind::kNothing:
      idle_ = true;
      return absl::OkStatus();
    case PollResult::Kind::kAssigned:
      return OnAssigned(result.partitions);
    case PollResult::Kind::kRevoked:
    case PollResult::Kind::kLost:
      return log_.Unassign();
    case PollResult::Kind::kRecords:
      break;
  }
  return absl::FailedPreconditionError("the log brought records of a partition nobody was assigned");
}

void Lane::Revoked(bool lost) {
  ending_ = lost ? Ending::kLost : Ending::kRevoked;
  observer_.OnRevoked(lost);
}

absl::Status Lane::StepRevoking() {
  const auto close = [&](uint32_t number, std::unique_ptr<Task> task) {
    std::unique_ptr<Store> store = task->Close();
    // What the group takes away it often gives back; a store whose task may go on elsewhere is not kept.
    if (ending_ == Ending::kRevoked) parked_[number] = std::move(store);
    observer_.OnTaskClosed(number);
    changelog_next_.erase(number);
    suspects_.erase(number);
    unflushed_.erase(number);
  };
  if (!opening_.empty()) {
    const auto first = opening_.begin();
    if (first->second.task != nullptr) {
      log_.CloseChangelog(ChangelogOf(first->first));
      if (ending_ != Ending::kLost) RETURN_IF_ERROR(first->second.task->Flush());
      close(first->first, std::move(first->second.task));
    }
    opening_.erase(first);
    return absl::OkStatus();
  }
  if (!tasks_.empty()) {
    const auto first = tasks_.begin();
    if (first->second->dirty()) first->second->Dropped();
    if (ending_ != Ending::kLost) RETURN_IF_ERROR(first->second->Flush());
    close(first->first, std::move(first->second));
    tasks_.erase(first);
    return absl::OkStatus();
  }
  if (ending_ == Ending::kStop) parked_.clear();
  RETURN_IF_ERROR(log_.Unassign());
  const bool stop = ending_ == Ending::kStop;
  ending_ = Ending::kNone;
  group_token_.clear();
  DropAll();
  Move(stop ? State::kStopped : State::kIdle);
  return absl::OkStatus();
}

// --- Names ---

std::vector<CommittedOffset> Lane::AllPositions() const {
  std::vector<CommittedOffset> all;
  for (const auto& [number, task] : tasks_) {
    for (CommittedOffset& position : task->positions()) all.push_back(std::move(position));
  }
  return all;
}

TopicPartition Lane::ChangelogOf(uint32_t task) const { return {stage_.changelog(), static_cast<int32_t>(task)}; }

std::string Lane::StoreName(uint32_t task) const { return absl::StrCat(ToAbsl(stage_.name()), "-", task); }

}  // namespace zaojing
