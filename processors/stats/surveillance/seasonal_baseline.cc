#include "processors/stats/surveillance/seasonal_baseline.h"

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>

#include "processors/stats/surveillance/poisson_deviance.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr int kRoundsMax = 25;
constexpr double kDevianceTolerance = 1e-8;
constexpr double kAlphaTolerance = 1e-10;
constexpr int kAlphaRoundsMax = 200;
const double kPi = std::acos(-1.0);

// Iteratively reweighted least squares for log link and variance mu + alpha mu^2.
class LogLinearFit {
 public:
  LogLinearFit(std::span<const int64_t> counts, size_t training, const SeasonalOptions& options)
      : counts_(counts.first(training)),
        options_(options),
        width_(1 + (options.trend ? 1u : 0u) + 2 * options.harmonics) {
    // The trend is counted from the middle of the training points: same fit, better condition.
    middle_ = static_cast<double>(training) / 2;
    for (size_t t = 0; t < training; ++t) AppendRow(t, rows_);
  }

  size_t width() const { return width_; }

  // False when 25 rounds do not bring the deviance to rest or the design is singular.
  bool Fit(double alpha) {
    means_.resize(counts_.size());
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double y = static_cast<double>(counts_[i]);
      means_[i] = alpha > 0 ? (y == 0 ? 1.0 / 6 : y) : y + 0.1;
    }
    double before = Deviance(alpha);
    for (int round = 0; round < kRoundsMax; ++round) {
      if (!Step(alpha)) return false;
      const double after = Deviance(alpha);
      if (!std::isfinite(after)) return false;
      if (std::fabs(after - before) / (std::fabs(after) + 0.1) < kDevianceTolerance) return true;
      before = after;
    }
    return false;
  }

  // One Newton step after another on the dispersion at the present means; 0 when they show no overdispersion.
  double BestAlpha() const {
    double excess = 0;
    double squares = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double y = static_cast<double>(counts_[i]);
      excess += (y - means_[i]) * (y - means_[i]) - y;
      squares += means_[i] * means_[i];
    }
    if (excess <= 0) return 0;
    double size = squares / excess;
    for (int round = 0; round < kAlphaRoundsMax; ++round) {
      const double step = SizeScore(size) / SizeInformation(size);
      const double next = std::isfinite(step) && size + step > size / 10 ? size + step : size / 2;
      if (next > 1e9) return 0;
      if (std::fabs(next - size) < kAlphaTolerance * size) return 1 / next;
      size = next;
    }
    return 1 / size;
  }

  double Predict(size_t t) const {
    std::vector<double> row;
    AppendRow(t, row);
    return std::exp(Dot(row.data()));
  }

 private:
  void AppendRow(size_t t, std::vector<double>& rows) const {
    const double time = static_cast<double>(t + 1);
    rows.push_back(1);
    if (options_.trend) rows.push_back(time - middle_);
    for (size_t s = 1; s <= options_.harmonics; ++s) {
      const double angle = 2 * kPi * static_cast<double>(s) / static_cast<double>(options_.period) * time;
      rows.push_back(std::cos(angle));
      rows.push_back(std::sin(angle));
    }
  }
  double Dot(const double* row) const {
    double eta = 0;
    for (size_t j = 0; j < width_; ++j) eta += row[j] * coefficients_[j];
    return eta;
  }
  double Deviance(double alpha) const {
    double sum = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double y = static_cast<double>(counts_[i]);
      const double mu = means_[i];
      if (alpha > 0) {
        const double log_ratio = y > 0 ? y * std::log(y / mu) : 0;
        sum += log_ratio - (y + 1 / alpha) * std::log((1 + alpha * y) / (1 + alpha * mu));
      } else {
        sum += HalfPoissonDeviance(y, mu);
      }
    }
    return 2 * sum;
  }

  // Normal equations of the working response, solved by Cholesky.
  bool Step(double alpha) {
    std::vector<double> matrix(width_ * width_, 0);
    std::vector<double> right(width_, 0);
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double mu = means_[i];
      const double weight = mu / (1 + alpha * mu);
      const double response = std::log(mu) + (static_cast<double>(counts_[i]) - mu) / mu;
      const double* row = &rows_[i * width_];
      for (size_t j = 0; j < width_; ++j) {
        right[j] += weight * row[j] * response;
        for (size_t k = 0; k <= j; ++k) matrix[j * width_ + k] += weight * row[j] * row[k];
      }
    }
    if (!SolveInPlace(matrix, right)) return false;
    coefficients_ = right;
    for (size_t i = 0; i < counts_.size(); ++i) {
      means_[i] = std::fmax(std::exp(Dot(&rows_[i * width_])), std::numeric_limits<double>::epsilon());
    }
    return true;
  }
  bool SolveInPlace(std::vector<double>& matrix, std::vector<double>& right) const {
    for (size_t j = 0; j < width_; ++j) {
      const double diagonal = matrix[j * width_ + j];
      for (size_t k = 0; k < j; ++k) matrix[j * width_ + j] -= matrix[j * width_ + k] * matrix[j * width_ + k];
      if (!(matrix[j * width_ + j] > 1e-11 * diagonal)) return false;  // collinear columns
      const double root = std::sqrt(matrix[j * width_ + j]);
      matrix[j * width_ + j] = root;
      for (size_t i = j + 1; i < width_; ++i) {
        for (size_t k = 0; k < j; ++k) matrix[i * width_ + j] -= matrix[i * width_ + k] * matrix[j * width_ + k];
        matrix[i * width_ + j] /= root;
      }
    }
    for (size_t j = 0; j < width_; ++j) {
      for (size_t k = 0; k < j; ++k) right[j] -= matrix[j * width_ + k] * right[k];
      right[j] /= matrix[j * width_ + j];
    }
    for (size_t j = width_; j-- > 0;) {
      for (size_t i = j + 1; i < width_; ++i) right[j] -= matrix[i * width_ + j] * right[i];
      right[j] /= matrix[j * width_ + j];
    }
    return true;
  }

  double SizeScore(double size) const {
    double sum = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double y = static_cast<double>(counts_[i]);
      const double total = size + means_[i];
      sum += boost::math::digamma(size + y) - boost::math::digamma(size) + std::log(size) + 1 - std::log(total) -
             (y + size) / total;
    }
    return sum;
  }
  double SizeInformation(double size) const {
    double sum = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double y = static_cast<double>(counts_[i]);
      const double total = size + means_[i];
      sum += boost::math::trigamma(size) - boost::math::trigamma(size + y) - 1 / size + 2 / total -
             (y + size) / (total * total);
    }
    return sum;
  }

  std::span<const int64_t> counts_;
  SeasonalOptions options_;
  size_t width_;
  double middle_ = 0;
  std::vector<double> rows_;
  std::vector<double> coefficients_;
  std::vector<double> means_;
};

// Coefficients and dispersion in turn until the dispersion rests.
bool FitWithAlpha(LogLinearFit& fit, double& alpha) {
  alpha = 0;
  if (!fit.Fit(0)) return false;
  for (int round = 0; round < kAlphaRoundsMax; ++round) {
    const double next = fit.BestAlpha();
    if (!fit.Fit(next)) return false;
    if (std::fabs(next - alpha) <= 1e-9 * next) return true;
    alpha = next;
  }
  return false;
}

}  // namespace

absl::StatusOr<SeasonalBaseline> FitSeasonalBaseline(std::span<const int64_t> counts, size_t training,
                                                     const SeasonalOptions& options) {
  RETURN_IF_ERROR(CheckParameter(options.harmonics <= limits::kHarmonicsMax, "harmonics"));
  RETURN_IF_ERROR(CheckParameter(options.period >= 1, "period"));
  RETURN_IF_ERROR(CheckParameter(options.alpha.value_or(0) >= 0 && std::isfinite(options.alpha.value_or(0)), "alpha"));
  RETURN_IF_ERROR(CheckParameter(training <= counts.size(), "first"));
  LogLinearFit fit(counts, training, options);
  if (training < fit.width()) return absl::FailedPreconditionError("fewer training points than coefficients");
  SeasonalBaseline baseline;
  baseline.alpha = options.alpha.value_or(0);
  const bool done = options.alpha.has_value() ? fit.Fit(baseline.alpha) : FitWithAlpha(fit, baseline.alpha);
  if (!done) return absl::FailedPreconditionError("the seasonal model does not converge");
  for (size_t t = training; t < counts.size(); ++t) baseline.mean.push_back(fit.Predict(t));
  return baseline;
}

}  // namespace zaojing::stats
