// Processes seen from outside: a child of ours with what it used, and the broker, which is somebody else's. Linux.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing::bench {

// Monotonic, for durations; of this machine only.
int64_t NowMicros();

// CPU seconds (user and system) a living process has used; 0 when there is none.
double CpuSecondsOf(pid_t process);

// The same of its `count` busiest threads together.
double CpuSecondsOfThreads(pid_t process, size_t count);

struct ProcessUse {
  int exit_code = 0;  // 128 + signal when one ended it
  double cpu_seconds = 0;
  double peak_rss_mib = 0;
};

class ChildProcess {
 public:
  // `command[0]` is the path of the program; what it prints goes to `log`.
  static absl::StatusOr<ChildProcess> Start(const std::vector<std::string>& command, const std::string& log);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();  // kills what was not stopped

  pid_t pid() const { return pid_; }
  // False once it has ended by itself.
  bool running() const;
  // SIGTERM, then SIGKILL after `patience_us`. Effect: it has ended and is reaped.
  ProcessUse Stop(int64_t patience_us);

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
};

}  // namespace zaojing::bench
