// The Poisson maximised sequential probability ratio test under continuous monitoring (Kulldorff et al. 2011;
// exact critical values as in R Sequential CV.Poisson with D = 0). Pure: no I/O, any thread.
//
// With n events against u expected so far, LLR = n ln(n / u) + u - n for n > u, else 0. The test signals at
// the first time with n >= cases_min and LLR >= critical value, and ends without a signal once u reaches the
// horizon.
//
// The critical value makes the probability of ever signalling, under the null, alpha. For n = cases_min, ...
// let m_n < n solve LLR(n, m_n) = critical value: the test has not signalled by m_n if and only if fewer than
// n events have come by then, so the probability is a recursion over the m_n below the horizon with Poisson
// steps between them, stopped at fewer than n events. Error: 1e-9 absolute in the critical value, 1e-12 in
// the probability.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing::stats {

struct MaxSprtOptions {
  double alpha = 0.05;  // (1e-7, 0.5]
  double horizon = 1;   // expected events at which monitoring ends, (0, limits::kSprtHorizonMax]
  int cases_min = 1;    // 1 .. limits::kSprtCasesMax
};

// LLR of n events against u expected. n >= 0, u >= 0; +inf for n > 0 at u = 0, 0 for n = 0.
double PoissonLlr(double events, double expected);

// Probability under the null of signalling before the horizon with that critical value >= 0. Domain: valid
// options.
double MaxSprtSignalProbability(double critical_value, const MaxSprtOptions& options);

// The critical value, > 0. kInvalidArgument: an option out of range. kNotFound: no critical value exists,
// since even with 0 the probability is below alpha (the horizon is too near for so many cases).
absl::StatusOr<double> MaxSprtCriticalValue(const MaxSprtOptions& options);

// One step of a monitored series: events seen and events expected in it.
struct SequentialStep {
  int64_t observed = 0;  // >= 0
  double expected = 0;   // >= 0, finite
};

struct SequentialVerdict {
  int64_t observed = 0;  // so far
  double expected = 0;   // so far
  double llr = 0;
  bool signal = false;           // from the first signalling step on
  bool horizon_reached = false;  // and no signal before: later steps cannot signal
};

// One verdict a step; an empty series has none. kInvalidArgument: a bad step (its number is named) or option.
absl::StatusOr<std::vector<SequentialVerdict>> MaxSprtMonitor(std::span<const SequentialStep> steps,
                                                              double critical_value, const MaxSprtOptions& options);

}  // namespace zaojing::stats
