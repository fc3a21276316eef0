// How surprising a weekly count is: -log10 P(X >= count) for X negative binomial with the given mean and
// variance = mean + dispersion × mean² (Poisson at dispersion 0). The dispersion stands for what weeks differ by
// anyway; without it any busy subject would signal.
//
// P(X >= k) = I_{q}(k, r), the regularised incomplete beta function with r = 1 / dispersion and q = mean / (r + mean);
// for Poisson P(k, mean), the regularised lower gamma function (Abramowitz and Stegun 26.5.26, 26.4.21).
//
// Units: count in events, mean in events, both results in millionths (-log10 p = 3 is 3,000,000): estimates are
// rounded to 1e-6 before they are compared or written. Domain: mean > 0, dispersion >= 0; count 0 gives 0. The score is
// capped at 300 (p below 1e-300 is no longer told apart). Pure.
#pragma once

#include <cstdint>

namespace zaojing {

int64_t SurgeScoreE6(uint64_t count, int64_t mean_e6, int64_t dispersion_e6);

}  // namespace zaojing
