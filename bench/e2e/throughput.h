// How fast a worker gets through look-ups that are already in Kafka.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "bench/e2e/setting.h"

namespace zaojing::bench {

struct Throughput {
  int lanes = 0;
  uint64_t lookups = 0;
  double startup_seconds = 0;         // from the start of the program to the group's first committed look-up
  double lookups_per_second = 0;      // between the first commit and the last: what was committed in between
  double with_startup = 0;            // all look-ups by the whole time
  double worker_cpu_per_million = 0;  // seconds, between the same two commits
  double broker_cpu_per_million = 0;
  double worker_cpu_seconds = 0;  // from start to end of the process, as the kernel counted
  double peak_rss_mib = 0;
};

// Fills the deployment, runs a worker on it until its group has committed every look-up, and ends it. Its topics and
// state stay for a measurement of latency. kUnavailable: not done within setting.limit_us, or the worker ended; its
// log says why.
absl::StatusOr<Throughput> MeasureThroughput(const Setting& setting, const Deployment& deployment);

}  // namespace zaojing::bench
