// The commit of a lane: one transaction for all dirty tasks, its abort, and the resolution of an uncertain one.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/lane.h"
#include "proto/check.h"
#include "proto/status_util.h"
#include "zaojing/v1/dead_letter.pb.h"

namespace zaojing {

absl::Status Lane::StepBegin() {
  if (pending_.empty()) {
    commit_began_us_ = now_us_;
    for (const auto& [number, task] : tasks_) {
      if (!task->dirty()) continue;
      absl::StatusOr<CommitUnit> unit = task->Freeze();
      if (absl::IsDataLoss(unit.status())) {
        const uint32_t bad = number;
        DropAll();
        Opening& opening = opening_[bad];
        opening.task = std::move(tasks_[bad]);
        tasks_.erase(bad);
        answered_ = false;
        Move(State::kOpening);
        return Rebuild(bad, opening,
                       unit.status().message().empty() ? "a read failed" : ToStd(unit.status().message()));
      }
      RETURN_IF_ERROR(unit.status());
      pending_.push_back({number, *std::move(unit)});
    }
    ZAOJING_CHECK(!pending_.empty());
    RETURN_IF_ERROR(CheckDeadLetters());
  }
  const absl::Status begun = log_.Begin();
  if (absl::IsAborted(begun)) return Aborted(begun);
  RETURN_IF_ERROR(begun);
  step_in_commit_ = 0;
  Move(State::kProduce);
  return absl::OkStatus();
}

// A schema mistake upstream would drain a topic into dead-letter; better to stop before the batch is committed.
absl::Status Lane::CheckDeadLetters() const {
  std::map<std::pair<std::string, v1::DeadLetterReason>, uint64_t> kinds;
  uint64_t letters = 0;
  for (const Pending& pending : pending_) {
    for (const OutputRecord& output : pending.unit.outputs) letters += output.topic == Topic::kDeadLetter ? 1 : 0;
  }
  const double share = limits::kDeadLetterBreakerShare * static_cast<double>(inputs_pending_);
  if (letters < limits::kDeadLetterBreakerMin || static_cast<double>(letters) <= share) return absl::OkStatus();
  for (const Pending& pending : pending_) {
    for (const OutputRecord& output : pending.unit.outputs) {
      v1::DeadLetter letter;
      if (output.topic != Topic::kDeadLetter || !letter.ParseFromString(output.value)) continue;
      ++kinds[{letter.topic(), letter.reason()}];
    }
  }
  const auto most =
      std::max_element(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto& [kind, count] = *most;
  return absl::InvalidArgumentError(
      absl::StrCat(letters, " of ", inputs_pending_, " records cannot be judged, most of them (", count, ") from ",
                   kind.first, " with ", v1::DeadLetterReason_Name(kind.second),
                   ": check the producer's schema and this program's version; nothing was committed"));
}

absl::Status Lane::StepProduce() {
  constexpr size_t kParts = 4;  // of a task
  const auto& [task, unit] = pending_[step_in_commit_ / kParts];
  absl::Status status;
  switch (step_in_commit_ % kParts) {
    case 0:
      if (!unit.outputs.empty()) status = log_.Produce(unit.outputs);
      break;
    case 1:
      if (!unit.changes.empty()) status = log_.ProduceChanges(ChangelogOf(task), unit.changes);
      break;
    case 2:
      status = log_.Produce({&unit.marker, 1});
      break;
    default:
      status = log_.Produce({&unit.journal, 1});
      break;
  }
  // Part of the records may be queued already, so the same call cannot be made again.
  if (absl::IsAborted(status) || absl::IsUnavailable(status)) return Aborted(status);
  RETURN_IF_ERROR(status);
  if (++step_in_commit_ == kParts * pending_.size()) Move(State::kSendOffsets);
  return absl::OkStatus();
}

absl::Status Lane::StepSendOffsets() {
  std::vector<CommittedOffset> offsets;
  for (const Pending& pending : pending_) {
    ZAOJING_CHECK(!pending.unit.offsets.empty());  // a transaction without offsets is not fenced
    offsets.insert(offsets.end(), pending.unit.offsets.begin(), pending.unit.offsets.end());
  }
  const absl::Status status = log_.SendOffsets(offsets);
  if (absl::IsAborted(status)) return Aborted(status);
  RETURN_IF_ERROR(status);
  Move(State::kCommit);
  return absl::OkStatus();
}

absl::Status Lane::StepCommit() {
  const absl::Status status = log_.Commit();
  if (absl::IsAborted(status)) return Aborted(status);
  const bool too_long = absl::IsUnavailable(status) && unavailable_since_us_ != 0 &&
                        now_us_ - unavailable_since_us_ > limits::kTransactionTimeout;
  if (absl::IsUnknown(status) || too_long) {
    renewed_ = false;
    Move(State::kResolve);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(status);
  for (const Pending& pending : pending_) {
    const int64_t end = log_.ProducedEnd(ChangelogOf(pending.task));
    // With no acknowledgement known the old position stands: replaying a commit onto itself changes nothing.
    if (end != kNoOffset) changelog_next_[pending.task] = end;
  }
  step_in_commit_ = 0;
  Move(State::kApply);
  return absl::OkStatus();
}

absl::Status Lane::StepApply() {
  Pending& pending = pending_[step_in_commit_];
  tasks_.at(pending.task)->Committed(pending.unit, changelog_next_.at(pending.task));
  for (const CommittedOffset& offset : pending.unit.offsets) group_token_[offset.at] = offset.metadata;
  rebuilds_.erase(pending.task);
  unflushed_[pending.task] += pending.unit.changes.size();
  if (++step_in_commit_ < pending_.size()) return absl::OkStatus();
  observer_.OnCommitted({inputs_pending_, commit_began_us_, clock_.MonotonicMicros(),
                         inputs_pending_ > 0 ? inputs_oldest_us_ : kNoTimestamp});
  for (const Pending& done : pending_) ForgetMarks(done.task, *tasks_.at(done.task));
  NothingPending();
  aborts_in_row_ = 0;
  Move(State::kRunning);
  return absl::OkStatus();
}

// --- When it does not go through ---

absl::Status Lane::Aborted(const absl::Status& why) {
  observer_.OnAborted(why);
  if (++aborts_in_row_ > limits::kAbortsInRowMax) {
    return absl::FailedPreconditionError(
        absl::StrCat(limits::kAbortsInRowMax, " transactions in a row were aborted: ", why.message()));
  }
  aborted_at_log_ = state_ == State::kBegin;  // nothing was begun, so nothing is to be ended
  Move(State::kAbort);
  return absl::OkStatus();
}

void Lane::DropAll() {
  for (const auto& [number, task] : tasks_) {
    if (task->dirty()) task->Dropped();
  }
  held_.reset();  // the rewind brings it again
  NothingPending();
}

void Lane::NothingPending() {
  pending_.clear();
  work_.Clear();
  alone_ = false;
  inputs_pending_ = 0;
  dirty_since_us_ = 0;
  ticked_since_us_ = 0;
  drained_ = false;
}

absl::Status Lane::StepAbort() {
  if (!aborted_at_log_) {
    RETURN_IF_ERROR(log_.Abort());
    aborted_at_log_ = true;
    DropAll();
    return absl::OkStatus();
  }
  if (!pending_.empty()) DropAll();
  // A revocation still waits for its answer, which is Unassign; otherwise all partitions are read again from the last
  // commit, those of clean tasks too, because what the log prefetched is of one piece.
  if (ending_ == Ending::kNone || ending_ == Ending::kStop) RETURN_IF_ERROR(log_.Assign(AllPositions()));
  const int doublings = std::min(std::max(aborts_in_row_ - 1, 0), 10);
  if (aborts_in_row_ > 0) {
    not_before_us_ = now_us_ + std::min(limits::kAbortBackoffMin << doublings, limits::kAbortBackoffMax);
  }
  Move(State::kRunning);
  return absl::OkStatus();
}

absl::Status Lane::StepResolve() {
  if (!renewed_) {
    RETURN_IF_ERROR(log_.InitProducer());
    renewed_ = true;
    return absl::OkStatus();
  }
  std::vector<TopicPartition> partitions;
  for (const Pending& pending : pending_) {
    for (const CommittedOffset& offset : pending.unit.offsets) partitions.push_back(offset.at);
  }
  ASSIGN_OR_RETURN(const std::vector<CommittedOffset> committed, log_.Committed(partitions));
  return DecideOutcome(committed);
}

absl::Status Lane::DecideOutcome(const std::vector<CommittedOffset>& committed) {
  size_t ours = 0;
  size_t before = 0;
  size_t i = 0;
  for (const Pending& pending : pending_) {
    for (const CommittedOffset& offset : pending.unit.offsets) {
      ZAOJING_CHECK(i < committed.size() && committed[i].at == offset.at);
      if (committed[i].metadata == offset.metadata) {
        ++ours;
      } else if (committed[i].next != kNoOffset && committed[i].metadata == group_token_[offset.at]) {
        // Without an offset nothing is known: coordinators have answered so while they were loading.
        ++before;
      }
      ++i;
    }
  }
  if (ours + before < i) {
    return absl::FailedPreconditionError(
        "a commit is uncertain and the group's offsets are neither ours nor those before it (another lane "
        "took a "
        "partition over, or they were reset); a restart finds the truth in the changelog");
  }
  if (ours > 0 && before > 0) {
    return absl::DataLossError("an uncertain transaction was committed in part: the broker broke its promise");
  }
  observer_.OnResolved(ours > 0);
  if (ours > 0) {
    // What the old producer had acknowledged is not known; the stores keep their old changelog position.
    step_in_commit_ = 0;
    Move(State::kApply);
    return absl::OkStatus();
  }
  aborted_at_log_ = true;
  Move(State::kAbort);
  return absl::OkStatus();
}

}  // namespace zaojing
