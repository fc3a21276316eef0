// A lane that runs: references, inputs and slices in turns, until a commit or a flush is due.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ingest/decoder.h"
#include "processors/runtime/lane.h"
#include "proto/check.h"
#include "proto/fetch_ahead.h"
#include "proto/status_util.h"

namespace zaojing {

absl::Status Lane::StepRunning() {
  if (ending_ != Ending::kNone) {
    Move(ending_ != Ending::kLost && dirty() ? State::kBegin : State::kRevoking);
    return absl::OkStatus();
  }
  if (CommitDue()) {
    Move(State::kBegin);
    return absl::OkStatus();
  }
  if (FlushDue()) {
    idle_ = quiet_turns_ >= 3 && dirty_since_us_ == 0;  // housekeeping is no sign of inputs
    return FlushNext();
  }
  // Inputs, references and slices take turns, so that none of them starves another.
  ++quiet_turns_;
  switch (turn_++ % 3) {
    case 0:
      RETURN_IF_ERROR(PollReferences());
      break;
    case 1:
      RETURN_IF_ERROR(PollInputs());
      break;
    default:
      if (RunSlices()) Worked();
      break;
  }
  idle_ = quiet_turns_ >= 3 && dirty_since_us_ == 0;
  return absl::OkStatus();
}

void Lane::Worked() {
  quiet_turns_ = 0;
  if (dirty_since_us_ == 0 && dirty()) dirty_since_us_ = now_us_;
}

bool Lane::dirty() const {
  return std::any_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return task.second->dirty(); });
}

bool Lane::CommitDue() {
  if (alone_ || (held_ != nullptr && dirty())) return true;
  if (dirty_since_us_ == 0) {
    return ticked_since_us_ != 0 && now_us_ - ticked_since_us_ >= limits::kTickCommitInterval;
  }
  if (now_us_ - dirty_since_us_ >= options_.commit_interval_us) return true;
  // The lag is small: what was ready is in, and a commit begun now is the soonest answer.
  if (drained_ && (inputs_pending_ > 0 || quiet_turns_ >= 3)) return true;
  // Slices alone: nobody waits for one answer, but a take-down should not wait for the whole fan-out either.
  if (drained_ && now_us_ - dirty_since_us_ >= options_.commit_interval_us / 10) return true;
  size_t bytes = 0;
  size_t records = 0;
  for (const auto& [number, task] : tasks_) {
    bytes += task->pending_bytes();
    records += task->pending_records();
  }
  return bytes >= limits::kCommitBytes || records >= limits::kCommitRecords;
}

absl::Status Lane::PollInputs() {
  if (held_ != nullptr) {
    ApplyHeld();
    return absl::OkStatus();
  }
  const int64_t wait_us = quiet_turns_ >= 3 && dirty_since_us_ == 0 ? limits::kIdleWait : 0;
  const size_t records_max = suspects_.empty() ? options_.poll_records_max : 1;
  absl::StatusOr<PollResult> polled = log_.Poll(records_max, wait_us);
  // No inputs for a while is no reason to give up; what is pending is committed all the same.
  if (absl::IsUnavailable(polled.status())) {
    drained_ = true;
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(polled.status());
  switch (polled->kind) {
    case PollResult::Kind::kNothing:
      drained_ = true;
      return absl::OkStatus();
    case PollResult::Kind::kRevoked:
    case PollResult::Kind::kLost:
      Revoked(polled->kind == PollResult::Kind::kLost);
      return absl::OkStatus();
    case PollResult::Kind::kAssigned:
      return absl::FailedPreconditionError("the log assigned partitions without taking away the old ones");
    case PollResult::Kind::kRecords:
      break;
  }
  if (!suspects_.empty() && TreatmentOf(polled->batch->records()[0]) != Suspects::Treatment::kNormal) {
    held_ = std::move(polled->batch);
    if (!dirty()) ApplyHeld();
    return absl::OkStatus();
  }
  const std::span<const Record> records = polled->batch->records();
  ApplyAll(records);
  if (inputs_pending_ == 0) inputs_oldest_us_ = records.front().timestamp;
  inputs_pending_ += records.size();
  drained_ = records.size() < records_max;
  Worked();
  return absl::OkStatus();
}

// What a record asks for lies anywhere in memory, and is fetched while the records before it are judged.
void Lane::ApplyAll(std::span<const Record> records) {
  constexpr size_t kLinkAhead = 6;  // records between one link and the next
  constexpr size_t kAhead = kLinkAhead * Task::kLinks;
  targets_.clear();
  for (const Record& record : records) {
    const auto task = tasks_.find(static_cast<uint32_t>(record.partition));
    ZAOJING_CHECK(task != tasks_.end());
    targets_.push_back({task->second.get(), {}});
  }
  const RegistryReading reading(references_);
  for (size_t i = 0; i < records.size() + kAhead; ++i) {
    // Another core has just written them.
    if (i + kLinkAhead < records.size()) {
      FetchAhead(records[i + kLinkAhead].key);
      FetchAhead(records[i + kLinkAhead].value);
    }
    if (i < records.size()) {
      work_.Set(targets_[i].task->task(), records[i], false);
      targets_[i].hint = targets_[i].task->HintOf(records[i]);
    }
    for (size_t link = 0; link < Task::kLinks; ++link) {
      const size_t behind = link * kLinkAhead;
      if (i < behind || i - behind >= records.size()) continue;
      const Target& target = targets_[i - behind];
      target.task->PrefetchLink(link, target.hint);
    }
    if (i < kAhead) continue;
    Task& task = *targets_[i - kAhead].task;
    work_.Set(task.task(), records[i - kAhead], false);
    task.Apply(records[i - kAhead]);
    if (i % limits::kRecordsWithinBound == 0) references_.KeepWithinBound();
  }
}

// --- Records that may kill the process ---

void Lane::LoadMarks(uint32_t number, const Task& task) {
  if (options_.marks == nullptr) return;
  const std::vector<CrashMark> marks = options_.marks->Of(number);
  if (marks.empty()) return;
  Suspects suspects(marks, task.positions());
  if (suspects.empty()) {
    options_.marks->Clear(number);
    return;
  }
  observer_.OnNotice(absl::StrCat(StoreName(number), ": the process died ", suspects.deaths(),
                                  " times over records of ",
                                  "one batch; they are taken one at a time until they are passed"));
  suspects_[number] = std::move(suspects);
}

void Lane::ForgetMarks(uint32_t number, const Task& task) {
  const auto found = suspects_.find(number);
  if (found == suspects_.end() || !found->second.Over(task.positions())) return;
  suspects_.erase(found);
  options_.marks->Clear(number);
}

Suspects::Treatment Lane::TreatmentOf(const Record& record) const {
  const auto found = suspects_.find(static_cast<uint32_t>(record.partition));
  return found == suspects_.end() ? Suspects::Treatment::kNormal : found->second.Of(record.topic, record.offset);
}

// REQUIRES that nothing else is pending: whatever happens until the commit is this record's doing.
void Lane::ApplyHeld() {
  ZAOJING_CHECK(!dirty());
  const std::unique_ptr<RecordBatch> batch = std::move(held_);
  const Record& record = batch->records()[0];
  const auto task = tasks_.find(static_cast<uint32_t>(record.partition));
  ZAOJING_CHECK(task != tasks_.end());
  if (TreatmentOf(record) == Suspects::Treatment::kSkip) {
    observer_.OnNotice(absl::StrCat(StoreName(task->first), ": ", ToAbsl(NameOf(record.topic)), "/", record.partition,
                                    " offset ", record.offset,
                                    " skipped and dead-lettered: it killed the process with nothing beside it"));
    task->second->Skip(record);
  } else {
    work_.Set(task->first, record, true);
    const RegistryReading reading(references_);
    task->second->Apply(record);
  }
  if (inputs_pending_ == 0) inputs_oldest_us_ = record.timestamp;
  ++inputs_pending_;
  alone_ = true;
  drained_ = false;
  Worked();
}

absl::Status Lane::PollReferences() {
  // After a dropped transaction tasks stand behind the registry; they catch up before it grows.
  if (AdvanceTasks()) {
    Worked();
    return absl::OkStatus();
  }
  const absl::StatusOr<bool> facts = TakeReferences();
  if (absl::IsUnavailable(facts.status())) return absl::OkStatus();
  RETURN_IF_ERROR(facts.status());
  if (AdvanceTasks() || *facts) {
    Worked();
    return absl::OkStatus();
  }
  ApplyTick();
  return absl::OkStatus();
}

absl::StatusOr<bool> Lane::TakeReferences() {
  ticks_.clear();
  absl::StatusOr<bool> facts = references_.Poll(options_.poll_records_max, &ticks_);
  for (const int64_t tick : ticks_) TakeTick(tick);
  return facts;
}

// A clock that is wrong must not carry every task into the future for good, so two clocks have to agree. What was
// applied stands in the journal, so a replay asks no clock.
void Lane::TakeTick(int64_t tick) {
  const int64_t now = clock_.WallMicros();
  if (tick <= now + limits::kFutureMax) {
    tick_ = std::max(tick_, tick);
    return;
  }
  if (tick_refused_us_ != 0 && now_us_ - tick_refused_us_ < limits::kMinute) return;
  tick_refused_us_ = now_us_;
  observer_.OnNotice(absl::StrCat("a tick ", (tick - now) / limits::kSecond,
                                  " s ahead of this machine's clock is not applied: set the clocks, of the worker "
                                  "that has risk and of this one"));
}

// At their end; or, where records go on coming or a transaction is open, no nearer to it for as long as a tick takes to
// come. A few thousand records that were there before the lane are read first, however small the batch they fit in.
bool Lane::InputsRead() {
  const int64_t behind = log_.Behind();
  if (behind == kNoOffset || behind >= static_cast<int64_t>(limits::kPollRecordsMax)) return false;
  if (behind == 0) return true;
  if (behind_low_ == kNoOffset || behind < behind_low_) {
    behind_low_ = behind;
    behind_low_us_ = now_us_;
  }
  return drained_ && now_us_ - behind_low_us_ >= limits::kTickInterval;
}

void Lane::ApplyTick() {
  if (tick_ == 0 || !InputsRead()) return;
  const int64_t tick = std::exchange(tick_, 0);
  behind_low_ = kNoOffset;
  bool worked = false;
  const RegistryReading reading(references_);
  for (const auto& [number, task] : tasks_) worked = task->Tick(tick) || worked;
  if (worked) {
    Worked();
  } else if (ticked_since_us_ == 0 && dirty()) {
    ticked_since_us_ = now_us_;
  }
}

// Every task takes the facts it has not seen, by topic rank; at most a poll's worth in one Step.
bool Lane::AdvanceTasks() {
  const RegistryReading reading(references_);
  const Registry& registry = references_.registry();
  size_t left = options_.poll_records_max;
  for (const auto& [number, task] : tasks_) {
    for (const Topic topic : kReferenceTopics) {
      for (; left > 0; --left) {
        const int64_t at = task->cursor().Of(topic);
        if (at >= registry.size(topic)) break;
        task->AdvanceReference(registry.At(topic, at));
      }
    }
  }
  return left < options_.poll_records_max;
}

// Of each task so many listings, whatever jobs they are of: a day of many small changes is not to take a turn for each.
bool Lane::RunSlices() {
  bool worked = false;
  const RegistryReading reading(references_);
  for (const auto& [number, task] : tasks_) {
    for (uint64_t left = options_.slice_listings_max; left > 0 && task->HasJobs();) {
      const uint64_t cost = task->RunSlice(left) + limits::kJobListings;
      left -= std::min(left, cost);
      worked = true;
    }
    references_.KeepWithinBound();
  }
  return worked;
}

// Tasks are flushed one at a time, evenly over the interval, so that no look-up waits for all of them.
bool Lane::FlushDue() {
  if (unflushed_.empty()) {
    flushed_us_ = now_us_;
    return false;
  }
  const auto tasks = static_cast<int64_t>(std::max<size_t>(tasks_.size(), 1));
  if (now_us_ - flushed_us_ >= limits::kFlushIntervalMax / tasks) {
    const auto next = unflushed_.lower_bound(flush_next_);
    flush_next_ = next == unflushed_.end() ? unflushed_.begin()->first : next->first;
    return true;
  }
  for (const auto& [number, records] : unflushed_) {
    const auto task = tasks_.find(number);
    if (records < limits::kFlushRecordsMax && (task == tasks_.end() || !task->second->FlushPressing())) {
      continue;
    }
    flush_next_ = number;
    return true;
  }
  return false;
}

absl::Status Lane::FlushNext() {
  const uint32_t number = flush_next_++;
  if (const auto task = tasks_.find(number); task != tasks_.end()) RETURN_IF_ERROR(task->second->Flush());
  unflushed_.erase(number);
  flushed_us_ = now_us_;
  return absl::OkStatus();
}

}  // namespace zaojing
