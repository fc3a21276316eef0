// From produced to seen by a read-committed reader, at a steady rate: the same measurement for the worker and for the
// bare loop, so that the two may be compared.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/e2e/setting.h"

namespace zaojing::bench {

struct Latency {
  uint64_t sent = 0;
  uint64_t seen = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
  double max_ms = 0;
};

// What `verdicts` holds: answers of the worker, or look-ups as the bare loop copies them.
enum class Answer : uint8_t { kVerdict, kLookup };

// Milliseconds of the element below which `share` of them lie; 0 when there are none.
double QuantileMs(const std::vector<int64_t>& sorted_us, double share);

// Waits until a probe comes back, then sends setting.latency_rate look-ups a second for setting.latency_seconds and two
// seconds before that, which are not counted. kUnavailable: something was not seen within setting.limit_us.
absl::StatusOr<Latency> MeasureLatency(const Setting& setting, const Deployment& deployment, Answer answer);

}  // namespace zaojing::bench
