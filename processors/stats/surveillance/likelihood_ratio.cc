#include "processors/stats/surveillance/likelihood_ratio.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "processors/stats/surveillance/poisson_deviance.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr double kKappaTolerance = 1e-9;
constexpr double kKappaFloor = -18;  // e^-18: no events at all
constexpr int kKappaRoundsMax = 100;

class Chart {
 public:
  Chart(std::span<const int64_t> counts, const LikelihoodRatioOptions& options, const SeasonalBaseline& baseline)
      : counts_(counts), options_(options), means_(baseline.mean), alpha_(baseline.alpha) {
    events_.push_back(0);
    expected_.push_back(0);
    for (size_t t = options.first; t < counts.size(); ++t) {
      events_.push_back(events_.back() + static_cast<double>(counts[t]));
      expected_.push_back(expected_.back() + MeanAt(t));
    }
  }

  std::vector<Signal> Run() {
    std::vector<Signal> signals;
    for (size_t t = options_.first; t < counts_.size(); ++t) {
      Signal signal{.index = t, .expected = MeanAt(t)};
      signal.statistic = StatisticAt(t, counts_[t]);
      signal.alarm = Alarms(signal.statistic);
      SetBound(t, signal);
      previous_ = signal.statistic;
      if (signal.alarm) {
        start_ = t + 1;
        previous_ = 0;
      }
      signals.push_back(signal);
    }
    return signals;
  }

 private:
  double MeanAt(size_t t) const { return means_[t - options_.first]; }
  bool Alarms(double statistic) const {
    return options_.theta ? statistic > options_.threshold : statistic >= options_.threshold;
  }
  double Term(size_t t, int64_t count, double kappa) const {
    const double y = static_cast<double>(count);
    const double mean = MeanAt(t);
    if (alpha_ == 0) return kappa * y - std::expm1(kappa) * mean;
    return kappa * y - (y + 1 / alpha_) * std::log1p(alpha_ * mean * std::expm1(kappa) / (1 + alpha_ * mean));
  }

  // First and last start k of a stretch that ends at t; empty (first > last) while there are too few steps.
  struct Starts {
    size_t first;
    size_t end;  // one past the last
  };
  Starts StartsAt(size_t t) const {
    size_t first = start_;
    if (options_.window && t >= *options_.window) first = std::max(first, t - *options_.window);
    return {first, t + 1 >= first + options_.steps_min ? t + 2 - options_.steps_min : first};
  }

  // The statistic at t were the count there `today`.
  double StatisticAt(size_t t, int64_t today) const {
    if (options_.theta) return std::fmax(0, previous_ + Term(t, today, *options_.theta));
    const Starts starts = StartsAt(t);
    double best = 0;  // kappa = 0 is always allowed
    for (size_t k = starts.first; k < starts.end; ++k) best = std::fmax(best, Supremum(k, t, today));
    return best;
  }

  // sup over kappa of the log-likelihood ratio of counts k..t.
  double Supremum(size_t k, size_t t, int64_t today) const {
    const double events = events_[t - options_.first] - events_[k - options_.first] + static_cast<double>(today);
    const double expected = expected_[t + 1 - options_.first] - expected_[k - options_.first];
    if (alpha_ == 0) {
      const bool moved = options_.decrease ? events < expected : events > expected;
      return moved ? HalfPoissonDeviance(events, expected) : 0;
    }
    double kappa = KappaOf(k, t, today, events > 0 ? std::log(events / expected) : kKappaFloor);
    kappa = options_.decrease ? std::fmin(0, kappa) : std::fmax(0, kappa);
    double sum = 0;
    for (size_t i = k; i <= t; ++i) sum += Term(i, i == t ? today : counts_[i], kappa);
    return sum;
  }

  // Newton on the concave log-likelihood of counts k..t; sums are over whole windows, so O(t - k) a round.
  double KappaOf(size_t k, size_t t, int64_t today, double kappa) const {
    for (int round = 0; round < kKappaRoundsMax; ++round) {
      double score = 0;
      double information = 0;
      const double factor = std::exp(kappa);
      for (size_t i = k; i <= t; ++i) {
        const double y = static_cast<double>(i == t ? today : counts_[i]);
        const double mean = MeanAt(i) * factor;
        const double spread = 1 + alpha_ * mean;
        score += (y - mean) / spread;
        information += mean * (1 + alpha_ * y) / (spread * spread);
      }
      // A step of more than 2 would overshoot from a flat tail.
      const double next = kappa + std::clamp(score / information, -2.0, 2.0);
      if (next < kKappaFloor) return kKappaFloor;
      if (std::fabs(next - kappa) < kKappaTolerance) return next;
      kappa = next;
    }
    return kappa;
  }

  // The statistic grows with the count, or falls for `decrease` or a negative theta. For the GLR chart each
  // start k is asked only whether it alarms beyond the best bound so far, and halved only if it does.
  void SetBound(size_t t, Signal& signal) const {
    const bool falls = options_.theta ? *options_.theta < 0 : options_.decrease;
    int64_t best = falls ? -1 : limits::kSeriesCountMax + 1;
    if (options_.theta) {
      best = Tighten(best, falls, [&](int64_t count) { return Alarms(StatisticAt(t, count)); });
    } else {
      const Starts starts = StartsAt(t);
      for (size_t k = starts.end; k-- > starts.first;) {
        best = Tighten(best, falls, [&](int64_t count) { return Alarms(Supremum(k, t, count)); });
      }
    }
    if (falls && best >= 0) signal.lower_bound = static_cast<double>(best);
    if (!falls && best <= limits::kSeriesCountMax) signal.upper_bound = static_cast<double>(best);
  }

  // The smallest alarming count below `best` (the largest above it, when `falls`), or `best` when none
  // alarms.
  template <typename AlarmsAt>
  static int64_t Tighten(int64_t best, bool falls, const AlarmsAt& alarms) {
    int64_t inside = falls ? best + 1 : best - 1;  // alarms, if anything new does
    if (inside < 0 || !alarms(inside)) return best;
    int64_t outside = falls ? limits::kSeriesCountMax + 1 : -1;
    while (std::abs(outside - inside) > 1) {
      const int64_t middle = inside + (outside - inside) / 2;
      (alarms(middle) ? inside : outside) = middle;
    }
    return inside;
  }

  std::span<const int64_t> counts_;
  const LikelihoodRatioOptions& options_;
  std::span<const double> means_;
  double alpha_;
  std::vector<double> events_;     // sums of the counts before each point from `first` on
  std::vector<double> expected_;   // and of the means
  size_t start_ = options_.first;  // after the last alarm
  double previous_ = 0;            // L_{t-1}
};

absl::Status CheckChart(const Series& series, const LikelihoodRatioOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  RETURN_IF_ERROR(CheckParameter(options.threshold > 0 && std::isfinite(options.threshold), "threshold"));
  RETURN_IF_ERROR(CheckParameter(options.steps_min >= 1, "steps-min"));
  const double theta = options.theta.value_or(1);
  return CheckParameter(theta != 0 && std::fabs(theta) <= 18, "theta");
}

}  // namespace

Signals LikelihoodRatioChart(const Series& series, const LikelihoodRatioOptions& options,
                             const SeasonalBaseline& baseline) {
  RETURN_IF_ERROR(CheckChart(series, options));
  if (series.counts.size() <= options.first) return std::vector<Signal>();
  RETURN_IF_ERROR(CheckParameter(baseline.mean.size() == series.counts.size() - options.first, "mean"));
  const bool positive = std::all_of(baseline.mean.begin(), baseline.mean.end(),
                                    [](double mean) { return mean > 0 && std::isfinite(mean); });
  RETURN_IF_ERROR(CheckParameter(positive, "mean"));
  RETURN_IF_ERROR(CheckParameter(baseline.alpha >= 0 && std::isfinite(baseline.alpha), "alpha"));
  return Chart(series.counts, options, baseline).Run();
}

Signals LikelihoodRatioChart(const Series& series, const LikelihoodRatioOptions& options) {
  RETURN_IF_ERROR(CheckChart(series, options));
  if (series.counts.size() <= options.first) return std::vector<Signal>();
  ASSIGN_OR_RETURN(const SeasonalBaseline baseline,
                   FitSeasonalBaseline(series.counts, options.first, options.baseline));
  return LikelihoodRatioChart(series, options, baseline);
}

}  // namespace zaojing::stats
