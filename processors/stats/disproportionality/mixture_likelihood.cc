#include "processors/stats/disproportionality/mixture_likelihood.h"

#include <algorithm>
#include <cmath>

#include "processors/stats/disproportionality/special_functions.h"

namespace zaojing::stats {

PriorVector ToVector(const GammaMixture& prior) {
  return {std::log(prior.alpha1), std::log(prior.beta1), std::log(prior.alpha2), std::log(prior.beta2),
          std::log(prior.weight / (1 - prior.weight))};
}

GammaMixture ToPrior(const PriorVector& vector) {
  return {std::exp(vector[0]), std::exp(vector[1]), std::exp(vector[2]), std::exp(vector[3]),
          1 / (1 + std::exp(-vector[4]))};
}

MixtureLikelihood::MixtureLikelihood(std::span<const WeightedPoint> points) {
  std::vector<WeightedPoint> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end(), [](const WeightedPoint& x, const WeightedPoint& y) {
    if (x.n11 != y.n11) return x.n11 < y.n11;
    return x.expected != y.expected ? x.expected < y.expected : x.weight < y.weight;
  });
  for (const WeightedPoint& point : sorted) {
    const bool same_count = !groups_.empty() && groups_.back().n11 == point.n11;
    if (same_count && expected_.back() == point.expected) {
      weight_.back() += point.weight;
      continue;
    }
    if (!same_count) groups_.push_back({point.n11, expected_.size(), expected_.size()});
    expected_.push_back(point.expected);
    weight_.push_back(point.weight);
    groups_.back().end = expected_.size();
  }
}

// ln gamma(alpha + n) / (gamma(alpha) n!) and its derivative by alpha.
struct MixtureLikelihood::CountTerms {
  CountTerms(double alpha, double n)
      : log_coefficient(LogGamma(alpha + n) - LogGamma(alpha) - LogGamma(n + 1)),
        digamma_difference(Digamma(alpha + n) - Digamma(alpha)) {}
  double log_coefficient;
  double digamma_difference;
};

// One truncated negative binomial at one point: its density and the derivatives of its logarithm by ln alpha,
// ln beta.
//   ln f* = coefficient + alpha ln(1-q) + n ln q - ln(1 - (1-q)^alpha),  q = E / (beta + E)
struct MixtureLikelihood::Component {
  Component(double alpha, double beta, const CountTerms& terms, double n, double expected) {
    const double rate = beta + expected;
    const double q = expected / rate;
    const double log_not_q = -std::log1p(expected / beta);
    const double log_zero = alpha * log_not_q;           // ln f(0)
    const double not_zero = -std::expm1(log_zero);       // 1 - f(0)
    const double zero_odds = (1 - not_zero) / not_zero;  // f(0) / (1 - f(0))
    density = std::exp(terms.log_coefficient + log_zero + n * std::log(q)) / not_zero;
    by_log_alpha = alpha * (terms.digamma_difference + log_not_q + zero_odds * log_not_q);
    // d ln(1-q) / d ln beta = q and d ln q / d ln beta = -(1 - q).
    by_log_beta = alpha * q * (1 + zero_odds) - n * (1 - q);
  }
  double density;
  double by_log_alpha;
  double by_log_beta;
};

double MixtureLikelihood::Evaluate(const GammaMixture& prior, PriorVector* gradient) const {
  double sum = 0;
  PriorVector slope = {};
  for (const Group& group : groups_) {
    const double n = static_cast<double>(group.n11);
    const CountTerms terms1(prior.alpha1, n);
    const CountTerms terms2(prior.alpha2, n);
    for (size_t i = group.begin; i < group.end; ++i) {
      const Component first(prior.alpha1, prior.beta1, terms1, n, expected_[i]);
      const Component second(prior.alpha2, prior.beta2, terms2, n, expected_[i]);
      const double part1 = prior.weight * first.density;
      const double part2 = (1 - prior.weight) * second.density;
      // A density below the smallest double is as bad as any: it must not become an infinite sum.
      const double density = std::max(part1 + part2, 1e-300);
      const double share1 = part1 / density;
      const double share2 = part2 / density;
      const double w = weight_[i];
      sum -= w * std::log(density);
      slope[0] -= w * share1 * first.by_log_alpha;
      slope[1] -= w * share1 * first.by_log_beta;
      slope[2] -= w * share2 * second.by_log_alpha;
      slope[3] -= w * share2 * second.by_log_beta;
      slope[4] -= w * (share1 * (1 - prior.weight) - share2 * prior.weight);
    }
  }
  *gradient = slope;
  return sum;
}

}  // namespace zaojing::stats
