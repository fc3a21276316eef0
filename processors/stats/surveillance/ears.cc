#include "processors/stats/surveillance/ears.h"

#include <array>
#include <cmath>
#include <limits>

#include "processors/stats/surveillance/count_quantiles.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The baseline of t = 0, 1, 2, ... in turn, by one addition and one subtraction a step.
class SlidingBaseline {
 public:
  SlidingBaseline(std::span<const int64_t> counts, size_t length, size_t lag, size_t first)
      : counts_(counts), length_(length), end_(first + 1 - lag) {
    for (size_t t = end_ - length_; t < end_; ++t) Add(counts_[t], 1);
  }
  void Advance() {
    Add(counts_[end_ - length_], -1);
    Add(counts_[end_], 1);
    ++end_;
  }
  EarsBaseline Get(double min_sigma) const {
    return EarsBaselineOf(sum_, sum_of_squares_, static_cast<int64_t>(length_), min_sigma);
  }

 private:
  void Add(int64_t y, int sign) {
    sum_ += sign * y;
    sum_of_squares_ += sign * static_cast<__int128>(y) * y;
  }

  std::span<const int64_t> counts_;
  size_t length_;
  size_t end_;  // one past the newest count of the baseline
  int64_t sum_ = 0;
  __int128 sum_of_squares_ = 0;
};

std::vector<Signal> ScoreEach(std::span<const int64_t> counts, const EarsOptions& options, double z, size_t lag,
                              size_t first) {
  std::vector<Signal> signals;
  if (first >= counts.size()) return signals;
  signals.reserve(counts.size() - first);
  SlidingBaseline sliding(counts, options.baseline, lag, first);
  for (size_t t = first; t < counts.size(); ++t) {
    if (t != first) sliding.Advance();
    const EarsBaseline baseline = sliding.Get(options.min_sigma);
    const double y = static_cast<double>(counts[t]);
    Signal signal{.index = t, .expected = baseline.mean};
    signal.statistic = EarsScore(y, baseline);
    signal.upper_bound = baseline.mean + z * baseline.deviation;
    signal.alarm = y > signal.upper_bound;
    signals.push_back(signal);
  }
  return signals;
}

// C3 from `first` on: the C2 scores of the two steps before it are needed too.
std::vector<Signal> AddThree(std::span<const int64_t> counts, const EarsOptions& options, double z, size_t first) {
  std::vector<Signal> signals;
  if (first >= counts.size()) return signals;
  SlidingBaseline sliding(counts, options.baseline, 3, first - 2);
  std::array<double, 2> older = {0, 0};  // max(0, C2 - 1) of the last two steps
  for (size_t t = first - 2; t < counts.size(); ++t) {
    if (t != first - 2) sliding.Advance();
    const EarsBaseline baseline = sliding.Get(options.min_sigma);
    const double today = std::fmax(0, EarsScore(static_cast<double>(counts[t]), baseline) - 1);
    if (t >= first) {
      Signal signal{.index = t, .expected = baseline.mean};
      signal.statistic = older[0] + older[1] + today;
      const double slack = baseline.deviation > 0 ? baseline.deviation * (z - (older[0] + older[1])) : 0;
      signal.upper_bound = baseline.mean + slack;
      signal.alarm = signal.statistic > z;
      signals.push_back(signal);
    }
    older = {older[1], today};
  }
  return signals;
}

}  // namespace

EarsBaseline EarsBaselineOf(int64_t sum, __int128 sum_of_squares, int64_t count, double min_sigma) {
  // n * sum of squares - sum^2 is exact; the division and the root round once each.
  const __int128 scatter = count * sum_of_squares - static_cast<__int128>(sum) * sum;
  const double n = static_cast<double>(count);
  const double deviation = std::sqrt(static_cast<double>(scatter) / (n * (n - 1)));
  return {static_cast<double>(sum) / n, std::fmax(deviation, min_sigma)};
}

double EarsScore(double y, const EarsBaseline& baseline) {
  const double excess = y - baseline.mean;
  if (baseline.deviation > 0) return excess / baseline.deviation;
  if (excess == 0) return 0;
  return excess > 0 ? kInfinity : -kInfinity;
}

size_t EarsFirst(const EarsOptions& options) {
  switch (options.method) {
    case EarsMethod::kC1:
      return options.baseline;
    case EarsMethod::kC2:
      return options.baseline + 2;
    case EarsMethod::kC3:
      break;
  }
  return options.baseline + 4;
}

double EarsAlpha(const EarsOptions& options) {
  return options.alpha.value_or(options.method == EarsMethod::kC3 ? 0.025 : 0.001);
}

Signals Ears(const Series& series, const EarsOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  const double alpha = EarsAlpha(options);
  RETURN_IF_ERROR(CheckParameter(options.baseline >= 3 && options.baseline <= limits::kBaselineMax, "baseline"));
  RETURN_IF_ERROR(CheckParameter(options.min_sigma >= 0 && std::isfinite(options.min_sigma), "min-sigma"));
  RETURN_IF_ERROR(CheckParameter(alpha > 0 && alpha < 1, "alpha"));
  const size_t first = options.first.value_or(EarsFirst(options));
  RETURN_IF_ERROR(CheckParameter(first >= EarsFirst(options), "first"));
  const double z = NormalQuantile(1 - alpha);
  if (options.method == EarsMethod::kC3) {
    return AddThree(series.counts, options, z, first);
  }
  return ScoreEach(series.counts, options, z, options.method == EarsMethod::kC1 ? 1 : 3, first);
}

}  // namespace zaojing::stats
