// How far a long command is, on stderr: often on a terminal, else a line every two seconds. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace zaojing {

class Progress {
 public:
  // `unit` names what is counted ("look-ups"). `total` 0 = not known.
  explicit Progress(std::string unit, uint64_t total = 0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // The work is over: the line ends, so that what is printed next begins a new one.
  void Done();

  // Cheap enough for every record: looks at the clock every 1,024th call.
  void Show(uint64_t done) {
    if ((++calls_ & 1023U) == 0)
      ShowNow(done, total_ > 0 ? static_cast<double>(done) / static_cast<double>(total_) : 0);
  }
  // Of what is counted only at its end: `share` of the work is done, from 0 to 1; 0 = not known, and no time left is shown.
  void Show(uint64_t done, double share) {
    if ((++calls_ & 1023U) == 0) ShowNow(done, share);
  }

 private:
  void ShowNow(uint64_t done, double share);

  const std::string unit_;
  const uint64_t total_;
  const bool terminal_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_;
  uint64_t calls_ = 0;
  bool open_line_ = false;
};

}  // namespace zaojing
