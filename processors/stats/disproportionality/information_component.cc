#include "processors/stats/disproportionality/information_component.h"

#include <cmath>

#include "processors/stats/disproportionality/special_functions.h"

namespace zaojing::stats {
namespace {
constexpr double kShrinkage = 0.5;
constexpr double kLowTail = 0.025;
}  // namespace

double InformationComponentLowOfCount(int64_t n11) {
  return std::log2(GammaQuantile(static_cast<double>(n11) + kShrinkage, kLowTail));
}

InformationComponentFigures InformationComponentFrom(int64_t n11, double expected, double low_of_count) {
  const double rate_bits = std::log2(expected + kShrinkage);
  return {std::log2(static_cast<double>(n11) + kShrinkage) - rate_bits, low_of_count - rate_bits};
}

InformationComponentFigures InformationComponent(int64_t n11, double expected) {
  return InformationComponentFrom(n11, expected, InformationComponentLowOfCount(n11));
}

}  // namespace zaojing::stats
