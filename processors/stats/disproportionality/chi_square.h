// Pearson's chi-square of a two-by-two table, one degree of freedom, without and with Yates' correction.
//   chi2       = n * D^2 / (n1_ * n_1 * (n - n1_) * (n - n_1)),  D = ad - bc
//   chi2_yates = the same with max(0, |D| - n/2) for D: a table nearer to independence than half a count
//   gives 0, as R's
//                chisq.test does
// Source: Yates (1934), Supplement to the Journal of the Royal Statistical Society 1:217-235.
// Domain: a valid table. No error; an empty or full margin leaves only one possible table, so both are 0.
// Relative error against R below 1e-12: D is exact.
#pragma once

#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

struct ChiSquareFigures {
  double plain = 0;
  double yates = 0;
};

ChiSquareFigures ChiSquare(const TwoByTwo& table);

}  // namespace zaojing::stats
