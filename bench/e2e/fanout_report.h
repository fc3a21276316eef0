// What a stretch of the measurement says, in lines.
#pragma once

#include "bench/e2e/fanout_watch.h"
#include "bench/e2e/throughput.h"

namespace zaojing::bench {

// What was used between two moments, of three processes.
struct Window {
  Moment from;
  Moment to;
  double lanes_from = 0;
  double lanes_to = 0;
  double bench_from = 0;
  double bench_to = 0;
  double commits_from = 0;
  double commits_to = 0;
  int64_t late_us = 0;  // of the load
  double seconds() const { return Seconds(from, to); }
  double committed() const { return static_cast<double>(to.committed - from.committed); }
  double cpu() const { return to.cpu - from.cpu; }
};

// One line each.
void Print(const char* when, const Window& window);
void Print(const char* when, const Percentiles& percentiles);

}  // namespace zaojing::bench
