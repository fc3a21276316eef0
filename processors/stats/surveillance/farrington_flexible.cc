#include "processors/stats/surveillance/farrington_flexible.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "processors/stats/surveillance/count_quantiles.h"
#include "processors/stats/surveillance/ears.h"
#include "processors/stats/surveillance/quasi_poisson.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr size_t kTrendYearsMin = 3;
constexpr size_t kNoGroup = static_cast<size_t>(-1);

class Detector {
 public:
  Detector(const Series& series, const FarringtonFlexibleOptions& options)
      : series_(series), options_(options), z_(NormalQuantile(1 - options.alpha)) {
    AssignGroups();
  }

  Signal Judge(size_t t) {
    Collect(t);
    Signal signal{.index = t};
    bool trend = options_.trend;
    if (!Fit(trend)) {
      if (largest_ == 0) SetFigures(0, {0, 0}, signal);
      return signal;
    }
    QuasiPoisson::Prediction ahead = Predict(t);
    if (trend && !TrendHolds(std::exp(ahead.eta))) {
      trend = false;
      if (!Fit(trend)) return signal;
      ahead = Predict(t);
    }
    const double mean = std::exp(ahead.eta);
    SetFigures(mean, BoundsOf(ahead, mean), signal);
    return signal;
  }

 private:
  double Offset(size_t t) const { return options_.population_offset ? std::log(series_.population[t]) : 0; }
  QuasiPoisson::Prediction Predict(size_t t) const {
    return model_.Predict(options_.periods - 1, static_cast<double>(t), Offset(t));
  }
  size_t Past() const { return options_.past_excluded.value_or(options_.half_window); }

  // Seasonal group of each step from t - b period - w to t: the windows are group periods - 1, the blocks
  // between them 0, 1, ... forwards in time. The pattern depends only on the distance to t, so it is made
  // once. REQUIRES options checked.
  void AssignGroups() {
    const size_t w = options_.half_window;
    const size_t window_group = options_.periods - 1;
    origin_back_ = options_.years_back * options_.period + w;
    groups_.assign(origin_back_ + 1, kNoGroup);
    const auto at = [&](size_t back) -> size_t& { return groups_[origin_back_ - back]; };
    for (size_t back = 0; back <= w; ++back) at(back) = window_group;
    for (size_t year = 1; year <= options_.years_back; ++year) {
      const size_t centre = year * options_.period;
      for (size_t back = centre - w; back <= centre + w; ++back) at(back) = window_group;
      if (options_.periods == 1) continue;
      const size_t between = options_.period - 2 * w - 1;
      size_t back = centre - w;
      for (size_t block = 0; block < window_group; ++block) {
        const size_t length = between / window_group + (block < between % window_group ? 1 : 0);
        for (size_t step = 0; step < length; ++step) at(--back) = block;
      }
    }
    for (size_t back = 0; back <= std::min(Past(), origin_back_); ++back) at(back) = kNoGroup;
  }

  void Collect(size_t t) {
    reference_.Clear();
    reference_.group_count = options_.periods;
    largest_ = 0;
    const size_t origin = t - origin_back_;
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i] == kNoGroup) continue;
      const double count = static_cast<double>(series_.counts[origin + i]);
      reference_.Append(count, static_cast<double>(origin + i), Offset(origin + i), groups_[i]);
      largest_ = std::max(largest_, count);
    }
  }

  bool Fit(bool& trend) {
    bool converged = model_.Fit(reference_, {}, trend);
    if (!converged && trend) {
      trend = false;
      converged = model_.Fit(reference_, {}, trend);
    }
    if (!converged) return false;
    residual_variance_ = model_.Dispersion(model_.working_weights());
    phi_ = std::fmax(residual_variance_, 1);
    if (!options_.reweight) return true;
    model_.AnscombeResiduals(phi_, residuals_);
    OutbreakWeights(residuals_, options_.weights_threshold, weights_);
    model_.Fit(reference_, weights_, trend);
    phi_ = std::fmax(model_.Dispersion(model_.working_weights()), 1);
    residual_variance_ = model_.Dispersion(weights_);
    return true;
  }

  bool TrendHolds(double prediction) const {
    const bool significant = model_.has_slope() && model_.SlopePValue(residual_variance_) < options_.trend_significance;
    return options_.years_back >= kTrendYearsMin && significant && prediction <= largest_;
  }

  Bounds BoundsOf(const QuasiPoisson::Prediction& ahead, double mean) const {
    const double error = std::sqrt(residual_variance_ * ahead.variance);
    if (options_.threshold == ThresholdMethod::kDelta) {
      return PowerBounds(mean, error * mean, phi_, options_.power, z_);
    }
    return QuantileBounds(QuantileMean(ahead.eta, error, options_.alpha, options_.threshold), phi_, options_.alpha);
  }

  void SetFigures(double mean, const Bounds& bounds, Signal& signal) const {
    signal.lower_bound = bounds.lower;
    const size_t recent = std::min(options_.cases_steps, signal.index + 1);
    const auto end = series_.counts.begin() + static_cast<std::ptrdiff_t>(signal.index + 1);
    if (std::accumulate(end - static_cast<std::ptrdiff_t>(recent), end, int64_t{0}) < options_.cases_min) return;
    const double y = static_cast<double>(series_.counts[signal.index]);
    signal.expected = mean;
    signal.upper_bound = bounds.upper;
    signal.statistic = EarsScore(y, {mean, bounds.upper - mean});
    signal.alarm = y > bounds.upper && y > 0;
  }

  const Series& series_;
  const FarringtonFlexibleOptions& options_;
  const double z_;
  std::vector<size_t> groups_;  // of the steps t - origin_back_ .. t
  size_t origin_back_ = 0;
  ReferenceSet reference_;
  double largest_ = 0;
  QuasiPoisson model_;
  double phi_ = 1;
  double residual_variance_ = 1;
  std::vector<double> residuals_;
  std::vector<double> weights_;
};

absl::Status CheckFlexible(const Series& series, const FarringtonFlexibleOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  const size_t w = options.half_window;
  RETURN_IF_ERROR(CheckParameter(options.years_back >= 1 && options.years_back <= limits::kYearsBackMax, "years-back"));
  RETURN_IF_ERROR(CheckParameter(options.period >= 2 && options.period <= limits::kPeriodMax, "period"));
  RETURN_IF_ERROR(CheckParameter(2 * w < options.period, "half-window"));
  RETURN_IF_ERROR(CheckParameter(options.alpha > 0 && options.alpha < 1, "alpha"));
  RETURN_IF_ERROR(CheckParameter(options.weights_threshold > 0, "weights-threshold"));
  RETURN_IF_ERROR(CheckParameter(options.trend_significance >= 0, "trend-significance"));
  RETURN_IF_ERROR(CheckParameter(options.cases_min >= 0 && options.cases_steps >= 1, "cases-min"));
  RETURN_IF_ERROR(CheckParameter(options.periods >= 1 && options.periods <= options.period - 2 * w, "periods"));
  const size_t past = options.past_excluded.value_or(w);
  RETURN_IF_ERROR(CheckParameter(past < options.period - w, "past-excluded"));
  return CheckParameter(!options.population_offset || !series.population.empty() || series.counts.empty(),
                        "population");
}

}  // namespace

double QuantileMean(double eta, double standard_error, double alpha, ThresholdMethod threshold) {
  if (threshold != ThresholdMethod::kMuan) return std::exp(eta);
  return std::exp(eta + NormalQuantile(1 - alpha) * standard_error);
}

Bounds QuantileBounds(double mean, double phi, double alpha) {
  if (!std::isfinite(mean)) return {kUndefined, kUndefined};
  if (phi <= 1) return {PoissonQuantile(alpha, mean), PoissonQuantile(1 - alpha, mean)};
  const double size = mean / (phi - 1);
  return {NegativeBinomialQuantile(alpha, mean, size), NegativeBinomialQuantile(1 - alpha, mean, size)};
}

Signals FarringtonFlexible(const Series& series, const FarringtonFlexibleOptions& options) {
  RETURN_IF_ERROR(CheckFlexible(series, options));
  const size_t earliest = options.years_back * options.period + options.half_window;
  const size_t first = options.first.value_or(earliest);
  RETURN_IF_ERROR(CheckParameter(first >= earliest, "first"));
  std::vector<Signal> signals;
  Detector detector(series, options);
  for (size_t t = first; t < series.counts.size(); ++t) signals.push_back(detector.Judge(t));
  return signals;
}

}  // namespace zaojing::stats
