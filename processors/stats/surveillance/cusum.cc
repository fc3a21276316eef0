#include "processors/stats/surveillance/cusum.h"

#include <cmath>
#include <limits>

#include "processors/stats/surveillance/control_charts.h"
#include "processors/stats/surveillance/seasonal_baseline.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

double PowerOrZero(double base, double exponent) { return base > 0 ? std::pow(base, exponent) : 0; }

// z as a function of the count and back, for one mean.
class Scale {
 public:
  Scale(const CusumOptions& options, double mean, double sigma)
      : transform_(options.transform), mean_(mean), sigma_(sigma) {
    if (transform_ == CusumTransform::kPearsonNegBin) sigma_ = std::sqrt(mean + options.alpha * mean * mean);
    if (transform_ == CusumTransform::kStandard) sigma_ = std::sqrt(mean);
    // The level that the two-thirds powers are compared with.
    level_ = std::pow(mean, 2.0 / 3);
    if (transform_ == CusumTransform::kAnscombe2nd) level_ -= std::pow(mean, -1.0 / 3) / 9;
  }

  double ToScore(double y) const {
    if (transform_ == CusumTransform::kNone) return y;
    if (mean_ == 0 || (Linear() && sigma_ == 0)) {
      if (y == mean_) return 0;
      return y > mean_ ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    }
    if (Linear()) return (y - mean_) / sigma_;
    if (transform_ == CusumTransform::kRossi) {
      return (y - 3 * mean_ + 2 * std::sqrt(y * mean_)) / (2 * std::sqrt(mean_));
    }
    return 1.5 * (std::pow(y, 2.0 / 3) - level_) / std::pow(mean_, 1.0 / 6);
  }

  // The count whose score is `score`, not below 0.
  double ToCount(double score) const {
    if (transform_ == CusumTransform::kNone) return std::fmax(0, score);
    if (mean_ == 0) return 0;
    if (transform_ == CusumTransform::kStandard) return std::fmax(0, std::ceil(sigma_ * score + mean_));
    if (Linear()) return std::fmax(0, sigma_ * score + mean_);
    if (transform_ == CusumTransform::kRossi) {
      // (sqrt(y) + sqrt(m))^2 = 4 m + 2 sqrt(m) z
      const double square = 4 * mean_ + 2 * std::sqrt(mean_) * score;
      const double root = std::sqrt(std::fmax(0, square)) - std::sqrt(mean_);
      return root > 0 ? root * root : 0;
    }
    return PowerOrZero(score * std::pow(mean_, 1.0 / 6) / 1.5 + level_, 1.5);
  }

 private:
  bool Linear() const {
    return transform_ == CusumTransform::kStandard || transform_ == CusumTransform::kPearsonNegBin ||
           transform_ == CusumTransform::kMovingRange;
  }

  CusumTransform transform_;
  double mean_;
  double sigma_;
  double level_;
};

}  // namespace

Signals Cusum(const Series& series, const CusumOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  const size_t baseline = options.baseline.value_or(options.first);
  const bool moving_range = options.transform == CusumTransform::kMovingRange;
  RETURN_IF_ERROR(CheckParameter(std::isfinite(options.k), "k"));
  RETURN_IF_ERROR(CheckParameter(options.h > 0 && std::isfinite(options.h), "h"));
  RETURN_IF_ERROR(CheckParameter(options.alpha >= 0 && std::isfinite(options.alpha), "alpha"));
  RETURN_IF_ERROR(CheckParameter(options.mean.value_or(0) >= 0 && std::isfinite(options.mean.value_or(0)), "mean"));
  RETURN_IF_ERROR(CheckParameter(baseline >= (moving_range ? 2u : options.mean ? 0u : 1u), "baseline"));
  std::vector<Signal> signals;
  if (series.counts.size() < baseline || series.counts.size() <= options.first) return signals;
  ChartLevel level;
  if (baseline >= 2) level = MovingRangeLevel(series.counts.first(baseline));
  if (baseline == 1) level.mean = static_cast<double>(series.counts[0]);
  if (options.mean) level.mean = *options.mean;
  SeasonalBaseline seasonal;
  if (options.seasonal) {
    const SeasonalOptions model{.period = options.period};
    ASSIGN_OR_RETURN(seasonal, FitSeasonalBaseline(series.counts, options.first, model));
  }
  double sum = 0;
  for (size_t t = options.first; t < series.counts.size(); ++t) {
    const double mean = options.seasonal ? seasonal.mean[t - options.first] : level.mean;
    const Scale scale(options, mean, level.sigma);
    Signal signal{.index = t, .expected = mean};
    signal.upper_bound = scale.ToCount(options.h + options.k - sum);
    sum = std::fmax(0, sum + scale.ToScore(static_cast<double>(series.counts[t])) - options.k);
    signal.statistic = sum;
    signal.alarm = sum >= options.h;
    signals.push_back(signal);
  }
  return signals;
}

}  // namespace zaojing::stats
