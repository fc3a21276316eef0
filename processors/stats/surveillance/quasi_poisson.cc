#include "processors/stats/surveillance/quasi_poisson.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "processors/stats/surveillance/count_quantiles.h"
#include "processors/stats/surveillance/poisson_deviance.h"

namespace zaojing::stats {
namespace {

constexpr int kRoundsMax = 25;
constexpr double kDevianceTolerance = 1e-8;
constexpr double kTimeSpreadMin = 1e-12;  // steps squared: times are whole, less is rounding
constexpr double kMeanMin = std::numeric_limits<double>::epsilon();

}  // namespace

void ReferenceSet::Clear() {
  counts.clear();
  times.clear();
  offsets.clear();
  groups.clear();
}

void ReferenceSet::Append(double count, double time, double offset, size_t group) {
  counts.push_back(count);
  times.push_back(time);
  offsets.push_back(offset);
  groups.push_back(group);
}

bool QuasiPoisson::Fit(const ReferenceSet& reference, std::span<const double> weights, bool trend) {
  reference_ = &reference;
  const size_t n = reference.counts.size();
  eta_.resize(n);
  mean_.resize(n);
  working_.resize(n);
  centre_ = 0;
  for (size_t i = 0; i < n; ++i) {
    centre_ += reference.times[i];
    mean_[i] = reference.counts[i] + 0.1;
    eta_[i] = std::log(mean_[i]);
  }
  if (n == 0) return false;
  centre_ /= static_cast<double>(n);
  double before = Deviance(weights);
  for (int round = 0; round < kRoundsMax; ++round) {
    Solve(weights, trend);
    for (size_t i = 0; i < n; ++i) {
      eta_[i] = groups_[reference.groups[i]].intercept + slope_ * (reference.times[i] - centre_) + reference.offsets[i];
      mean_[i] = std::fmax(std::exp(eta_[i]), kMeanMin);
    }
    const double after = Deviance(weights);
    if (!std::isfinite(after)) return false;
    if (std::fabs(after - before) / (std::fabs(after) + 0.1) < kDevianceTolerance) return true;
    before = after;
  }
  return false;
}

// One round of weighted least squares on the working response. Two passes: means within groups, then
// deviations.
void QuasiPoisson::Solve(std::span<const double> weights, bool trend) {
  const ReferenceSet& reference = *reference_;
  const size_t n = reference.counts.size();
  groups_.assign(reference.group_count, Group());
  double used = 0;
  for (size_t i = 0; i < n; ++i) {
    working_[i] = Weight(weights, i) * mean_[i];
    used += working_[i] > 0 ? 1 : 0;
    Group& group = groups_[reference.groups[i]];
    group.weight += working_[i];
    group.time += working_[i] * (reference.times[i] - centre_);
    group.response += working_[i] * (eta_[i] - reference.offsets[i] + (reference.counts[i] - mean_[i]) / mean_[i]);
  }
  double coefficients = 0;
  double total = 0;
  for (Group& group : groups_) {
    if (!(group.weight > 0)) continue;
    total += group.weight;
    group.time /= group.weight;
    group.response /= group.weight;
    coefficients += 1;
  }
  sum_xx_ = 0;
  slope_ = 0;
  if (trend) {
    double sum_xz = 0;
    for (size_t i = 0; i < n; ++i) {
      const Group& group = groups_[reference.groups[i]];
      const double x = reference.times[i] - centre_ - group.time;
      const double z = eta_[i] - reference.offsets[i] + (reference.counts[i] - mean_[i]) / mean_[i] - group.response;
      sum_xx_ += working_[i] * x * x;
      sum_xz += working_[i] * x * z;
    }
    if (sum_xx_ > kTimeSpreadMin * total) {
      slope_ = sum_xz / sum_xx_;
      coefficients += 1;
    } else {
      sum_xx_ = 0;
    }
  }
  for (Group& group : groups_) group.intercept = group.response - slope_ * group.time;
  residual_degrees_ = used - coefficients;
}

double QuasiPoisson::Deviance(std::span<const double> weights) const {
  double sum = 0;
  for (size_t i = 0; i < mean_.size(); ++i) {
    sum += Weight(weights, i) * HalfPoissonDeviance(reference_->counts[i], mean_[i]);
  }
  return 2 * sum;
}

double QuasiPoisson::Dispersion(std::span<const double> weights) const {
  if (!(residual_degrees_ > 0)) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (size_t i = 0; i < mean_.size(); ++i) {
    const double residual = (reference_->counts[i] - mean_[i]) / mean_[i];
    sum += weights[i] * residual * residual;
  }
  return sum / residual_degrees_;
}

QuasiPoisson::Prediction QuasiPoisson::Predict(size_t group, double time, double offset) const {
  const Group& at = groups_[group];
  const double x = time - centre_;
  Prediction prediction{at.intercept + slope_ * x + offset, 1 / at.weight};
  if (has_slope()) prediction.variance += (x - at.time) * (x - at.time) / sum_xx_;
  return prediction;
}

double QuasiPoisson::SlopePValue(double dispersion) const {
  if (!has_slope()) return 1;
  return StudentTwoSided(slope_ / std::sqrt(dispersion / sum_xx_), residual_degrees_);
}

void QuasiPoisson::AnscombeResiduals(double phi, std::vector<double>& residuals) const {
  residuals.resize(mean_.size());
  for (size_t i = 0; i < mean_.size(); ++i) {
    const Group& group = groups_[reference_->groups[i]];
    double leverage = 1 / group.weight;
    if (has_slope()) {
      const double x = reference_->times[i] - centre_ - group.time;
      leverage += x * x / sum_xx_;
    }
    const double left = 1 - working_[i] * leverage;
    const double root = std::sqrt(std::cbrt(mean_[i]));  // mu^{1/6}
    const double y_power = std::cbrt(reference_->counts[i] * reference_->counts[i]);
    residuals[i] = left > 1e-14 ? 1.5 * (y_power / root - std::sqrt(mean_[i])) / std::sqrt(phi * left) : 0;
  }
}

void OutbreakWeights(std::span<const double> residuals, double threshold, std::vector<double>& weights) {
  weights.resize(residuals.size());
  double sum = 0;
  for (size_t i = 0; i < residuals.size(); ++i) {
    weights[i] = residuals[i] > threshold ? 1 / (residuals[i] * residuals[i]) : 1;
    sum += weights[i];
  }
  const double gamma = static_cast<double>(residuals.size()) / sum;
  for (double& weight : weights) weight *= gamma;
}

}  // namespace zaojing::stats
