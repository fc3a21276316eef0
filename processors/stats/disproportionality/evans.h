// Evans' criteria: a pair is a signal when PRR >= 2, chi-square >= 4 and n11 >= 3.
// Source: Evans, Waller, Davis (2001), Pharmacoepidemiology and Drug Safety 10:483-486, which uses the
// chi-square with Yates' correction; both readings are in use, so the caller says which chi-square by passing
// it. A PRR that is Inf passes its part; one that is not defined does not. No error.
#pragma once

#include <cstdint>

namespace zaojing::stats {

inline constexpr double kEvansPrrMin = 2.0;
inline constexpr double kEvansChiSquareMin = 4.0;
inline constexpr int64_t kEvansCountMin = 3;

inline bool Evans(double prr, double chi_square, int64_t n11) {
  return n11 >= kEvansCountMin && prr >= kEvansPrrMin && chi_square >= kEvansChiSquareMin;
}

}  // namespace zaojing::stats
