// Maximum likelihood for the two-gamma prior.
//   -log L = -sum w ln(P f1*(n11) + (1 - P) f2*(n11)),  f_i* = f_i / (1 - f_i(0)),  f_i as in gamma_mixture.h
// Only pairs that were reported are seen, so each negative binomial is truncated at zero. As in openEBGM each
// component is truncated by itself (P is the share among reported pairs), while the posterior uses the
// components untruncated; the two readings of P are the reference's, kept so that figures can be compared
// with it. Source: DuMouchel and Pregibon (2001), KDD 67-76.
//
// Method: BFGS with analytic gradients over (ln alpha1, ln beta1, ln alpha2, ln beta2, logit P) inside a box,
// from every start; the lowest -log L wins. Many points are first fitted squashed, from every start, and the
// best results are then carried to convergence on all points: the reported optimum is that of the points
// given, never of the squashed ones. The gammas are named so that the first has the larger mean.
// Deterministic; no allocation bound but linear in points.
#pragma once

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/stats/disproportionality/gamma_mixture.h"
#include "processors/stats/disproportionality/squash.h"

namespace zaojing::stats {

// One run of the optimiser.
struct PriorFitRun {
  GammaMixture start;
  GammaMixture prior;
  double negative_log_likelihood = 0;
  int iterations = 0;
  bool converged = false;  // the last steps gained no more than the arithmetic's noise
  bool at_bound = false;   // a parameter lies on the box: the data do not determine it
};

struct PriorFit {
  std::vector<PriorFitRun> optima;  // distinct, on the points given, lowest -log L first; at least one
  std::vector<PriorFitRun> runs;    // one a start, on the points the starts were tried on
  bool starts_squashed = false;     // whether those were squashed

  const PriorFitRun& best() const { return optima.front(); }
};

// -log L at `prior`, which CheckPrior accepts. REQUIRES n11 >= 1 and expected > 0 in every point.
double NegativeLogLikelihood(const GammaMixture& prior, std::span<const WeightedPoint> points);

// The starts used when none are given.
std::span<const GammaMixture> DefaultPriorStarts();

// kInvalidArgument: no starts, a start CheckPrior refuses, a point with n11 < 1 or without a positive
// expected count. kFailedPrecondition: fewer than kPriorFitPointsMin points, which do not determine five
// parameters. A fit that has not converged is returned as such: the caller decides.
absl::StatusOr<PriorFit> FitPrior(std::span<const WeightedPoint> points, std::span<const GammaMixture> starts);

inline constexpr size_t kPriorFitPointsMin = 10;

}  // namespace zaojing::stats
