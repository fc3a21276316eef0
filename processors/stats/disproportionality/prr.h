// Proportional reporting ratio.
//   PRR = (n11 / n1_) / ((n_1 - n11) / (n - n1_))
//   bounds = exp(ln PRR -+ z * SE), SE = sqrt(1/n11 - 1/n1_ + 1/(n_1 - n11) - 1/(n - n1_)), z = kNormal975
// Source: Evans, Waller, Davis (2001), Pharmacoepidemiology and Drug Safety 10:483-486.
// Domain: a valid table. No error; the corners are:
//   n1_ = 0 or n1_ = n, or n_1 = 0 -> value not defined, bounds 0 and Inf
//   n_1 = n11 > 0 (nobody else has the event) -> value Inf, bounds 0 and Inf
//   n11 = 0 -> value 0, bounds 0 and Inf
// Relative error against R below 1e-12.
#pragma once

#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

Interval Prr(const TwoByTwo& table);

}  // namespace zaojing::stats
