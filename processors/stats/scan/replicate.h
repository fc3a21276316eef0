// Draws counts under the null hypothesis of a scan from a seed. The generator and the draws are written out
// here, because the standard distributions differ between libraries: SplitMix64, and inversion from the mode.
#pragma once

#include <cstdint>

#include "processors/stats/scan/scan.h"

namespace zaojing::stats {

class Replicator {
 public:
  explicit Replicator(uint64_t seed) : state_(seed) {}

  // Effect: fills `counts` (already of the shape of `baselines`) with Poisson counts of those means.
  void DrawPoisson(const SpaceTime<double>& baselines, SpaceTime<int64_t>& counts);
  // Effect: shares `total` events out over the cells in proportion to `baselines`.
  void DrawMultinomial(const SpaceTime<double>& baselines, int64_t total, SpaceTime<int64_t>& counts);

  // A Poisson count of that mean; 0 for mean 0. Expected cost O(1 + sqrt(mean)).
  int64_t Poisson(double mean);
  // A binomial count. Expected cost O(1 + sqrt(trials)).
  int64_t Binomial(int64_t trials, double probability);

 private:
  double Uniform();  // [0, 1), 53 bits
  uint64_t state_;
};

}  // namespace zaojing::stats
