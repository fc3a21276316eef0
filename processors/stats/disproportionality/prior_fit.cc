#include "processors/stats/disproportionality/prior_fit.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "processors/stats/disproportionality/mixture_likelihood.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

using Matrix = std::array<PriorVector, kPriorParameters>;

// The box: shapes and rates within e^-11..e^11 (about 1.7e-5 to 6e4), the weight within 1.7e-5 of 0 and 1.
// Beyond it the likelihood is flat in double precision.
constexpr double kBound = 11.0;
constexpr size_t kSquashAbovePoints = 5'000;  // fewer are fitted whole from every start
constexpr size_t kOptimaMax = 3;              // distinct optima reported, and carried from squashed to all points
constexpr double kSameOptimum = 1e-3;         // of -log L: what two ends of one descent may differ by
constexpr int kHalvingsMax = 40;
constexpr double kStepMax = 2;
constexpr int kSmallGains = 6;
constexpr double kSufficientDecrease = 1e-4;
// A gain below this, absolutely and relative to -log L, is noise: sums of 1e5 terms are not surer.
constexpr double kGainMin = 1e-8;
constexpr double kGainShareMin = 1e-13;

// Shapes and rates as (mean, spread) pairs: a weak and a strong signal part, rare and common.
constexpr std::array<GammaMixture, 6> kStarts = {{{0.2, 0.1, 2.0, 4.0, 1.0 / 3.0},
                                                  {2.0, 0.5, 2.0, 2.0, 0.1},
                                                  {0.5, 0.1, 5.0, 5.0, 0.2},
                                                  {1.0, 0.2, 1.0, 2.0, 0.5},
                                                  {5.0, 0.5, 1.0, 1.0, 0.02},
                                                  {0.3, 0.3, 10.0, 12.0, 0.5}}};

double Dot(const PriorVector& x, const PriorVector& y) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

Matrix Identity(double scale) {
  Matrix m = {};
  for (size_t i = 0; i < m.size(); ++i) m[i][i] = scale;
  return m;
}

// One descent. State of BFGS: `inverse_` approximates the inverse Hessian.
class Descent {
 public:
  Descent(const MixtureLikelihood& likelihood, const GammaMixture& start)
      : likelihood_(likelihood), x_(ToVector(start)) {
    for (double& value : x_) value = std::clamp(value, -kBound, kBound);
    f_ = likelihood_.Evaluate(ToPrior(x_), &g_);
    Restart();
  }

  PriorFitRun Run(const GammaMixture& start) {
    PriorFitRun run;
    run.start = start;
    while (run.iterations < limits::kPriorFitIterationsMax && !run.converged) {
      ++run.iterations;
      run.converged = !Step();
    }
    run.prior = ToPrior(x_);
    run.negative_log_likelihood = f_;
    for (size_t i = 0; i < x_.size(); ++i) run.at_bound |= std::abs(x_[i]) >= kBound;
    return run;
  }

 private:
  void Restart() {
    double square = 0;
    for (size_t i = 0; i < g_.size(); ++i) {
      held_[i] = IsHeld(i);
      if (!held_[i]) square += g_[i] * g_[i];
    }
    inverse_ = Identity(1 / std::max(1.0, std::sqrt(square)));
    fresh_ = true;
  }

  // A parameter on the box whose descent leads out of it stays where it is.
  bool IsHeld(size_t i) const { return (x_[i] >= kBound && g_[i] < 0) || (x_[i] <= -kBound && g_[i] > 0); }

  PriorVector Direction() const {
    PriorVector d = {};
    for (size_t i = 0; i < d.size(); ++i) {
      if (held_[i]) continue;
      for (size_t j = 0; j < d.size(); ++j) d[i] -= held_[j] ? 0 : inverse_[i][j] * g_[j];
    }
    return d;
  }

  // One step; false when the last kSmallGains ones, enough to learn the curvature afresh, gained nothing.
  bool Step() {
    PriorVector direction = Direction();
    double slope = Dot(direction, g_);
    if (!(slope < 0) && !fresh_) {
      Restart();
      direction = Direction();
      slope = Dot(direction, g_);
    }
    if (!(slope < 0)) return false;  // no gradient is left, but in held parameters
    const double before = f_;
    if (!Search(direction, slope)) {
      if (fresh_) return false;
      Restart();
      return true;
    }
    const double noise = std::max(kGainMin, kGainShareMin * std::abs(f_));
    small_gains_ = before - f_ > noise ? 0 : small_gains_ + 1;
    return small_gains_ < kSmallGains;
  }

  // False, nothing changed: no step along the direction lowers -log L.
  bool Search(const PriorVector& direction, double slope) {
    // No step multiplies a parameter by more than e^2: far away the likelihood is flat and says nothing.
    double longest = 0;
    for (const double d : direction) longest = std::max(longest, std::abs(d));
    double length = std::min(1.0, kStepMax / longest);
    for (int halving = 0; halving < kHalvingsMax; ++halving, length /= 2) {
      PriorVector x = x_;
      for (size_t i = 0; i < x.size(); ++i) x[i] = std::clamp(x[i] + length * direction[i], -kBound, kBound);
      PriorVector g;
      const double f = likelihood_.Evaluate(ToPrior(x), &g);
      if (std::isfinite(f) && f <= f_ + kSufficientDecrease * length * slope) {
        Accept(x, f, g);
        return true;
      }
    }
    return false;
  }

  void Accept(const PriorVector& x, double f, const PriorVector& g) {
    PriorVector s;
    PriorVector y;
    for (size_t i = 0; i < s.size(); ++i) {
      s[i] = x[i] - x_[i];
      y[i] = g[i] - g_[i];
    }
    x_ = x;
    f_ = f;
    g_ = g;
    // The curvature met so far is of other parameters: it must not mix with that of these.
    for (size_t i = 0; i < x_.size(); ++i) {
      if (held_[i] != IsHeld(i)) return Restart();
      if (held_[i]) y[i] = 0;
    }
    const double sy = Dot(s, y);
    if (sy <= 1e-12 * std::sqrt(Dot(s, s) * Dot(y, y))) return;
    if (fresh_) inverse_ = Identity(sy / Dot(y, y));
    fresh_ = false;
    PriorVector hy = {};
    for (size_t i = 0; i < hy.size(); ++i) hy[i] = Dot(inverse_[i], y);
    const double factor = (1 + Dot(y, hy) / sy) / sy;
    for (size_t i = 0; i < s.size(); ++i) {
      for (size_t j = 0; j < s.size(); ++j) {
        inverse_[i][j] += factor * s[i] * s[j] - (s[i] * hy[j] + hy[i] * s[j]) / sy;
      }
    }
  }

  const MixtureLikelihood& likelihood_;
  PriorVector x_;
  PriorVector g_ = {};
  double f_ = 0;
  Matrix inverse_ = {};
  std::array<bool, kPriorParameters> held_ = {};
  int small_gains_ = 0;  // steps in a row that gained no more than the arithmetic's noise
  bool fresh_ = true;    // inverse_ holds no curvature yet
};

PriorFitRun Descend(const MixtureLikelihood& likelihood, const GammaMixture& start) {
  return Descent(likelihood, start).Run(start);
}

void NameByMean(GammaMixture* prior) {
  if (prior->alpha1 / prior->beta1 >= prior->alpha2 / prior->beta2) return;
  std::swap(prior->alpha1, prior->alpha2);
  std::swap(prior->beta1, prior->beta2);
  prior->weight = 1 - prior->weight;
}

// The best runs that end in different optima, lowest -log L first.
std::vector<PriorFitRun> DistinctOptima(std::vector<PriorFitRun> runs) {
  std::stable_sort(runs.begin(), runs.end(), [](const PriorFitRun& x, const PriorFitRun& y) {
    return x.negative_log_likelihood < y.negative_log_likelihood;
  });
  std::vector<PriorFitRun> optima;
  for (const PriorFitRun& run : runs) {
    const bool same =
        !optima.empty() && run.negative_log_likelihood - optima.back().negative_log_likelihood < kSameOptimum;
    if (!same && optima.size() < kOptimaMax) optima.push_back(run);
  }
  return optima;
}

}  // namespace

std::span<const GammaMixture> DefaultPriorStarts() { return kStarts; }

double NegativeLogLikelihood(const GammaMixture& prior, std::span<const WeightedPoint> points) {
  PriorVector gradient;
  return MixtureLikelihood(points).Evaluate(prior, &gradient);
}

absl::StatusOr<PriorFit> FitPrior(std::span<const WeightedPoint> points, std::span<const GammaMixture> starts) {
  if (starts.empty()) return absl::InvalidArgumentError("a prior cannot be fitted from no start");
  for (const GammaMixture& start : starts) RETURN_IF_ERROR(CheckPrior(start));
  for (const WeightedPoint& point : points) {
    if (point.n11 < 1 || !(point.expected > 0) || !std::isfinite(point.expected) || !(point.weight > 0)) {
      return absl::InvalidArgumentError("a prior is fitted to pairs with a count and a positive expected count");
    }
  }
  if (points.size() < kPriorFitPointsMin) {
    return absl::FailedPreconditionError("too few pairs to fit a prior");
  }

  PriorFit fit;
  const MixtureLikelihood whole(points);
  fit.starts_squashed = points.size() > kSquashAbovePoints;
  if (fit.starts_squashed) {
    const MixtureLikelihood squashed(AutoSquash({points.begin(), points.end()}));
    for (const GammaMixture& start : starts) fit.runs.push_back(Descend(squashed, start));
  } else {
    for (const GammaMixture& start : starts) fit.runs.push_back(Descend(whole, start));
  }
  for (PriorFitRun& run : fit.runs) NameByMean(&run.prior);
  fit.optima = DistinctOptima(fit.runs);
  if (!fit.starts_squashed) return fit;
  for (PriorFitRun& run : fit.optima) {
    const GammaMixture start = run.start;
    run = Descend(whole, run.prior);
    run.start = start;
    NameByMean(&run.prior);
  }
  fit.optima = DistinctOptima(fit.optima);
  return fit;
}

}  // namespace zaojing::stats
