// The in-control mean of the likelihood-ratio charts: a log-linear model with harmonics, fitted to the points
// before monitoring begins (Höhle and Paul 2008, "Count data regression charts for the monitoring of
// surveillance time series", section 2.3; R surveillance: mu0 = list(S, trend)).
//   log mu_t = b0 [+ b1 t] + sum_{s=1..S} (a_s cos(2 pi s t / period) + c_s sin(2 pi s t / period)), t = 1,
//   2, ...
// Poisson, or negative binomial with variance mu + alpha mu^2: alpha given, or 0 for Poisson, or absent and
// then estimated by maximum likelihood together with the coefficients. Error: Poisson coefficients stop where
// R's glm stops (relative change of the deviance < 1e-8, at most 25 rounds); alpha to 1e-8 relative. alpha is
// 0 where the data are not overdispersed.
#pragma once

#include <optional>

#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

struct SeasonalOptions {
  size_t harmonics = 1;  // S, 0 .. limits::kHarmonicsMax
  bool trend = false;
  size_t period = 52;               // steps a year, >= 1
  std::optional<double> alpha = 0;  // dispersion >= 0; nullopt = estimate
};

struct SeasonalBaseline {
  std::vector<double> mean = {};  // mean[i]: events expected in step `training + i`
  double alpha = 0;
};

// Fits to counts[0 .. training) and predicts the rest. kInvalidArgument: a parameter out of range;
// kFailedPrecondition: fewer training points than coefficients, or a fit that does not converge.
absl::StatusOr<SeasonalBaseline> FitSeasonalBaseline(std::span<const int64_t> counts, size_t training,
                                                     const SeasonalOptions& options);

}  // namespace zaojing::stats
