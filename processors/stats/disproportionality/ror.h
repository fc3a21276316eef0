// Reporting odds ratio.
//   ROR = a * d / (b * c), with a = n11, b = n1_ - n11, c = n_1 - n11, d = n - n1_ - n_1 + n11
//   bounds = exp(ln ROR -+ z * SE), SE = sqrt(1/a + 1/b + 1/c + 1/d), z = kNormal975
// Source: van Puijenbroek et al. (2002), Pharmacoepidemiology and Drug Safety 11:3-10.
// Domain: a valid table. No error; the corners are:
//   b * c = 0 and a * d > 0 -> value Inf, bounds 0 and Inf
//   a * d = 0 and b * c > 0 -> value 0, bounds 0 and Inf
//   both 0 -> value not defined, bounds 0 and Inf
// Relative error against R below 1e-12.
#pragma once

#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

Interval Ror(const TwoByTwo& table);

// The standard error of ln ROR; Inf when a cell is empty. Yule's Q shares it.
double LogOddsRatioError(const TwoByTwo& table);

}  // namespace zaojing::stats
