#include "processors/stats/surveillance/count_quantiles.h"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

namespace policies = boost::math::policies;
// Never an exception: a bad argument is a NaN here and a status one level up.
using NoThrow =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kStepTolerance = 64 * std::numeric_limits<double>::epsilon();

// Smallest whole x >= 0 with cdf(x) >= p, searched outwards from `start` and then by halving. The tolerance
// keeps a p that names a step exactly (0.5 of a symmetric one, say) on that step in spite of rounding.
template <typename Cdf>
double SmallestCount(double p, double start, const Cdf& cdf) {
  const double target = p * (1 - kStepTolerance);
  double high = std::fmax(0, std::floor(start));
  double step = std::fmax(1, std::floor(std::sqrt(high)));
  while (cdf(high) < target) {
    high += step;
    step *= 2;
    if (high > 1e15) return kInfinity;
  }
  double low = -1;  // cdf(low) < target
  step = 1;
  for (double probe = high - 1; probe >= 0; probe -= step, step *= 2) {
    if (cdf(probe) < target) {
      low = probe;
      break;
    }
    high = probe;
  }
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (cdf(middle) >= target ? high : low) = middle;
  }
  return high;
}

}  // namespace

double NormalQuantile(double p) {
  if (p <= 0) return -kInfinity;
  if (p >= 1) return kInfinity;
  return -std::sqrt(2.0) * boost::math::erfc_inv(2 * p, NoThrow());
}

double NormalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double StudentTwoSided(double t, double degrees) {
  if (std::isnan(t) || !(degrees > 0)) return 1;
  if (std::isinf(t)) return 0;
  const boost::math::students_t_distribution<double, NoThrow> distribution(degrees);
  return 2 * boost::math::cdf(distribution, -std::fabs(t));
}

double PoissonQuantile(double p, double mean) {
  if (!std::isfinite(mean) || mean < 0) return std::numeric_limits<double>::quiet_NaN();
  if (p <= 0 || mean == 0) return 0;
  if (p >= 1) return kInfinity;
  return SmallestCount(p, mean + NormalQuantile(p) * std::sqrt(mean),
                       [mean](double x) { return boost::math::gamma_q(x + 1, mean, NoThrow()); });
}

double NegativeBinomialQuantile(double p, double mean, double size) {
  if (!std::isfinite(mean) || mean < 0 || !(size > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(size)) return PoissonQuantile(p, mean);
  if (p <= 0 || mean == 0) return 0;
  if (p >= 1) return kInfinity;
  const double success = size / (size + mean);
  return SmallestCount(p, mean + NormalQuantile(p) * std::sqrt(mean / success),
                       [=](double x) { return boost::math::ibeta(size, x + 1, success, NoThrow()); });
}

double NegativeBinomialUpperTail(double count, double mean, double size) {
  if (count <= 0) return 1;
  if (!(mean > 0)) return 0;
  if (std::isinf(size)) return boost::math::gamma_p(count, mean, NoThrow());
  return boost::math::ibetac(size, count, size / (size + mean), NoThrow());
}

}  // namespace zaojing::stats
