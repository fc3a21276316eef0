#include "processors/stats/disproportionality/yule_q.h"

#include "processors/stats/disproportionality/ror.h"

namespace zaojing::stats {

Interval YuleQ(const TwoByTwo& table) {
  const double ad = static_cast<double>(table.n11) * static_cast<double>(table.neither());
  const double bc = static_cast<double>(table.product_only()) * static_cast<double>(table.event_only());
  if (ad == 0 && bc == 0) return {kNotDefined, -1.0, 1.0};
  if (ad == 0) return {-1.0, -1.0, 1.0};
  if (bc == 0) return {1.0, -1.0, 1.0};
  // ad - bc is taken exactly: near independence the difference of two rounded products is noise.
  const double value = static_cast<double>(table.Determinant()) / (ad + bc);
  const double half_width = kNormal975 * (1 - value * value) / 2 * LogOddsRatioError(table);
  return {value, value - half_width, value + half_width};
}

}  // namespace zaojing::stats
