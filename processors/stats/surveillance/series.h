// A series of counts at equal steps and what every method of this folder says about one of its points.
// Pure functions of their arguments: no I/O, no clock, any thread, nothing kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing::stats {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// `counts[t]`: events in step t, oldest first, 0 <= count <= limits::kSeriesCountMax. `population[t]`:
// persons (or any exposure) at risk in step t, > 0; empty when unknown. Both are borrowed.
struct Series {
  std::span<const int64_t> counts;
  std::span<const double> population;
};

// The judgement of one point. Unit of expected and bounds: events in a step. A figure the method does not
// define is kUndefined; a point the method cannot judge has every figure undefined and no alarm.
struct Signal {
  size_t index = 0;  // into Series::counts
  double expected = kUndefined;
  double statistic = kUndefined;  // what it is: each method's header
  double lower_bound = kUndefined;
  double upper_bound = kUndefined;
  bool alarm = false;
};

using Signals = absl::StatusOr<std::vector<Signal>>;

// Errors: kInvalidArgument for a negative or too large count, a population that is not finite and positive,
// or one of another length than the counts. An empty series is valid, and every method answers it with no
// signals; so is one of a single point, which every method without enough earlier points answers with no
// signals.
absl::Status CheckSeries(const Series& series);

// kInvalidArgument naming `parameter` when `valid` is false.
absl::Status CheckParameter(bool valid, const char* parameter);

}  // namespace zaojing::stats
