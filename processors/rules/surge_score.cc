#include "processors/rules/surge_score.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "proto/check.h"

namespace zaojing {
namespace {

constexpr double kMillion = 1e6;
constexpr double kScoreMax = 300.0;

}  // namespace

int64_t SurgeScoreE6(uint64_t count, int64_t mean_e6, int64_t dispersion_e6) {
  ZAOJING_CHECK(mean_e6 > 0 && dispersion_e6 >= 0);
  if (count == 0) return 0;
  const double k = static_cast<double>(count);
  const double mean = static_cast<double>(mean_e6) / kMillion;
  double tail;
  if (dispersion_e6 == 0) {
    tail = boost::math::gamma_p(k, mean);
  } else {
    const double size = kMillion / static_cast<double>(dispersion_e6);
    tail = boost::math::ibeta(k, size, mean / (size + mean));
  }
  const double score = tail > 0 ? -std::log10(tail) : kScoreMax;
  return std::llround(std::clamp(score, 0.0, kScoreMax) * kMillion);
}

}  // namespace zaojing
