#include "processors/stats/surveillance/farrington.h"

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

constexpr double kTrendSignificance = 0.05;
constexpr double kOutbreakResidual = 1;
constexpr size_t kTrendYearsMin = 3;

// Models of one point after the other; the vectors are reused.
class Detector {
 public:
  Detector(const Series& series, const FarringtonOptions& options)
      : series_(series), options_(options), z_(NormalQuantile(1 - options.alpha / 2)) {}

  Signal Judge(size_t t) {
    Collect(t);
    Signal signal{.index = t};
    bool trend = options_.trend;
    if (!Fit(trend)) {
      if (largest_ == 0) SetFigures(0, {0, 0}, signal);
      return signal;
    }
    QuasiPoisson::Prediction ahead = model_.Predict(0, static_cast<double>(t), Offset(t));
    if (trend && !TrendHolds(std::exp(ahead.eta))) {
      trend = false;
      if (!Fit(trend)) return signal;
      ahead = model_.Predict(0, static_cast<double>(t), Offset(t));
    }
    const double mean = std::exp(ahead.eta);
    const double error = std::sqrt(phi_ * ahead.variance) * mean;
    SetFigures(mean, PowerBounds(mean, error, phi_, options_.power, z_), signal);
    return signal;
  }

 private:
  double Offset(size_t t) const { return options_.population_offset ? std::log(series_.population[t]) : 0; }

  void SetFigures(double mean, const Bounds& bounds, Signal& signal) const {
    const size_t t = signal.index;
    const size_t recent = std::min(options_.cases_steps, t + 1);
    const auto end = series_.counts.begin() + static_cast<std::ptrdiff_t>(t + 1);
    const int64_t cases = std::accumulate(end - static_cast<std::ptrdiff_t>(recent), end, int64_t{0});
    const bool enough = cases >= options_.cases_min;
    const double y = static_cast<double>(series_.counts[t]);
    signal.expected = mean;
    signal.lower_bound = bounds.lower;
    signal.upper_bound = enough ? bounds.upper : 0;
    signal.statistic = enough ? EarsScore(y, {mean, bounds.upper - mean}) : 0;
    signal.alarm = signal.statistic > 1;
  }

  void Collect(size_t t) {
    reference_.Clear();
    largest_ = 0;
    for (size_t year = options_.years_back; year >= 1; --year) {
      const size_t last = t + options_.half_window - year * options_.period + 1;  // one past; wraps below 0
      for (size_t step = 2 * options_.half_window + 1; step > 0; --step) {
        const size_t at = last - step;
        if (at >= t) continue;  // before the series
        const double count = static_cast<double>(series_.counts[at]);
        reference_.Append(count, static_cast<double>(at), Offset(at), 0);
        largest_ = std::max(largest_, count);
      }
    }
  }

  // Sets phi_. Falls back to no trend when the first fit with one does not converge.
  bool Fit(bool& trend) {
    bool converged = model_.Fit(reference_, {}, trend);
    if (!converged && trend) {
      trend = false;
      converged = model_.Fit(reference_, {}, trend);
    }
    if (!converged) return false;
    phi_ = std::fmax(model_.Dispersion(model_.working_weights()), 1);
    if (!options_.reweight) return true;
    model_.AnscombeResiduals(phi_, residuals_);
    OutbreakWeights(residuals_, kOutbreakResidual, weights_);
    model_.Fit(reference_, weights_, trend);
    phi_ = std::fmax(model_.Dispersion(model_.working_weights()), 1);
    return true;
  }

  bool TrendHolds(double prediction) const {
    const double p = model_.SlopePValue(model_.Dispersion(model_.working_weights()));
    return options_.years_back >= kTrendYearsMin && p < kTrendSignificance && prediction <= largest_;
  }

  const Series& series_;
  const FarringtonOptions& options_;
  const double z_;
  ReferenceSet reference_;
  double largest_ = 0;
  QuasiPoisson model_;
  double phi_ = 1;
  std::vector<double> residuals_;
  std::vector<double> weights_;
};

absl::Status CheckFarrington(const Series& series, const FarringtonOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  RETURN_IF_ERROR(CheckParameter(options.years_back >= 1 && options.years_back <= limits::kYearsBackMax, "years-back"));
  RETURN_IF_ERROR(CheckParameter(options.period >= 2 && options.period <= limits::kPeriodMax, "period"));
  RETURN_IF_ERROR(CheckParameter(options.half_window < options.period, "half-window"));
  RETURN_IF_ERROR(CheckParameter(options.alpha > 0 && options.alpha < 1, "alpha"));
  RETURN_IF_ERROR(CheckParameter(options.cases_min >= 0 && options.cases_steps >= 1, "cases-min"));
  return CheckParameter(!options.population_offset || !series.population.empty() || series.counts.empty(),
                        "population");
}

}  // namespace

Bounds PowerBounds(double mean, double standard_error, double phi, PowerTransform power, double z) {
  const double tau = phi + standard_error * standard_error / mean;
  double exponent = 1;
  double deviation = std::sqrt(mean * tau);
  if (power == PowerTransform::kHalf) {
    exponent = 0.5;
    deviation = std::sqrt(tau / 4);
  } else if (power == PowerTransform::kTwoThirds) {
    exponent = 2.0 / 3;
    deviation = std::sqrt(4.0 / 9 * std::cbrt(mean) * tau);
  }
  const double centre = std::pow(mean, exponent);
  const double lower = centre - z * deviation;
  return {lower > 0 ? std::pow(lower, 1 / exponent) : 0, std::pow(std::fmax(0, centre + z * deviation), 1 / exponent)};
}

Signals Farrington(const Series& series, const FarringtonOptions& options) {
  RETURN_IF_ERROR(CheckFarrington(series, options));
  const size_t span = options.years_back * options.period;
  const size_t first = options.first.value_or(span - options.half_window - 1);
  RETURN_IF_ERROR(CheckParameter(first + options.half_window >= options.period, "first"));
  std::vector<Signal> signals;
  Detector detector(series, options);
  for (size_t t = first; t < series.counts.size(); ++t) signals.push_back(detector.Judge(t));
  return signals;
}

}  // namespace zaojing::stats
