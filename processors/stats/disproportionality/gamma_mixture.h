// The gamma-Poisson shrinker's two-gamma prior and its posterior: EBGM and its percentiles.
//   prior      lambda ~ P * gamma(alpha1, beta1) + (1 - P) * gamma(alpha2, beta2)      (shape, rate)
//   data       n11 ~ Poisson(lambda * E)
//   posterior  lambda ~ Q * gamma(alpha1 + n11, beta1 + E) + (1 - Q) * gamma(alpha2 + n11, beta2 + E)
//   Q          = P f1 / (P f1 + (1 - P) f2), f_i = negative binomial(n11; size alpha_i, prob beta_i / (beta_i
//   + E)) EBGM       = exp(Q (psi(alpha1 + n11) - ln(beta1 + E)) + (1 - Q) (psi(alpha2 + n11) - ln(beta2 +
//   E))) EB05, EB95 = the 5 % and 95 % points of the posterior
// Source: DuMouchel (1999), The American Statistician 53:177-190, equations 5 to 11.
// Domain: n11 >= 0, expected >= 0 and finite, a prior that CheckPrior accepts; always finite then. Relative
// error below 1e-9 (percentiles are the root itself, not rounded). Values and pure functions, any thread.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace zaojing::stats {

struct GammaMixture {
  double alpha1 = 0;
  double beta1 = 0;
  double alpha2 = 0;
  double beta2 = 0;
  double weight = 0;  // P, of the first gamma

  friend bool operator==(const GammaMixture&, const GammaMixture&) = default;
};

// kInvalidArgument unless shapes and rates are positive and finite and 0 < weight < 1.
absl::Status CheckPrior(const GammaMixture& prior);

// What the posterior takes from the count alone: a table of pairs keeps it per count.
struct MixtureCountTerms {
  double log_marginal_ratio = 0;  // ln gamma(alpha2+n)/gamma(alpha2) - ln gamma(alpha1+n)/gamma(alpha1)
  double digamma1 = 0;            // of alpha1 + n
  double digamma2 = 0;
  double log_gamma1 = 0;  // of alpha1 + n
  double log_gamma2 = 0;
};
MixtureCountTerms MixtureTermsOf(const GammaMixture& prior, int64_t n11);

struct GammaPosterior {
  GammaMixture mixture;     // shapes and rates after the data; weight = Q
  MixtureCountTerms terms;  // those of the count it was made from
};
GammaPosterior Posterior(const GammaMixture& prior, const MixtureCountTerms& terms, int64_t n11, double expected);

// EBGM: the geometric mean of the posterior.
double GeometricMean(const GammaPosterior& posterior);
// The point below which the share `p` of the posterior lies, 0 < p < 1.
double Percentile(const GammaPosterior& posterior, double p);

struct EmpiricalBayesFigures {
  double ebgm = 0;
  double eb05 = 0;
  double eb95 = 0;
};
EmpiricalBayesFigures EmpiricalBayesFrom(const GammaPosterior& posterior);
EmpiricalBayesFigures EmpiricalBayes(const GammaMixture& prior, int64_t n11, double expected);

}  // namespace zaojing::stats
