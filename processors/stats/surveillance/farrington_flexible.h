// The improved Farrington method (Noufaily et al. 2013; Salmon, Schumacher and Höhle 2016, section 3.2; R
// surveillance farringtonFlexible with seasonal groups counted in steps).
//
// Reference values of step t: with `periods` = 1 the 2 w + 1 steps centred on t - i period, i = 1..b; with
// more, all of the b years back, each year between two such windows cut into periods - 1 nearly equal blocks
// (the first ones one longer), each with an intercept of its own; the last `past_excluded` steps and t itself
// are left out. Quasi-Poisson log-linear model; the trend stays when it is significant at
// `trend_significance`, b >= 3 and the prediction does not exceed the largest reference value; fitted again
// with weights 1 / residual^2 for Anscombe residuals above `weights_threshold`. With mu the prediction, phi
// the dispersion (at least 1), se from R's residual variance, which after reweighting uses the outbreak
// weights in the place of the working weights (R replaces model$weights):
//   kDelta     bounds of farrington.h with the one-sided 1 - alpha quantile;
//   kNbPlugin  alpha and 1 - alpha quantiles of a negative binomial with mean mu and variance phi mu;
//   kMuan      the same about exp(eta + z_{1 - alpha} se(eta)).
//   expected = mu; statistic = exceedance score (Y - mu) / (upper_bound - mu); alarm: Y > upper_bound.
// Where the bound equals mu the score is 0, +inf or -inf. R divides on the scale of the linear predictor for
// the last two thresholds; this is Noufaily's score. Fewer than `cases_min` events in the last `cases_steps`:
// expected, statistic and upper_bound are undefined, no alarm. A model that does not converge: nothing
// defined. Error: bounds of kDelta 1e-10 relative to R's; the two others whole counts, exact.
#pragma once

#include <optional>

#include "processors/stats/surveillance/farrington.h"
#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

enum class ThresholdMethod { kDelta, kNbPlugin, kMuan };

struct FarringtonFlexibleOptions {
  size_t years_back = 5;   // b, >= 1
  size_t half_window = 3;  // w
  bool reweight = true;
  double weights_threshold = 2.58;
  double alpha = 0.05;  // one-sided, (0, 1)
  bool trend = true;
  double trend_significance = 0.05;  // R: pThresholdTrend; 1 keeps every trend
  int64_t cases_min = 5;             // R: limit54[1]
  size_t cases_steps = 4;            // R: limit54[2], >= 1
  PowerTransform power = PowerTransform::kTwoThirds;
  bool population_offset = false;
  size_t periods = 1;                                  // R: noPeriods, 1 .. period - 2 w
  std::optional<size_t> past_excluded = std::nullopt;  // R: pastWeeksNotIncluded; half_window when absent
  ThresholdMethod threshold = ThresholdMethod::kDelta;
  size_t period = 52;                          // steps a year
  std::optional<size_t> first = std::nullopt;  // period b + w when absent, and not earlier
};

// One signal for each index from `first` on. kInvalidArgument: a parameter out of range or `first` too early.
Signals FarringtonFlexible(const Series& series, const FarringtonFlexibleOptions& options);

// Bounds of kNbPlugin and kMuan about `mean`: quantiles alpha and 1 - alpha of a negative binomial of
// variance phi mean, Poisson for phi <= 1. Undefined when the mean is not finite.
Bounds QuantileBounds(double mean, double phi, double alpha);

// The mean those quantiles are taken about: exp(eta) for kNbPlugin, exp of the 1 - alpha quantile of eta for
// kMuan.
double QuantileMean(double eta, double standard_error, double alpha, ThresholdMethod threshold);

}  // namespace zaojing::stats
