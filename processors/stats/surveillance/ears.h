// EARS C1, C2 and C3 (Hutwagner et al. 2003, "The bioterrorism preparedness and response Early Aberration
// Reporting System"; the formulas as in Salmon, Schumacher and Höhle 2016, section 3.1).
//
// m, s = mean and standard deviation (n - 1) of the `baseline` counts that end `lag` steps before t, s at
// least min_sigma; lag 1 for C1, 3 for C2 and C3.
//   C1, C2: statistic = (Y_t - m) / s; upper_bound = m + z s; alarm: Y_t > upper_bound.
//   C3:     statistic = sum over t-2..t of max(0, C2 - 1); alarm: statistic > z; upper_bound = m + z s - s
//   times the
//           sum's two older terms, the bound the documentation prints. The bound ignores the minus one and
//           the floor of today's term, so a few alarms stand below it; the statistic decides.
// with z = the 1 - alpha quantile of the normal distribution. R surveillance up to 1.26 computes C3 otherwise
// (it puts today's count in the place of m in the bound, so that today's count cannot matter); this is the
// published form.
//
// Where s is 0 (constant baseline and min_sigma 0) the statistic is 0 for Y_t = m and otherwise +inf or -inf.
// Error: sums are exact integers; relative error of each figure < 1e-14.
#pragma once

#include <cstdint>
#include <optional>

#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

enum class EarsMethod { kC1, kC2, kC3 };

struct EarsOptions {
  EarsMethod method = EarsMethod::kC1;
  size_t baseline = 7;                         // steps, 3 .. limits::kBaselineMax
  double min_sigma = 0;                        // events a step, >= 0
  std::optional<double> alpha = std::nullopt;  // (0, 1); 0.001 for C1 and C2, 0.025 for C3 when absent
  std::optional<size_t> first = std::nullopt;  // first index judged; the first with a full baseline when absent
};

// The first index with a full baseline: baseline for C1, + 2 for C2, + 4 for C3.
size_t EarsFirst(const EarsOptions& options);
double EarsAlpha(const EarsOptions& options);

// One signal for each index from `first` on. kInvalidArgument: a parameter out of its range, or `first` too
// early.
Signals Ears(const Series& series, const EarsOptions& options);

// Mean and deviation of a baseline from its exact sums; shared with the streaming form, so that both give the
// same bits. Domain: count >= 2.
struct EarsBaseline {
  double mean;
  double deviation;
};
EarsBaseline EarsBaselineOf(int64_t sum, __int128 sum_of_squares, int64_t count, double min_sigma);

// (y - mean) / deviation with the three defined answers for deviation 0.
double EarsScore(double y, const EarsBaseline& baseline);

}  // namespace zaojing::stats
