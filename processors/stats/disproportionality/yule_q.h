// Yule's Q.
//   Q = (ad - bc) / (ad + bc);  bounds = Q -+ z * SE, SE = (1 - Q^2) / 2 * sqrt(1/a + 1/b + 1/c + 1/d), z =
//   kNormal975
// The letters are those of ror.h. Source: Yule (1912), Journal of the Royal Statistical Society 75:579-652.
// Range -1 to 1 (the bounds may leave it: they are not clipped, as in the references). No error; the corners
// are:
//   one of ad, bc is 0 -> value 1 or -1, bounds -1 and 1;  both 0 -> value not defined, bounds -1 and 1
// Relative error against R below 1e-12.
#pragma once

#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

Interval YuleQ(const TwoByTwo& table);

}  // namespace zaojing::stats
