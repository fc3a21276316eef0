// Squashing: pairs of one count and similar expected counts become one weighted point, so that a prior is
// fitted to hundreds of points instead of hundreds of thousands.
//   Of the pairs with a given count, ordered by expected count, the `keep` largest stay; the others go into
//   bins of `bin_size` neighbours (the last bin takes the rest); a bin becomes (count, mean expected, number
//   of pairs).
// Source: DuMouchel and Pregibon (2001), KDD 67-76, in the form of the R package openEBGM, whose figures for
// CAERS are met. Pure, any thread. Points come out sorted by (count, expected), so that a fit does not depend
// on the input's order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace zaojing::stats {

struct WeightedPoint {
  int64_t n11 = 0;
  double expected = 0;
  double weight = 1;  // pairs this point stands for

  friend bool operator==(const WeightedPoint&, const WeightedPoint&) = default;
};

struct SquashRule {
  int64_t n11 = 1;
  int64_t bin_size = 50;
  int64_t keep = 100;
};

// Effect: the points with rule.n11 and weight 1 are squashed. kInvalidArgument, nothing changed, when
// bin_size < 2, keep < 0, or fewer than bin_size points are left beside those kept.
absl::Status Squash(const SquashRule& rule, std::vector<WeightedPoint>* points);

// Every count that many pairs share is squashed, by openEBGM's automatic choice of bins: the four lowest such
// counts keep 100, 75, 50, 25 points, later ones 25; the others go into 50 to 5,000 bins as their number
// grows. Never fails.
std::vector<WeightedPoint> AutoSquash(std::vector<WeightedPoint> points);

}  // namespace zaojing::stats
