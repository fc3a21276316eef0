// A negative binomial surge statistic: how surprising is the count of a window, given the counts of a
// baseline of panes?
//
// Baseline: n panes with sum S and sum of squares Q. With a Gamma(1/2, 0) prior on the rate (as
// surveillance/bayes.h) and the panes' own overdispersion by moments,
//   dispersion a = max(0, (s^2 - m) / m^2), m = S / n, s^2 = (Q - S^2 / n) / (n - 1); 0 for S = 0;
//   the window's count is negative binomial with mean ratio (S + 1/2) / n and size 1 / (a + 1 / (S + 1/2)),
// ratio = window length over pane length. For a = 0 this is the Bayes method's predictive law.
//   expected = that mean; statistic = P(X >= Y), the upper tail; upper_bound = the 1 - alpha quantile;
//   alarm: Y > upper_bound, which is the same as statistic <= alpha.
// Unlike EARS it is calibrated for small and for overdispersed counts, and a silent baseline is not
// infinitely sure. Sums are exact integers; tail and bound 1e-12 relative, the bound a whole count.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/stats/sliding/step_counts.h"
#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

struct PaneSums {
  int64_t panes = 0;  // >= 2
  int64_t sum = 0;
  __int128 sum_of_squares = 0;
};

// The judgement of one window; `index` is left 0. Domain: count >= 0, panes >= 2, ratio > 0, 0 < alpha < 1.
Signal SurgeOf(int64_t count, const PaneSums& baseline, double ratio, double alpha);

struct SurgeOptions {
  size_t baseline = 26;  // panes, 2 .. limits::kBaselineMax
  size_t lag = 2;        // panes left out between the baseline and the one judged
  double alpha = 0.001;  // (0, 1)
  size_t depth = 0;      // stream only: panes judged again after corrections
};

// Batch form: each point from baseline + lag on against the panes before it, ratio 1. kInvalidArgument: an
// option out of its range or a bad series.
Signals NegativeBinomialSurge(const Series& series, const SurgeOptions& options);

// The same event by event; as EarsStream in every respect.
class SurgeStream {
 public:
  static absl::StatusOr<SurgeStream> Create(const SurgeOptions& options, int64_t first_step);

  absl::Status Add(int64_t step, int64_t delta) { return counts_.Add(step, delta); }
  void Advance(int64_t step) { counts_.Advance(step); }
  int64_t newest() const { return counts_.newest(); }
  std::optional<Signal> Judge(int64_t step) const;

  std::string Serialize() const { return counts_.Serialize(); }
  static absl::StatusOr<SurgeStream> Parse(const SurgeOptions& options, std::string_view bytes);

 private:
  SurgeStream(const SurgeOptions& options, StepCounts counts);

  SurgeOptions options_;
  StepCounts counts_;
};

}  // namespace zaojing::stats
