// The Bayes subsystem (Riebler 2004; Höhle 2007, "surveillance: An R package for the monitoring of infectious
// diseases"; R surveillance algo.bayes).
//   Reference values: the w steps before t when `recent`, and for each i = 1..b the 2 w + 1 steps centred on
//   t - i period. With n of them and sum S, a Gamma(1/2, 0) prior gives the next count a negative binomial of
//   size S + 1/2 and probability n / (n + 1). expected = (S + 1/2) / n; upper_bound = its 1 - alpha quantile
//   (a whole count); alarm: Y > upper_bound; statistic = P(X >= Y), the predictive upper tail.
// Error: bounds exact, tail 1e-12 relative.
#pragma once

#include <optional>

#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

struct BayesOptions {
  size_t years_back = 0;                       // b
  size_t half_window = 6;                      // w, >= 1 when years_back is 0
  bool recent = true;                          // R: actY
  double alpha = 0.05;                         // (0, 1)
  size_t period = 52;                          // steps a year, >= 1
  std::optional<size_t> first = std::nullopt;  // b period + w when absent
};

// One signal for each index from `first` on. kInvalidArgument: a parameter out of range or `first` too early.
Signals Bayes(const Series& series, const BayesOptions& options);

}  // namespace zaojing::stats
