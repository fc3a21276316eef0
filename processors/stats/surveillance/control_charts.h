// Charts for individual counts about a level learnt from the leading points: Shewhart (1931) and EWMA
// (Roberts 1959; limits after Lucas and Saccucci 1990).
//
// mu, sigma: mean of the first `baseline` counts, and their mean moving range over d2 = 2 / sqrt(pi), the
// expectation of the range of two standard normal values (Montgomery, Introduction to Statistical Quality
// Control, section 6.4).
//   Shewhart  statistic (Y - mu) / sigma; bounds mu -+ width sigma.
//   EWMA      statistic Z_i = lambda Y_i + (1 - lambda) Z_{i-1}, Z_0 = mu or `start`;
//             bounds mu -+ width sigma sqrt(lambda / (2 - lambda) (1 - (1 - lambda)^{2 i})), i = 1 at
//             `first`.
// Alarm: the statistic (for Shewhart, the count) lies outside the bounds. expected = mu.
// The R package mdsstat starts Z at 0 and, by a misplaced power, computes (1 - (1 - lambda)) 2 i in the place
// of 1 - (1 - lambda)^{2 i}; the first is had with `start`, the second is not copied. sigma = 0: the Shewhart
// statistic is 0, +inf or -inf as the count is mu, above or below. Relative error < 1e-13.
#pragma once

#include <optional>

#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

struct ChartOptions {
  size_t first = 52;                              // first index judged
  std::optional<size_t> baseline = std::nullopt;  // leading points that set the level, >= 2; `first` when absent
  double width = 3;                               // in sigmas, > 0
  double lambda = 0.85;                           // EWMA only, (0, 1]
  std::optional<double> start = std::nullopt;     // EWMA only: Z_0
};

struct ChartLevel {
  double mean = 0;
  double sigma = 0;
};
// Domain: at least 2 counts.
ChartLevel MovingRangeLevel(std::span<const int64_t> counts);

// One signal for each index from `first` on; none when the series has fewer points than `baseline` or fewer
// than 2. kInvalidArgument: a parameter out of its range.
Signals Shewhart(const Series& series, const ChartOptions& options);
Signals Ewma(const Series& series, const ChartOptions& options);

}  // namespace zaojing::stats
