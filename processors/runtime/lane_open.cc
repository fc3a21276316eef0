// From an assignment to running tasks: stores opened, beginnings found, references caught up. What happens between, the
// restore and the verdict on it, is in lane_restore.cc.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/lane.h"
#include "processors/runtime/progress.h"
#include "proto/check.h"
#include "proto/status_util.h"

namespace zaojing {

absl::Status Lane::OnAssigned(const std::vector<TopicPartition>& partitions) {
  observer_.OnAssigned(partitions);
  std::map<uint32_t, size_t> topics;
  for (const TopicPartition& at : partitions) ++topics[static_cast<uint32_t>(at.partition)];
  if (topics.size() > static_cast<size_t>(limits::kTasksPerLaneMax)) {
    return absl::FailedPreconditionError(absl::StrCat(topics.size(), " tasks for one lane, at most ",
                                                      limits::kTasksPerLaneMax, " can be served: start more lanes"));
  }
  for (const auto& [number, count] : topics) {
    if (count != stage_.inputs().size()) {
      return absl::FailedPreconditionError(
          absl::StrCat("partition ", number, " came for ", count, " of ", stage_.inputs().size(),
                       " input topics: create them with one number of partitions, and run one version in all workers"));
    }
    opening_.emplace(number, Opening{});
  }
  std::erase_if(parked_, [&](const auto& parked) { return !topics.contains(parked.first); });
  rebuilds_.clear();
  answered_ = false;
  Move(State::kOpening);
  return absl::OkStatus();
}

// One task's next interaction and a look at the group take turns.
absl::Status Lane::StepOpening() {
  if (ending_ != Ending::kNone) {
    Move(State::kRevoking);
    return absl::OkStatus();
  }
  if (!answered_) {
    RETURN_IF_ERROR(log_.Assign({}));
    answered_ = true;
    return absl::OkStatus();
  }
  if (cluster_id_.empty()) {
    ASSIGN_OR_RETURN(cluster_id_, log_.ClusterId());
    return absl::OkStatus();
  }
  if (turn_++ % 2 == 0) return PollMembership();
  bool reading = true;
  for (const auto& [number, opening] : opening_) reading = reading && opening.phase >= Opening::Phase::kReading;
  if (const State now = reading ? State::kRestoring : State::kOpening; !opening_.empty() && state_ != now) Move(now);
  // The first that still has something to do; restores advance one after the other.
  for (auto& [number, opening] : opening_) {
    if (opening.phase != Opening::Phase::kReady) return OpenNext(number, opening);
  }
  for (auto& [number, opening] : opening_) {
    RETURN_IF_ERROR(opening.task->Start());
    opening.task->BeginAt(opening.beginnings);
    LoadMarks(number, *opening.task);
    observer_.OnTaskStarted(*opening.task);
    tasks_[number] = std::move(opening.task);
  }
  opening_.clear();
  Move(State::kCatchingUp);
  return absl::OkStatus();
}

absl::Status Lane::PollMembership() {
  absl::StatusOr<PollResult> result = log_.Poll(1, 0);
  if (absl::IsUnavailable(result.status())) return absl::OkStatus();
  RETURN_IF_ERROR(result.status());
  switch (result->kind) {
    case PollResult::Kind::kNothing:
      return absl::OkStatus();
    case PollResult::Kind::kRevoked:
    case PollResult::Kind::kLost:
      Revoked(result->kind == PollResult::Kind::kLost);
      Move(State::kRevoking);
      return absl::OkStatus();
    case PollResult::Kind::kAssigned:
    case PollResult::Kind::kRecords:
      break;
  }
  return absl::FailedPreconditionError("the log brought records or partitions while none were asked for");
}

absl::Status Lane::OpenNext(uint32_t number, Opening& opening) {
  switch (opening.phase) {
    case Opening::Phase::kStore:
      return OpenStore(number, opening);
    case Opening::Phase::kCommitted: {
      std::vector<TopicPartition> partitions;
      for (Topic topic : stage_.inputs()) partitions.push_back({topic, static_cast<int32_t>(number)});
      ASSIGN_OR_RETURN(opening.committed, log_.Committed(partitions));
      for (const CommittedOffset& offset : opening.committed) group_token_[offset.at] = offset.metadata;
      opening.phase = Opening::Phase::kBounds;
      return absl::OkStatus();
    }
    case Opening::Phase::kBounds: {
      // After the stable offsets, and read-uncommitted: whatever the group has committed lies below.
      ASSIGN_OR_RETURN(opening.bounds, log_.Bounds(ChangelogOf(number)));
      return ChooseStart(number, opening);
    }
    case Opening::Phase::kWalk: {
      const absl::Status opened = log_.OpenChangelog(ChangelogOf(number), opening.position);
      if (absl::IsDataLoss(opened)) return Overtaken(number, opening, opened);
      RETURN_IF_ERROR(opened);
      opening.phase = Opening::Phase::kReading;
      return absl::OkStatus();
    }
    case Opening::Phase::kReading:
      return ReadOn(number, opening);
    case Opening::Phase::kVerify:
      return Verify(number, opening);
    case Opening::Phase::kBeginnings:
      return FindBeginning(opening);
    case Opening::Phase::kReady:
      break;
  }
  return absl::OkStatus();
}

absl::Status Lane::OpenStore(uint32_t number, Opening& opening) {
  std::unique_ptr<Store> store;
  if (const auto parked = parked_.find(number); parked != parked_.end()) {
    store = std::move(parked->second);
    parked_.erase(parked);
    opening.parked = true;
  } else {
    absl::StatusOr<std::unique_ptr<Store>> opened = stores_.Open(StoreName(number));
    if (absl::IsDataLoss(opened.status())) return Rebuild(number, opening, ToStd(opened.status().message()));
    RETURN_IF_ERROR(opened.status());
    store = *std::move(opened);
  }
  TaskOptions options;
  options.task = number;
  options.partitions = options_.partitions;
  options.cluster_id = cluster_id_;
  options.memory = options_.memory();
  opening.task = std::make_unique<Task>(std::move(options), stage_, references_.registry(), std::move(store));
  const absl::Status loaded = opening.task->LoadMarker();
  if (absl::IsDataLoss(loaded)) return Rebuild(number, opening, ToStd(loaded.message()));
  RETURN_IF_ERROR(loaded);
  const absl::StatusOr<bool> vouched = opening.task->Vouched();
  if (absl::IsDataLoss(vouched.status())) return Rebuild(number, opening, ToStd(vouched.status().message()));
  RETURN_IF_ERROR(vouched.status());
  opening.vouched = *vouched;
  opening.phase = Opening::Phase::kCommitted;
  return absl::OkStatus();
}

absl::Status Lane::ChooseStart(uint32_t number, Opening& opening) {
  const absl::StatusOr<int64_t> stored = opening.task->ChangelogPosition();
  if (absl::IsDataLoss(stored.status())) return Rebuild(number, opening, ToStd(stored.status().message()));
  RETURN_IF_ERROR(stored.status());
  const PartitionBounds& bounds = opening.bounds;
  if (*stored == kNoOffset) {
    if (opening.task->marker()) return Rebuild(number, opening, "the store has a marker but no changelog position");
    opening.from_zero = true;
    opening.position = bounds.low;
  } else if (*stored < bounds.low || *stored > bounds.high) {
    return Rebuild(number, opening,
                   absl::StrCat("the store stands at changelog offset ", *stored, ", the log has ", bounds.low, " to ",
                                bounds.high));
  } else {
    opening.position = *stored;
  }
  changelog_next_[number] = opening.position;
  opening.from = opening.position;
  opening.phase = Opening::Phase::kWalk;
  // A parked store whose last commit is the group's has missed nothing.
  if (opening.parked && opening.vouched && opening.task->marker()) {
    const std::string token = ProgressToken(*opening.task->marker());
    const bool same = std::all_of(opening.committed.begin(), opening.committed.end(),
                                  [&](const CommittedOffset& offset) { return offset.metadata == token; });
    if (same) opening.phase = Opening::Phase::kReady;
  }
  return absl::OkStatus();
}

// An input that was never read begins at its oldest record: each of a task that never ran, and what the stage has
// gained since the last commit. Whatever the group says of such an input, no commit of ours has said it.
absl::Status Lane::FindBeginning(Opening& opening) {
  const std::vector<TopicPartition> unread = opening.task->Unread();
  const TopicPartition at = unread[opening.beginnings.size()];
  ASSIGN_OR_RETURN(const PartitionBounds bounds, log_.Bounds(at));
  opening.beginnings.push_back({at, bounds.low, ""});
  if (opening.beginnings.size() < unread.size()) return absl::OkStatus();
  opening.phase = Opening::Phase::kReady;
  return opening.task->Vouch();
}

absl::Status Lane::StepCatchingUp() {
  if (ending_ != Ending::kNone) {
    Move(State::kRevoking);
    return absl::OkStatus();
  }
  if (turn_++ % 2 == 0) return PollMembership();
  const bool caught_up = references_.CaughtUp();
  ASSIGN_OR_RETURN(const bool facts, TakeReferences());
  if (facts) return absl::OkStatus();
  // Tasks that stepped over what is there already would hold up who reads the rest.
  if (!caught_up) {
    idle_ = true;
    return absl::OkStatus();
  }
  const StateMemory memory = options_.memory();
  for (const auto& [number, task] : tasks_) task->BoundTo(memory);
  if (AdvanceTasks()) return absl::OkStatus();
  // No task judges before this line.
  RETURN_IF_ERROR(log_.Assign(AllPositions()));
  dirty_since_us_ = dirty() ? now_us_ : 0;
  drained_ = false;
  behind_low_ = kNoOffset;
  observer_.OnRunning();
  Move(State::kRunning);
  return absl::OkStatus();
}

}  // namespace zaojing
