// A lane: one thread, one log connection (consumer and transactional producer), its tasks (at most
// limits::kTasksPerLaneMax), one stage. Exactly once lives here.
//
// Step() does at most one log or store interaction and returns; the loop is the caller's, so one thread can step many
// lanes (simulator) or one (a worker). No call blocks longer than its log's bound.
//
//   kInit ─InitProducer─▶ kIdle ─Assigned─▶ kOpening ─▶ kRestoring ─Assign─▶ kCatchingUp ─▶ kRunning ◀────────┐
//                          ▲                                                                  │  commit due     │
//                          │                                        kBegin ─▶ kProduce ─▶ kSendOffsets ─▶ kCommit ─▶ kApply
//                          │                                          │ kAborted            │              │ kUnknown
//                          │                                          ▼                     ▼              ▼
//                          │                                       kAbort ─rewind─▶ kRunning           kResolve ─▶ kApply or rewind
//                          └─Unassign─ kRevoking ◀─ Revoked (commit first) / Lost (drop) in any state      any fatal ─▶ kFailed
//   Stop(): commit what is pending, flush, unassign, kStopped.
//
// Crash table (what a kill at each point leaves, and what the next start does); each row is a test of that name in
// tests/sim/crash_table_test.cc:
//   point                     on Kafka                          in the store      next start
//   BeforeBegin               nothing                           last commit       rewinds to the marker
//   AfterProduce              open transaction                  last commit       InitProducer aborts it; as above
//   AfterSendOffsets          open transaction with offsets     last commit       as above
//   AfterCommit (unapplied)   committed                         last commit       changelog tail restored: the commit
//   AfterApply (unflushed)    committed                         maybe neither     as above
//   AfterFlush                committed                         the commit        nothing to restore
//
// Uncertain commit (kUnknown): a new producer of the same id fences the old one, so the broker has decided; the group's
// committed metadata (marker sequence of each task) tells which way. All dirty tasks of the lane share the transaction:
// all committed or none; a mixture is kDataLoss.
//
// Why a lane never wipes a good store: a store is only ever behind (processors/state/store.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "processors/reference/reference_feed.h"
#include "processors/reference/registry.h"
#include "processors/runtime/clock.h"
#include "processors/runtime/log.h"
#include "processors/runtime/stage.h"
#include "processors/runtime/task.h"
#include "processors/state/store.h"
#include "proto/limits.h"

namespace zaojing {

struct LaneOptions {
  uint32_t partitions = 8;                                  // P of the deployment; risk runs with 1
  int64_t commit_interval_us = limits::kCommitIntervalMax;  // longest while behind
  size_t poll_records_max = limits::kPollRecordsMax;
  size_t cache_bytes_max = 64 << 20;  // per task
};

// What a lane tells its observer (metrics, logs). Every method is called on the lane's thread and must not block.
class LaneObserver {
 public:
  virtual ~LaneObserver() = default;
  virtual void OnCommitted(uint64_t /*records*/, int64_t /*begin_us*/, int64_t /*end_us*/) {}
  virtual void OnAborted(const absl::Status& /*why*/) {}
  virtual void OnResolved(bool /*had_happened*/) {}
  virtual void OnRestoreProgress(uint32_t /*task*/, int64_t /*position*/, int64_t /*end*/) {}
  virtual void OnTaskStarted(const Task& /*task*/) {}
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
  Lane(LaneOptions options, Stage& stage, Log& log, StoreFactory& stores, ReferenceFeed& references, Clock& clock,
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
  const Registry& registry() const { return registry_; }
  // Monotonic time at which the current Step began; the watchdog's evidence. Readable from any thread.
  int64_t step_started_us() const;

 private:
  // (implementation's own)
};

}  // namespace zaojing
