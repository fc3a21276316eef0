#include "processors/stats/surveillance/control_charts.h"

#include <cmath>
#include <cstdlib>

#include "processors/stats/surveillance/ears.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

const double kD2 = 2 / std::sqrt(std::acos(-1.0));

absl::Status CheckChart(const Series& series, const ChartOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  RETURN_IF_ERROR(CheckParameter(options.baseline.value_or(options.first) >= 2, "baseline"));
  RETURN_IF_ERROR(CheckParameter(options.width > 0 && std::isfinite(options.width), "width"));
  RETURN_IF_ERROR(CheckParameter(options.lambda > 0 && options.lambda <= 1, "lambda"));
  return CheckParameter(std::isfinite(options.start.value_or(0)), "start");
}

}  // namespace

ChartLevel MovingRangeLevel(std::span<const int64_t> counts) {
  int64_t sum = 0;
  int64_t ranges = 0;
  for (size_t t = 0; t < counts.size(); ++t) {
    sum += counts[t];
    if (t > 0) ranges += std::abs(counts[t] - counts[t - 1]);
  }
  const double n = static_cast<double>(counts.size());
  return {static_cast<double>(sum) / n, static_cast<double>(ranges) / (n - 1) / kD2};
}

Signals Shewhart(const Series& series, const ChartOptions& options) {
  RETURN_IF_ERROR(CheckChart(series, options));
  std::vector<Signal> signals;
  const size_t baseline = options.baseline.value_or(options.first);
  if (series.counts.size() < baseline) return signals;
  const ChartLevel level = MovingRangeLevel(series.counts.first(baseline));
  for (size_t t = options.first; t < series.counts.size(); ++t) {
    const double y = static_cast<double>(series.counts[t]);
    Signal signal{.index = t, .expected = level.mean};
    signal.statistic = EarsScore(y, {level.mean, level.sigma});
    signal.lower_bound = level.mean - options.width * level.sigma;
    signal.upper_bound = level.mean + options.width * level.sigma;
    signal.alarm = y < signal.lower_bound || y > signal.upper_bound;
    signals.push_back(signal);
  }
  return signals;
}

Signals Ewma(const Series& series, const ChartOptions& options) {
  RETURN_IF_ERROR(CheckChart(series, options));
  std::vector<Signal> signals;
  const size_t baseline = options.baseline.value_or(options.first);
  if (series.counts.size() < baseline) return signals;
  const ChartLevel level = MovingRangeLevel(series.counts.first(baseline));
  double smoothed = options.start.value_or(level.mean);
  double decay = 1;  // (1 - lambda)^(2 i)
  for (size_t t = options.first; t < series.counts.size(); ++t) {
    smoothed = options.lambda * static_cast<double>(series.counts[t]) + (1 - options.lambda) * smoothed;
    decay *= (1 - options.lambda) * (1 - options.lambda);
    const double half = options.width * level.sigma * std::sqrt(options.lambda / (2 - options.lambda) * (1 - decay));
    Signal signal{.index = t, .expected = level.mean, .statistic = smoothed};
    signal.lower_bound = level.mean - half;
    signal.upper_bound = level.mean + half;
    signal.alarm = smoothed < signal.lower_bound || smoothed > signal.upper_bound;
    signals.push_back(signal);
  }
  return signals;
}

}  // namespace zaojing::stats
