#include "processors/stats/disproportionality/bcpnn.h"

#include <cmath>
#include <numbers>

#include "processors/stats/disproportionality/special_functions.h"

namespace zaojing::stats {

BcpnnTerm BcpnnTermOf(int64_t count) {
  const double x = static_cast<double>(count) + 1;
  return {Digamma(x), Trigamma(x)};
}

BcpnnFigures BcpnnFrom(const TwoByTwo& table, const BcpnnTerms& terms) {
  if (table.n == 0) return {kNotDefined, kNotDefined};
  const double m = static_cast<double>(table.n) + 2;
  const double p = static_cast<double>(table.n1_) + 1;
  const double q = static_cast<double>(table.n_1) + 1;
  const double r_and_s = static_cast<double>(table.n) + m * m / (p * q);
  const double mean =
      (terms.pair.digamma - Digamma(r_and_s) - terms.product.digamma - terms.event.digamma + 2 * terms.total.digamma) /
      std::numbers::ln2;
  const double variance = (terms.pair.trigamma - Trigamma(r_and_s) + terms.product.trigamma + terms.event.trigamma -
                           2 * terms.total.trigamma) /
                          (std::numbers::ln2 * std::numbers::ln2);
  return {mean, mean - kNormal975 * std::sqrt(variance)};
}

BcpnnFigures Bcpnn(const TwoByTwo& table) {
  return BcpnnFrom(table,
                   {BcpnnTermOf(table.n11), BcpnnTermOf(table.n1_), BcpnnTermOf(table.n_1), BcpnnTermOf(table.n + 1)});
}

}  // namespace zaojing::stats
