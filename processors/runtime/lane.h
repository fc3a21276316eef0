// A lane: one thread, one log connection (consumer and transactional producer), its tasks (at most
// limits::kTasksPerLaneMax), one stage. Exactly once lives here.
//
// Step() does at most one log or store interaction and returns; the loop is the caller's, so one thread can step many
// lanes (simulator) or one (a worker). No call blocks longer than its log's bound.
//
//   kInit ─InitProducer─▶ kIdle ─Assigned─▶ kOpening ─▶ kRestoring ─▶ kCatchingUp ─Assign─▶ kRunning ◀────────┐
//                          ▲                                                                  │  commit due     │
//                          │                                        kBegin ─▶ kProduce ─▶ kSendOffsets ─▶ kCommit ─▶ kApply
//                          │                                          │ kAborted            │              │ kUnknown
//                          │                                          ▼                     ▼              ▼
//                          │                                       kAbort ─rewind─▶ kRunning           kResolve ─▶ kApply or rewind
//                          └─Unassign─ kRevoking ◀─ Revoked (commit first) / Lost (drop) in any state      any fatal ─▶ kFailed
//   RequestStop(): commit what is pending, flush, unassign, kStopped. The legal moves are asserted (lane.cc).
//
// Ticks (topic `ticks`, by the reference source) move the clock of every task once all inputs are read to their end, or
// to where they stand still: what waits to be read must not be judged as if it had come now. They are not read again: the next one comes in a
// second. Those of which nothing came are committed with the next commit, or after limits::kTickCommitInterval.
//
// kAssigned is answered at once with no positions; while stores are restored and references caught up, polls see
// only membership events. Inputs are assigned when every task may judge.
//
// Crash table (what a kill at each point leaves, and what the next start does); each row is a test of that name in
// tests/sim/crash_table_test.cc:
//   point                     on Kafka                          in the store      next start
//   BeforeBegin               nothing                           last commit       rewinds to the marker
//   AfterProduce              open transaction                  last commit       InitProducer aborts it; as above
//   AfterSendOffsets          open transaction with offsets     last commit       as above
//   AfterCommit (unapplied)   committed                         last commit       changelog tail restored: the commit
//   AfterApply (unflushed)    committed                         last flush        as above, from there
//   AfterFlush                committed                         the commit        nothing to restore
//
// Uncertain commit (kUnknown): a new producer of the same id fences the old one, so the broker has decided; the group's
// committed metadata (progress token of each task) tells which way. All dirty tasks of the lane share the transaction:
// all committed or none; a mixture is kDataLoss. A token that is neither ours nor the one before, or none at all, means
// that another lane has taken the partition over or that the group does not know (yet): kFailedPrecondition, and the
// restart finds the truth in the changelog.
//
// Why a lane never wipes a good store: a store is only ever behind (processors/state/store.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "processors/reference/reference_source.h"
#include "processors/runtime/clock.h"
#include "processors/runtime/crash_marks.h"
#include "processors/runtime/log.h"
#include "processors/runtime/stage.h"
#include "processors/runtime/task.h"
#include "processors/state/state_check.h"
#include "processors/state/store.h"
#include "proto/limits.h"

namespace zaojing {

struct LaneOptions {
  uint32_t partitions = 8;                                  // P of the deployment; risk runs with 1
  int64_t commit_interval_us = limits::kCommitIntervalMax;  // longest while behind
  size_t poll_records_max = limits::kPollRecordsMax;
  size_t slice_listings_max = limits::kSliceListingsMax;  // of one task in one turn, of one job or many
  // Of each task: asked when one is opened, and again when the references are caught up and their size is known.
  std::function<StateMemory()> memory = [] { return StateMemory(); };
  CrashMarks* marks = nullptr;  // what died before; null: nothing is known. Must outlive the lane
};

// One commit that went through.
struct LaneCommit {
  uint64_t records = 0;              // inputs in it
  int64_t begin_us = 0;              // monotonic: first step of the commit
  int64_t end_us = 0;                // monotonic: the stores have it
  int64_t oldest_us = kNoTimestamp;  // Kafka timestamp of (about) its oldest input
};

// One task's walk through its changelog.
struct RestoreProgress {
  uint32_t task = 0;
  int64_t from = 0;      // offset at which the walk began
  int64_t position = 0;  // offset it has reached
  int64_t end = 0;       // offset it goes to
  uint64_t records = 0;  // restored so far; compaction leaves fewer than offsets
};

// What a lane tells its observer (metrics, logs). Every method is called on the lane's thread and must not block.
class LaneObserver {
 public:
  virtual ~LaneObserver() = default;
  virtual void OnAssigned(const std::vector<TopicPartition>& /*partitions*/) {}
  // The assignment is over; `lost`: nothing more may be committed.
  virtual void OnRevoked(bool /*lost*/) {}
  virtual void OnRestoreProgress(const RestoreProgress& /*progress*/) {}
  virtual void OnTaskStarted(const Task& /*task*/) {}
  // The references are caught up, inputs are read from now on.
  virtual void OnRunning() {}
  virtual void OnCommitted(const LaneCommit& /*commit*/) {}
  virtual void OnAborted(const absl::Status& /*why*/) {}
  virtual void OnResolved(bool /*had_happened*/) {}
  virtual void OnTaskClosed(uint32_t /*task*/) {}
  // One line for the operator: what happened and what to do.
  virtual void OnNotice(std::string_view /*line*/) {}
};

class Lane {
 public:
  enum class State : uint8_t {
    kInit,
    kIdle,
    kOpening,
    kRestoring,
    kCatchingUp,
    kRunning,
    kBegin,
    kProduce,
    kSendOffsets,
    kCommit,
    kApply,
    kAbort,
    kResolve,
    kRevoking,
    kStopped,
    kFailed,
  };

  // Everything passed must outlive the lane.
  Lane(LaneOptions options, Stage& stage, Log& log, StoreFactory& stores, ReferenceSource& references, Clock& clock,
       LaneObserver& observer);
  ~Lane();

  // One interaction. OK: go on (idle() says whether anything was done). Any error is final: the lane is kFailed and
  // the worker ends with the status; the message says what to do.
  absl::Status Step();
  // Nothing was ready in the last Step; the caller may wait a little.
  bool idle() const;
  // Effect: the following Steps commit, flush and unassign, then state() is kStopped.
  void RequestStop();

  State state() const { return state_; }
  bool stopped() const { return state_ == State::kStopped || state_ == State::kFailed; }
  const std::map<uint32_t, std::unique_ptr<Task>>& tasks() const { return tasks_; }
  // Where its tasks see the registry; to be read between Steps, by RegistryReading.
  ReferenceSource& references() const { return references_; }
  // For the crash handler of the lane's thread.
  const WorkNote& work() const { return work_; }
  // Monotonic time at which the current Step began; the watchdog's evidence. Readable from any thread.
  int64_t step_started_us() const;

 private:
  // Why the assignment ends.
  enum class Ending : uint8_t { kNone, kRevoked, kLost, kStop };
  // One task on its way from assigned to started.
  struct Opening {
    enum class Phase : uint8_t { kStore, kCommitted, kBounds, kWalk, kReading, kVerify, kBeginnings, kReady };
    Phase phase = Phase::kStore;
    std::unique_ptr<Task> task;
    std::vector<CommittedOffset> committed;
    std::vector<CommittedOffset> beginnings;
    PartitionBounds bounds;
    int64_t position = kNoOffset;  // of the walk through the changelog
    int64_t from = kNoOffset;      // where the walk began
    bool parked = false;           // the store was ours before the rebalance
    bool vouched = false;          // the store was once checked as a whole
    bool from_zero = false;        // the store was empty
    uint64_t records = 0;
    std::unique_ptr<StoreIterator> scan;  // kVerify
    std::optional<StateCheck> check;
  };
  struct Pending {
    uint32_t task = 0;
    CommitUnit unit;
  };

  void Move(State to);
  absl::Status Dispatch();
  absl::Status Fail(absl::Status status);
  absl::Status StepIdle();
  absl::Status StepRevoking();
  void Revoked(bool lost);

  // lane_open.cc
  absl::Status OnAssigned(const std::vector<TopicPartition>& partitions);
  absl::Status StepOpening();
  absl::Status PollMembership();
  absl::Status OpenNext(uint32_t number, Opening& opening);
  absl::Status OpenStore(uint32_t number, Opening& opening);
  absl::Status ChooseStart(uint32_t number, Opening& opening);
  absl::Status FindBeginning(Opening& opening);
  absl::Status StepCatchingUp();

  // lane_restore.cc
  absl::Status ReadOn(uint32_t number, Opening& opening);
  absl::Status Judge(uint32_t number, Opening& opening);
  static Opening::Phase AfterVerify(const Opening& opening);
  absl::Status Rebuild(uint32_t number, Opening& opening, std::string_view why);
  absl::Status Overtaken(uint32_t number, Opening& opening, const absl::Status& why);
  absl::Status Verify(uint32_t number, Opening& opening);

  // lane_run.cc
  absl::Status StepRunning();
  bool CommitDue();
  absl::Status PollInputs();
  void ApplyAll(std::span<const Record> records);
  Suspects::Treatment TreatmentOf(const Record& record) const;
  void ApplyHeld();
  void LoadMarks(uint32_t number, const Task& task);
  void ForgetMarks(uint32_t number, const Task& task);
  absl::Status PollReferences();
  // Lets the registry take what is ready, the newest tick aside; true when there was a fact.
  absl::StatusOr<bool> TakeReferences();
  void TakeTick(int64_t tick);
  bool InputsRead();
  void ApplyTick();
  bool AdvanceTasks();
  bool RunSlices();
  bool FlushDue();
  absl::Status FlushNext();
  bool dirty() const;
  void Worked();
  std::vector<CommittedOffset> AllPositions() const;
  TopicPartition ChangelogOf(uint32_t task) const;
  std::string StoreName(uint32_t task) const;

  // lane_commit.cc
  absl::Status StepBegin();
  absl::Status StepProduce();
  absl::Status StepSendOffsets();
  absl::Status StepCommit();
  absl::Status StepApply();
  absl::Status StepAbort();
  absl::Status StepResolve();
  absl::Status Aborted(const absl::Status& why);
  absl::Status CheckDeadLetters() const;
  absl::Status DecideOutcome(const std::vector<CommittedOffset>& committed);
  void DropAll();
  // What was applied is committed or void.
  void NothingPending();

  const LaneOptions options_;
  Stage& stage_;
  Log& log_;
  StoreFactory& stores_;
  ReferenceSource& references_;
  Clock& clock_;
  LaneObserver& observer_;

  State state_ = State::kInit;
  Ending ending_ = Ending::kNone;
  std::atomic<bool> stop_requested_ = false;
  std::atomic<int64_t> step_started_us_ = 0;
  int64_t now_us_ = 0;         // when this Step began
  int64_t not_before_us_ = 0;  // backoff
  int64_t unavailable_since_us_ = 0;
  bool idle_ = false;
  uint32_t turn_ = 0;
  uint32_t quiet_turns_ = 0;

  std::string cluster_id_;
  std::map<uint32_t, std::unique_ptr<Task>> tasks_;
  std::map<uint32_t, Opening> opening_;
  std::map<uint32_t, std::unique_ptr<Store>> parked_;
  std::map<uint32_t, int64_t> changelog_next_;         // by task: up to where its committed state is the changelog's
  std::map<TopicPartition, std::string> group_token_;  // what the group is known to hold
  std::map<uint32_t, int> rebuilds_;                   // by task, since its last commit
  bool answered_ = false;                              // inputs are unassigned, nothing is read

  // The records being applied, by position in their batch.
  struct Target {
    Task* task;
    Hint hint;
  };
  std::vector<Target> targets_;

  // Records that may kill the process (crash_marks.h). While there are suspects, records come one at a time.
  WorkNote work_;
  std::map<uint32_t, Suspects> suspects_;  // by task; only those that have marks
  std::unique_ptr<RecordBatch> held_;      // one record that waits until what came before it is committed
  bool alone_ = false;                     // the one record applied since the last commit is to be committed at once

  // The commit under way.
  std::vector<Pending> pending_;
  size_t step_in_commit_ = 0;  // part being produced, unit being applied
  bool aborted_at_log_ = false;
  bool renewed_ = false;  // kResolve: the new producer stands
  int aborts_in_row_ = 0;
  bool drained_ = false;                     // the last poll brought less than was asked for
  uint64_t inputs_pending_ = 0;              // applied since the last commit
  int64_t inputs_oldest_us_ = kNoTimestamp;  // of their first batch, by Kafka's timestamp
  int64_t dirty_since_us_ = 0;               // 0 = clean, but for ticks of which nothing came
  int64_t ticked_since_us_ = 0;              // the first such tick not committed; 0 = none
  std::vector<int64_t> ticks_;               // scratch
  int64_t tick_ = 0;                         // newest tick not applied yet, as engine time; 0 = none
  int64_t behind_low_ = kNoOffset;           // least Behind() since the last tick was applied, and when it came
  int64_t behind_low_us_ = 0;
  int64_t tick_refused_us_ = 0;  // when the operator was last told of a tick from the future
  int64_t commit_began_us_ = 0;
  std::map<uint32_t, uint64_t> unflushed_;  // by task: changelog records its store does not have
  int64_t flushed_us_ = 0;                  // the last of them, or when there was none
  uint32_t flush_next_ = 0;                 // tasks take turns
};

}  // namespace zaojing
