// Information component with shrinkage, and the lower end of its 95 % credibility interval.
//   IC    = log2((n11 + 1/2) / (E + 1/2))
//   IC025 = log2(q),  q = the 2.5 % point of a gamma of shape n11 + 1/2 and rate E + 1/2
// Source: Noren, Hopstadius, Bate (2013), Statistical Methods in Medical Research 22:57-69.
// Units: bits. Domain: n11 >= 0, expected >= 0 (stratified or not); always finite. Relative error against R
// below 1e-9.
#pragma once

#include <cstdint>

namespace zaojing::stats {

struct InformationComponentFigures {
  double value = 0;
  double low = 0;
};

InformationComponentFigures InformationComponent(int64_t n11, double expected);

// log2 of the 2.5 % point of a gamma of shape n11 + 1/2 and rate 1: the part of IC025 that depends on the
// count alone, so a table can keep it per count. IC025 = this - log2(expected + 1/2).
double InformationComponentLowOfCount(int64_t n11);

// The same figures from a kept LowOfCount; the one place where they are put together, so that both ways are
// equal bit for bit.
InformationComponentFigures InformationComponentFrom(int64_t n11, double expected, double low_of_count);

}  // namespace zaojing::stats
