// A stage: the pure part of a worker. Given a task's state, the reference tables and one input, it writes state and
// emits records; no clock, no randomness, no I/O, no logging. The same Stage object serves every task of its lane, so
// it keeps nothing between calls but scratch memory. Implementations: processors/screen, processors/risk, test stages.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ingest/record.h"
#include "processors/reference/registry.h"
#include "processors/state/derivation.h"
#include "processors/state/task_state.h"
#include "zaojing/v1/dead_letter.pb.h"

namespace zaojing {

// What a stage may touch while one input is applied. Implemented by Task.
class TaskContext {
 public:
  virtual ~TaskContext() = default;

  virtual TaskState& state() = 0;
  virtual const Registry& registry() const = 0;
  virtual RegistryCursor cursor() const = 0;  // what of the registry this task may see
  virtual uint32_t task() const = 0;
  virtual uint32_t partitions() const = 0;  // P
  virtual int64_t engine_time() const = 0;  // running maximum of received_at, microseconds UTC; 0 before any

  // Effect: when `received_at` is later than engine time, runs Stage::OnTime for the step and moves the clock. A stage
  // calls it once its input is known to be good, before it applies it, so that timers fire before the record.
  virtual void AdvanceTime(int64_t received_at) = 0;

  // To be called whenever a job is written, or one that waited may run, so that nobody scans for jobs where none can be.
  virtual void JobAdded() = 0;

  // Effect: one more of a cell of a state entry (v1::CellCounts). `cell` begins with the entry's key, of `entry_bytes`
  // bytes; the rest, which may be empty, tells it from other cells of the entry. Cheap: what a transaction counts becomes
  // one write an entry when it is frozen, or when an hour of engine time ends; until then the state does not show it. For
  // statistics; what decides is Put. REQUIRES that no key of such an entry begins with another one.
  virtual void Count(std::string_view cell, size_t entry_bytes) = 0;

  // The number the next Emit will carry; stages write it into the message's `emission`.
  virtual uint64_t next_emission() const = 0;
  // Effect: one record in this task's outputs. `topic` with P partitions goes to this task's partition.
  virtual void Emit(Topic topic, std::string_view key, const google::protobuf::MessageLite& message) = 0;
  // Effect: the input goes to dead-letter with its place and bytes; engine time does not move.
  virtual void DeadLetter(const Record& record, v1::DeadLetterReason reason, std::string_view detail) = 0;
};

// What a record will ask for first; 0 = not known. For the processor's caches: it decides nothing. A stage may keep what it
// read of the record until it is applied.
struct Hint {
  uint64_t entry = 0;           // of the state: TaskState::HintOf its key
  CredentialId credential = 0;  // of the registry
};

class Stage {
 public:
  virtual ~Stage() = default;

  virtual std::string_view name() const = 0;          // "screen"
  virtual uint32_t semantic_version() const = 0;      // raised when the same input would be judged otherwise
  virtual std::string_view rules() const = 0;         // "id@version", for the journal
  virtual std::span<const Topic> inputs() const = 0;  // consumer-group topics, co-partitioned by partition number
  virtual Topic journal() const = 0;
  virtual Topic changelog() const = 0;

  // What of the state follows from the rest of it; null = nothing. As long as the stage lives.
  virtual const Derivation* derivation() const = 0;

  virtual Hint HintOf(const Record& /*record*/) { return {}; }
  // One input record: decode, validate, AdvanceTime, judge. A bad one ends in DeadLetter, never in an error.
  virtual void Apply(const Record& record, TaskContext& context) = 0;
  // One reference fact has become visible to the task (its cursor already includes it).
  virtual void OnReference(const ReferenceFact& fact, TaskContext& context) = 0;
  // The clock has moved from `before` (0 = first input ever) to `after`: fire what fell due in between. Where nothing
  // comes of (a, b), a > 0, with nothing between them (a, c) must do what (b, c) would: ticks in a row are taken as one.
  virtual void OnTime(int64_t before, int64_t after, TaskContext& context) = 0;

  // Jobs: work cut into slices that may be interleaved with inputs.
  struct Slice {
    std::string job;     // empty: there was none
    uint64_t count = 0;  // units done
  };
  // Whether one can be run now; a job may wait for something.
  virtual bool HasJobs(TaskContext& context) = 0;
  // At most `count_max` units of the first job. With a journal replay, exactly what was recorded is asked for.
  virtual Slice RunSlice(uint64_t count_max, TaskContext& context) = 0;
};

}  // namespace zaojing
