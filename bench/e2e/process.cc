#include "bench/e2e/process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace zaojing::bench {
namespace {

constexpr std::chrono::milliseconds kLook{5};

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double CpuSecondsIn(const std::string& stat) {
  std::ifstream file(stat);
  std::string line;
  if (!std::getline(file, line)) return 0;
  // The name in brackets may hold anything; the fields after it are numbers, utime and stime the 12th and 13th.
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

int64_t NowMicros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

double CpuSecondsOf(pid_t process) { return CpuSecondsIn(absl::StrCat("/proc/", process, "/stat")); }

double CpuSecondsOfThreads(pid_t process, size_t count) {
  std::vector<double> all;
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator(absl::StrCat("/proc/", process, "/task"), gone)) {
    all.push_back(CpuSecondsIn(thread.path() / "stat"));
  }
  std::sort(all.rbegin(), all.rend());
  return std::accumulate(all.begin(), all.begin() + static_cast<ptrdiff_t>(std::min(count, all.size())), 0.0);
}

absl::StatusOr<ChildProcess> ChildProcess::Start(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return absl::InternalError(absl::StrCat("fork: ", std::strerror(errno)));
  if (pid == 0) {
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) (void)Stop(0);
}

bool ChildProcess::running() const {
  siginfo_t state{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOHANG | WNOWAIT) != 0) return false;
  return state.si_pid == 0;
}

ProcessUse ChildProcess::Stop(int64_t patience_us) {
  const int64_t deadline = NowMicros() + patience_us;
  ::kill(pid_, SIGTERM);
  while (running() && NowMicros() < deadline) std::this_thread::sleep_for(kLook);
  if (running()) ::kill(pid_, SIGKILL);
  int status = 0;
  rusage use{};
  ::wait4(pid_, &status, 0, &use);
  pid_ = -1;
  ProcessUse result;
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.cpu_seconds = Seconds(use.ru_utime) + Seconds(use.ru_stime);
  result.peak_rss_mib = static_cast<double>(use.ru_maxrss) / 1024;
  return result;
}

}  // namespace zaojing::bench
