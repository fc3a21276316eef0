#include "app/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace zaojing {

Progress::Progress(std::string unit, uint64_t total)
    : unit_(std::move(unit)),
      total_(total),
      terminal_(::isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      shown_(start_) {}

Progress::~Progress() { Done(); }

void Progress::Done() {
  if (open_line_) std::fputc('\n', stderr);
  open_line_ = false;
}

void Progress::ShowNow(uint64_t done, double share) {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(2000))) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  std::fprintf(stderr, "%s%llu %s, %.0f/s", terminal_ ? "\r" : "", static_cast<unsigned long long>(done), unit_.c_str(),
               static_cast<double>(done) / seconds);
  if (share > 0 && share < 1) {
    std::fprintf(stderr, ", %.0f %%, %.0f s left", 100 * share, seconds * (1 - share) / share);
  }
  std::fputs(terminal_ ? "   " : "\n", stderr);
  open_line_ = terminal_;
}

}  // namespace zaojing
