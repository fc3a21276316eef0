// Marks of deaths in `<state_dir>/crashes`, one line each: "<stage> <task> <topic> <offset> <alone>". Written by the
// process's crash handler (SIGSEGV, SIGABRT, SIGBUS of its own making) when the dying thread had a record in work, read
// at the next start, cleared when the task has passed the record (processors/runtime/crash_marks.h). A process that is
// killed, or told to dump core, by somebody else leaves nothing.
//
// The handler is async-signal-safe: it writes one line to a file that is open already and lets the signal take its
// course, so that a core is dumped where the fault was.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/runtime/crash_marks.h"

namespace zaojing {

// One a process. Thread-safe; lanes share it.
class CrashFile {
 public:
  // Effect: the directory and the file exist, what earlier deaths left is read, and the handler is installed for the
  // rest of the process. kFailedPrecondition: the directory cannot be written.
  static absl::StatusOr<std::unique_ptr<CrashFile>> Open(const std::string& state_dir);
  ~CrashFile();

  // The marks of one stage, for a lane of it. This object must outlive them.
  std::unique_ptr<CrashMarks> MarksOf(std::string stage);

 private:
  struct Line {
    std::string stage;
    uint32_t task = 0;
    CrashMark mark;
  };
  class StageMarks;

  explicit CrashFile(int fd) : fd_(fd) {}
  void Read(const std::string& text);
  std::vector<CrashMark> Of(const std::string& stage, uint32_t task);
  void Clear(const std::string& stage, uint32_t task);

  const int fd_;
  std::mutex mutex_;
  std::vector<Line> lines_;
};

// While it lives, a crash of the thread that made it is marked with what `work` says. One a thread; `stage` and `work`
// must outlive it.
class CrashScope {
 public:
  CrashScope(std::string_view stage, const WorkNote& work);
  ~CrashScope();
  CrashScope(const CrashScope&) = delete;
  CrashScope& operator=(const CrashScope&) = delete;

 private:
  std::unique_ptr<char[]> stack_;  // the handler's, because a stack that ran over cannot serve it
};

}  // namespace zaojing
