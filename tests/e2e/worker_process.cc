#include "tests/e2e/worker_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "proto/check.h"

namespace zaojing {

WorkerProcess::WorkerProcess(const std::string& config_path, const std::string& fault, const std::string& log_path,
                             const std::vector<std::string>& environment) {
  pid_ = ::fork();
  ZAOJING_CHECK(pid_ >= 0);
  if (pid_ != 0) return;
  const int log = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  if (fault.empty()) {
    ::unsetenv("ZAOJING_FAULT");
  } else {
    ::setenv("ZAOJING_FAULT", fault.c_str(), 1);
  }
  for (const std::string& variable : environment) ::putenv(const_cast<char*>(variable.c_str()));
  ::execl(ZAOJING_BINARY, "zaojing", "run", "--config", config_path.c_str(), nullptr);
  ::_exit(127);
}

WorkerProcess::~WorkerProcess() {
  if (Reap(false)) return;
  ::kill(pid_, SIGKILL);
  Reap(true);
}

void WorkerProcess::Signal(int signal) { ::kill(pid_, signal); }

bool WorkerProcess::Reap(bool block) {
  if (!reaped_) reaped_ = ::waitpid(pid_, &status_, block ? 0 : WNOHANG) == pid_;
  return reaped_;
}

bool WorkerProcess::Running() { return !Reap(false); }

// SIGCHLD is blocked and waited for, so that the end is seen at once and nothing sleeps blindly.
template <typename Done>
bool WorkerProcess::Await(int seconds, const Done& done) {
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child, nullptr);
  for (int second = 0; second < seconds && !done(); ++second) {
    const timespec one_second{1, 0};
    ::sigtimedwait(&child, nullptr, &one_second);
  }
  return done();
}

bool WorkerProcess::AwaitStop(int seconds) {
  bool stopped = false;
  Await(seconds, [&] {
    siginfo_t child{};
    if (!stopped && ::waitid(P_PID, static_cast<id_t>(pid_), &child, WSTOPPED | WNOHANG) == 0) {
      stopped = child.si_pid == pid_;
    }
    return stopped || Reap(false);
  });
  return stopped;
}

int WorkerProcess::Wait(int seconds) {
  if (!Await(seconds, [this] { return Reap(false); })) {
    ::kill(pid_, SIGKILL);
    Reap(true);
    return -1;
  }
  return WIFSIGNALED(status_) ? 1000 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

int RunBinary(const std::string& arguments, const std::string& log_path) {
  const std::string command = std::string(ZAOJING_BINARY) + " " + arguments + " >>" + log_path + " 2>&1";
  const int status = ::system(command.c_str());  // NOLINT(cert-env33-c): our own program and arguments
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace zaojing
