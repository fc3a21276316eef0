#include "processors/stats/disproportionality/gamma_mixture.h"

#include <algorithm>
#include <cmath>

#include "processors/stats/disproportionality/special_functions.h"

namespace zaojing::stats {
namespace {

constexpr int kNewtonStepsMax = 200;     // bisection alone needs fewer over the range of a double's exponent
constexpr double kStepTolerance = 1e-8;  // of ln x: Newton's error after such a step is about its square

bool IsPositive(double x) { return std::isfinite(x) && x > 0; }

struct TailPoint {
  double tail = 0;     // lower or upper tail
  double density = 0;  // of ln x
};

TailPoint TailAt(const GammaPosterior& posterior, double x, bool lower) {
  const GammaMixture& m = posterior.mixture;
  const double x1 = m.beta1 * x;
  const double x2 = m.beta2 * x;
  const double log_x = std::log(x);
  const double d1 = std::exp(m.alpha1 * (std::log(m.beta1) + log_x) - x1 - posterior.terms.log_gamma1);
  const double d2 = std::exp(m.alpha2 * (std::log(m.beta2) + log_x) - x2 - posterior.terms.log_gamma2);
  const double t1 = lower ? GammaLower(m.alpha1, x1) : GammaUpper(m.alpha1, x1);
  const double t2 = lower ? GammaLower(m.alpha2, x2) : GammaUpper(m.alpha2, x2);
  return {m.weight * t1 + (1 - m.weight) * t2, m.weight * d1 + (1 - m.weight) * d2};
}

// Wilson and Hilferty's approximation for the one gamma that has the posterior's mean and variance.
double FirstGuess(const GammaMixture& m, double normal_point) {
  const double mean1 = m.alpha1 / m.beta1;
  const double mean2 = m.alpha2 / m.beta2;
  const double mean = m.weight * mean1 + (1 - m.weight) * mean2;
  const double second = m.weight * mean1 * (mean1 + 1 / m.beta1) + (1 - m.weight) * mean2 * (mean2 + 1 / m.beta2);
  const double variance = std::max(second - mean * mean, 1e-300);
  const double shape = mean * mean / variance;
  const double root = 1 - 1 / (9 * shape) + normal_point / (3 * std::sqrt(shape));
  return mean * std::max(root * root * root, 1e-3);
}

}  // namespace

absl::Status CheckPrior(const GammaMixture& prior) {
  if (!IsPositive(prior.alpha1) || !IsPositive(prior.beta1) || !IsPositive(prior.alpha2) || !IsPositive(prior.beta2)) {
    return absl::InvalidArgumentError("the prior's shapes and rates must be positive and finite");
  }
  if (!(prior.weight > 0 && prior.weight < 1)) {
    return absl::InvalidArgumentError("the prior's weight must lie between 0 and 1");
  }
  return absl::OkStatus();
}

MixtureCountTerms MixtureTermsOf(const GammaMixture& prior, int64_t n11) {
  const double shape1 = prior.alpha1 + static_cast<double>(n11);
  const double shape2 = prior.alpha2 + static_cast<double>(n11);
  MixtureCountTerms terms{0, Digamma(shape1), Digamma(shape2), LogGamma(shape1), LogGamma(shape2)};
  terms.log_marginal_ratio = (terms.log_gamma2 - LogGamma(prior.alpha2)) - (terms.log_gamma1 - LogGamma(prior.alpha1));
  return terms;
}

GammaPosterior Posterior(const GammaMixture& prior, const MixtureCountTerms& terms, int64_t n11, double expected) {
  const double n = static_cast<double>(n11);
  const double rate1 = prior.beta1 + expected;
  const double rate2 = prior.beta2 + expected;
  // ln(f2 / f1). The factor expected^n / n! is common to both and left out, so that expected = 0 needs no
  // case.
  const double log_ratio = terms.log_marginal_ratio + prior.alpha2 * std::log(prior.beta2 / rate2) -
                           prior.alpha1 * std::log(prior.beta1 / rate1) + n * (std::log(rate1) - std::log(rate2));
  const double weight = 1 / (1 + (1 - prior.weight) / prior.weight * std::exp(log_ratio));
  return {{prior.alpha1 + n, rate1, prior.alpha2 + n, rate2, weight}, terms};
}

double GeometricMean(const GammaPosterior& posterior) {
  const GammaMixture& m = posterior.mixture;
  return std::exp(m.weight * (posterior.terms.digamma1 - std::log(m.beta1)) +
                  (1 - m.weight) * (posterior.terms.digamma2 - std::log(m.beta2)));
}

double Percentile(const GammaPosterior& posterior, double p) {
  // Newton on ln(tail) against ln(x), nearly a straight line in either tail, inside a bracket that every step
  // narrows.
  const bool lower = p <= 0.5;
  const double target = std::log(lower ? p : 1 - p);
  // -1.645 and 1.645 are where 5 % and 95 % begin; for other shares the bracket does the work.
  double log_x = std::log(FirstGuess(posterior.mixture, lower ? -1.645 : 1.645));
  double low = -745;  // ln of the smallest and largest doubles
  double high = 709;
  for (int step = 0; step < kNewtonStepsMax; ++step) {
    const TailPoint point = TailAt(posterior, std::exp(log_x), lower);
    const double error = std::log(point.tail) - target;
    const bool too_far_right = lower ? error > 0 : error < 0;
    (too_far_right ? high : low) = log_x;
    const double slope = (lower ? point.density : -point.density) / point.tail;
    double next = log_x - error / slope;
    const bool inside = next > low && next < high;  // false for NaN too
    if (!inside) {
      if (error == 0) return std::exp(log_x);
      next = (low + high) / 2;
    }
    const double change = std::abs(next - log_x);
    log_x = next;
    if ((inside && change < kStepTolerance) || high - low < 1e-15 * std::abs(log_x)) break;
  }
  return std::exp(log_x);
}

EmpiricalBayesFigures EmpiricalBayesFrom(const GammaPosterior& posterior) {
  return {GeometricMean(posterior), Percentile(posterior, 0.05), Percentile(posterior, 0.95)};
}

EmpiricalBayesFigures EmpiricalBayes(const GammaMixture& prior, int64_t n11, double expected) {
  return EmpiricalBayesFrom(Posterior(prior, MixtureTermsOf(prior, n11), n11, expected));
}

}  // namespace zaojing::stats
