// The Farrington method (Farrington, Andrews, Beale and Catchpole 1996; R surveillance algo.farrington).
//
// Reference values of step t: the 2 w + 1 steps centred on t - i period, i = b..1 (those before the series
// are left out). A quasi-Poisson log-linear model, with a linear trend when it is significant at 5 %
// (Student, two-sided), the reference spans at least 3 years and the prediction does not exceed the largest
// reference value; fitted again with weights that damp past outbreaks (residuals above 1). With mu the
// prediction, se its standard error, phi the dispersion (at least 1), tau = phi + se^2 / mu, z = the 1 -
// alpha / 2 quantile:
//   none  mu -+ z sqrt(mu tau);   1/2  (mu^{1/2} -+ z sqrt(tau / 4))^2;
//   2/3  (mu^{2/3} -+ z sqrt(4/9 mu^{1/3} tau))^{3/2}.   A lower bound whose root is negative is 0.
//   expected = mu; statistic = exceedance score (Y - mu) / (upper_bound - mu); alarm: statistic > 1.
// Fewer than `cases_min` events in the last `cases_steps` steps: statistic and upper_bound are 0 and no
// alarm, as in R. A model that does not converge even without trend: a point with nothing defined. Error:
// 1e-10 relative to R's, whose fit it follows round by round.
#pragma once

#include <optional>

#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

enum class PowerTransform { kNone, kHalf, kTwoThirds };

struct FarringtonOptions {
  size_t years_back = 5;   // b, >= 1
  size_t half_window = 3;  // w
  bool reweight = true;
  double alpha = 0.05;  // two-sided, (0, 1)
  bool trend = true;
  int64_t cases_min = 5;   // R: limit54[1]
  size_t cases_steps = 4;  // R: limit54[2], >= 1
  PowerTransform power = PowerTransform::kTwoThirds;
  bool population_offset = false;  // log population as offset; needs Series::population
  size_t period = 52;              // steps a year
  std::optional<size_t> first =
      std::nullopt;  // period b - w - 1 when absent: the first window may then be cut, as in R
};

// One signal for each index from `first` on. kInvalidArgument: a parameter out of range, or `first` so early
// that the last year's window does not exist.
Signals Farrington(const Series& series, const FarringtonOptions& options);

// Bounds about a prediction of Poisson-like counts, for z standard deviations. Domain: mean > 0, phi >= 0.
struct Bounds {
  double lower;
  double upper;
};
Bounds PowerBounds(double mean, double standard_error, double phi, PowerTransform power, double z);

}  // namespace zaojing::stats
