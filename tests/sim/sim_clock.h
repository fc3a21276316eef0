// Time that passes only when a test says so.
#pragma once

#include <cstdint>

#include "processors/runtime/clock.h"

namespace zaojing::sim {

class SimClock final : public Clock {
 public:
  int64_t MonotonicMicros() override { return now_us_; }
  // Later than every input: what comes from the future is for tests of its own.
  int64_t WallMicros() override { return 2'000'000'000'000'000 + now_us_; }
  void Advance(int64_t by_us) { now_us_ += by_us; }
  int64_t now_us() const { return now_us_; }

 private:
  int64_t now_us_ = 1;
};

}  // namespace zaojing::sim
