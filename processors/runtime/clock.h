// The only door to wall-clock time below app/. The record path never asks it what to decide: it times commits, flushes
// and metrics. Simulations pass a clock they move themselves.
#pragma once

#include <cstdint>

namespace zaojing {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t MonotonicMicros() = 0;  // for intervals
  virtual int64_t WallMicros() = 0;       // microseconds UTC: Kafka timestamps of ticks, log lines
};

class SystemClock final : public Clock {
 public:
  int64_t MonotonicMicros() override;
  int64_t WallMicros() override;
};

}  // namespace zaojing
