// A worker as an operator runs it: the binary in a process of its own, started, killed, waited for.
#pragma once

#include <sys/types.h>

#include <string>

namespace zaojing {

class WorkerProcess {
 public:
  // `fault` is a kill point (app/kill_point.h), or empty. Output goes to `log_path`, appended.
  WorkerProcess(const std::string& config_path, const std::string& fault, const std::string& log_path);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  void Signal(int signal);
  // Waits up to `seconds`; then kills and reports -1. Otherwise the exit code, or 1000 + the signal that ended it.
  int Wait(int seconds);
  bool Running();

 private:
  bool Reap(bool block);

  pid_t pid_ = -1;
  int status_ = 0;
  bool reaped_ = false;
};

// Runs the binary with arguments to its end; its exit code. Output is appended to `log_path`.
int RunBinary(const std::string& arguments, const std::string& log_path);

}  // namespace zaojing
