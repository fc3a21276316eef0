// -log L of prior_fit.h with its gradient over unconstrained parameters, made fast for many evaluations over
// one set of points: equal points are merged, and everything that depends on the count alone is computed once
// per distinct count. One owner, one thread; memory linear in points.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "processors/stats/disproportionality/gamma_mixture.h"
#include "processors/stats/disproportionality/squash.h"

namespace zaojing::stats {

// ln alpha1, ln beta1, ln alpha2, ln beta2, logit P.
inline constexpr size_t kPriorParameters = 5;
using PriorVector = std::array<double, kPriorParameters>;
PriorVector ToVector(const GammaMixture& prior);
GammaMixture ToPrior(const PriorVector& vector);

class MixtureLikelihood {
 public:
  // REQUIRES n11 >= 1 and expected > 0 in every point. The points are copied.
  explicit MixtureLikelihood(std::span<const WeightedPoint> points);

  // Returns -log L; fills *gradient with its derivatives by the elements of the vector.
  double Evaluate(const GammaMixture& prior, PriorVector* gradient) const;

 private:
  struct Group {  // the points of one count
    int64_t n11 = 0;
    size_t begin = 0;
    size_t end = 0;
  };
  struct Component;
  struct CountTerms;

  std::vector<double> expected_;
  std::vector<double> weight_;
  std::vector<Group> groups_;
};

}  // namespace zaojing::stats
