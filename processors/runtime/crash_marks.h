// Crash loops: what is known about earlier deaths of this worker while records were in work, and how a lane goes about
// such records. The crash handler (app/crash_file.h) leaves a mark; a process killed from outside leaves none, and no
// mark blames a record by itself.
//
//   marks left on or after a task's place   the lane
//   1 or 2                                  commits what comes before a marked record, then takes it alone
//   limits::kCrashesBeforeBlame or more     takes every record alone until the marked ones are passed
//   as many, and one of them says "alone"   skips that record (Task::Skip): it killed the process with nothing beside it
//
// Alone: in a transaction with nothing else of any task of the lane, so that neither an earlier record that spoiled
// memory nor a slice or a fact can be taken for the record's doing. Deaths in other work leave no mark.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/runtime/log.h"

namespace zaojing {

struct CrashMark {
  Topic topic = Topic::kLookups;
  int64_t offset = kNoOffset;
  bool alone = false;
  friend bool operator==(const CrashMark&, const CrashMark&) = default;
};

// The marks of one stage's tasks in one state directory. Called on the lane's thread.
class CrashMarks {
 public:
  virtual ~CrashMarks() = default;
  virtual std::vector<CrashMark> Of(uint32_t task) = 0;
  virtual void Clear(uint32_t task) = 0;
};

// The record a lane has in work: being applied, or the last one applied and not committed. Written by the lane's
// thread; read by the crash handler on that thread, at any instruction.
class WorkNote {
 public:
  void Set(uint32_t task, const Record& record, bool alone) {
    task_.store(task, std::memory_order_relaxed);
    topic_.store(record.topic, std::memory_order_relaxed);
    alone_.store(alone, std::memory_order_relaxed);
    offset_.store(record.offset, std::memory_order_relaxed);
  }
  void Clear() { offset_.store(kNoOffset, std::memory_order_relaxed); }

  bool empty() const { return offset_.load(std::memory_order_relaxed) == kNoOffset; }
  uint32_t task() const { return task_.load(std::memory_order_relaxed); }
  CrashMark mark() const {
    return {topic_.load(std::memory_order_relaxed), offset_.load(std::memory_order_relaxed),
            alone_.load(std::memory_order_relaxed)};
  }

 private:
  std::atomic<uint32_t> task_{0};
  std::atomic<Topic> topic_{Topic::kLookups};
  std::atomic<bool> alone_{false};
  std::atomic<int64_t> offset_{kNoOffset};
};

// One task's marks, as the table above reads them. Pure.
class Suspects {
 public:
  enum class Treatment : uint8_t { kNormal, kAlone, kSkip };

  Suspects() = default;
  // Marks before `positions` (next offsets to read) are over and count no more.
  Suspects(std::span<const CrashMark> marks, std::span<const CommittedOffset> positions);

  bool empty() const { return marks_.empty(); }
  size_t deaths() const { return marks_.size(); }
  Treatment Of(Topic topic, int64_t offset) const;
  // Every mark lies before `positions`.
  bool Over(std::span<const CommittedOffset> positions) const;

 private:
  std::vector<CrashMark> marks_;
};

}  // namespace zaojing
