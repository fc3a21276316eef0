// A worker as an operator runs it: the binary in a process of its own, started, killed, waited for.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace zaojing {

class WorkerProcess {
 public:
  // `fault` is one of app/kill_point.h, or empty; `environment` is "NAME=value" each. Output goes to `log_path`,
  // appended.
  WorkerProcess(const std::string& config_path, const std::string& fault, const std::string& log_path,
                const std::vector<std::string>& environment = {});
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  void Signal(int signal);
  // Waits up to `seconds`; then kills and reports -1. Otherwise the exit code, or 1000 + the signal that ended it.
  int Wait(int seconds);
  bool Running();
  // Waits up to `seconds` until the process has stopped itself by SIGSTOP; false when it ended, or the time did.
  bool AwaitStop(int seconds);

 private:
  bool Reap(bool block);
  template <typename Done>
  bool Await(int seconds, const Done& done);

  pid_t pid_ = -1;
  int status_ = 0;
  bool reaped_ = false;
};

// Runs the binary with arguments to its end; its exit code. Output is appended to `log_path`.
int RunBinary(const std::string& arguments, const std::string& log_path);

}  // namespace zaojing
