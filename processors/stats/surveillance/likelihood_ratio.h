// Likelihood-ratio charts for counts: GLR-Poisson and the negative binomial CUSUM (Höhle and Paul 2008; R
// surveillance algo.glrpois and algo.glrnb, change = "intercept").
//
// In control Y_t has mean mu_t (seasonal_baseline.h, learnt before `first`) and variance mu_t + alpha mu_t^2;
// out of control the mean is mu_t exp(kappa).
//   kappa given (theta):  L_t = max(0, L_{t-1} + l_t(kappa));  alarm: L_t > c.
//   kappa unknown (GLR):  G_t = max over k of sup_kappa sum_{k..t} l(kappa), kappa >= 0 (or <= 0 for
//   `decrease`), k from
//                         max(start, t - M) (start with no M) to t - Mtilde + 1;  alarm: G_t >= c.
//   l_t(kappa) = kappa Y_t + (1 - e^kappa) mu_t                                                     alpha = 0
//   l_t(kappa) = kappa Y_t + (Y_t + 1 / alpha) ln((1 + alpha mu_t) / (1 + alpha mu_t e^kappa))       alpha >
//   0
// After an alarm the chart starts anew at the next point. statistic = L_t or G_t; expected = mu_t;
// upper_bound = the smallest count at t that alarms (whole), or for `decrease` lower_bound = the largest that
// does, undefined when not even 0 does. The window of R's Poisson chart with M > 0 begins one step earlier
// than its negative binomial one; here both are the published one. Error: 1e-6 relative or better (GLR with
// alpha > 0: kappa to 1e-9).
#pragma once

#include <optional>

#include "processors/stats/surveillance/seasonal_baseline.h"
#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

struct LikelihoodRatioOptions {
  size_t first = 52;                            // first index judged; the points before it train the baseline
  double threshold = 5;                         // c, > 0 (R: c.ARL)
  std::optional<double> theta = std::nullopt;   // kappa to detect, != 0; GLR when absent
  std::optional<size_t> window = std::nullopt;  // M, steps; all steps since the start when absent
  size_t steps_min = 1;                         // Mtilde, >= 1 steps that an estimate of kappa needs
  bool decrease = false;
  SeasonalOptions baseline = {};  // alpha = 0: GLR-Poisson; alpha absent: negative binomial, estimated
};

// One signal for each index from `first` on. Costs O(n) a point without a window. kInvalidArgument: a
// parameter out of range; kFailedPrecondition: the baseline cannot be fitted. A series of `first` points or
// fewer has no signals.
Signals LikelihoodRatioChart(const Series& series, const LikelihoodRatioOptions& options);

// The same with the in-control means given: means[i] > 0 belongs to counts[first + i].
Signals LikelihoodRatioChart(const Series& series, const LikelihoodRatioOptions& options,
                             const SeasonalBaseline& baseline);

}  // namespace zaojing::stats
