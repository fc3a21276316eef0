#include "processors/stats/disproportionality/prr.h"

#include <cmath>

namespace zaojing::stats {

Interval Prr(const TwoByTwo& table) {
  if (table.n1_ == 0 || table.other_products() == 0 || table.n_1 == 0) return {kNotDefined, 0.0, kInfinity};
  const double a = static_cast<double>(table.n11);
  const double c = static_cast<double>(table.event_only());
  const double with_product = static_cast<double>(table.n1_);
  const double without_product = static_cast<double>(table.other_products());
  if (table.event_only() == 0) return {kInfinity, 0.0, kInfinity};
  if (table.n11 == 0) return {0.0, 0.0, kInfinity};
  const double value = (a / with_product) / (c / without_product);
  const double spread = std::exp(kNormal975 * std::sqrt(1 / a - 1 / with_product + 1 / c - 1 / without_product));
  return {value, value / spread, value * spread};
}

}  // namespace zaojing::stats
