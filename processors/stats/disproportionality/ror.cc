#include "processors/stats/disproportionality/ror.h"

#include <cmath>

namespace zaojing::stats {

double LogOddsRatioError(const TwoByTwo& table) {
  return std::sqrt(1 / static_cast<double>(table.n11) + 1 / static_cast<double>(table.product_only()) +
                   1 / static_cast<double>(table.event_only()) + 1 / static_cast<double>(table.neither()));
}

Interval Ror(const TwoByTwo& table) {
  const double ad = static_cast<double>(table.n11) * static_cast<double>(table.neither());
  const double bc = static_cast<double>(table.product_only()) * static_cast<double>(table.event_only());
  if (ad == 0 && bc == 0) return {kNotDefined, 0.0, kInfinity};
  if (bc == 0) return {kInfinity, 0.0, kInfinity};
  if (ad == 0) return {0.0, 0.0, kInfinity};
  const double value = ad / bc;
  const double spread = std::exp(kNormal975 * LogOddsRatioError(table));
  return {value, value / spread, value * spread};
}

}  // namespace zaojing::stats
