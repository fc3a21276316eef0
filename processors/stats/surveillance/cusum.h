// CUSUM for Poisson counts (Rossi, Lampugnani and Marchi 1999; R surveillance algo.cusum).
//   C_t = max(0, C_{t-1} + z_t - k), C = 0 before `first`; alarm: C_t >= h; the sum is not reset by an alarm.
//   statistic = C_t; expected = m; upper_bound = the count at t from which C_t >= h (whole for kStandard,
//   whose bound is rounded up as R does), not below 0.
// z_t by transform, m the in-control mean:
//   kStandard       (Y - m) / sqrt(m)
//   kRossi          (Y - 3 m + 2 sqrt(Y m)) / (2 sqrt(m))
//   kAnscombe       3/2 (Y^{2/3} - m^{2/3}) / m^{1/6}
//   kAnscombe2nd    (Y^{2/3} - (m^{2/3} - m^{-1/3} / 9)) / (2/3 m^{1/6})
//   kPearsonNegBin  (Y - m) / sqrt(m + alpha m^2)
//   kMovingRange    (Y - m) / sigma, sigma by moving ranges (control_charts.h): the tabular CUSUM of
//   Montgomery with k
//                   and h in sigmas, which the R package mdsstat reports times sigma (and starts one point
//                   later)
//   kNone           Y
// R's bounds for kAnscombe2nd (m^{1/3} for m^{-1/3}) and kNone (h - C_t) do not invert its statistic; ours
// do. m = 0: z is 0 for a count of 0 and +inf for any other, the statistic then stays +inf. Relative error <
// 1e-12.
#pragma once

#include <optional>

#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

enum class CusumTransform { kStandard, kRossi, kAnscombe, kAnscombe2nd, kPearsonNegBin, kMovingRange, kNone };

struct CusumOptions {
  size_t first = 52;  // first index judged, >= 1 unless `mean` is given
  double k = 1.04;    // reference value, in units of z
  double h = 2.26;    // decision interval, in units of z, > 0
  std::optional<double> mean =
      std::nullopt;  // m, events a step, >= 0; mean of the counts before `baseline` when absent
  std::optional<size_t> baseline = std::nullopt;  // `first` when absent; kMovingRange needs >= 2
  bool seasonal = false;                          // m_t from a Poisson model with one harmonic (seasonal_baseline.h)
  size_t period = 52;                             // steps a year, for `seasonal`
  CusumTransform transform = CusumTransform::kStandard;
  double alpha = 0.1;  // dispersion for kPearsonNegBin, >= 0
};

// One signal for each index from `first` on; none when the series is not longer than the baseline needs.
// kInvalidArgument: a parameter out of range; kFailedPrecondition: the seasonal model cannot be fitted.
Signals Cusum(const Series& series, const CusumOptions& options);

}  // namespace zaojing::stats
