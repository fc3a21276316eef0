#include "processors/stats/disproportionality/chi_square.h"

#include <algorithm>
#include <cmath>

namespace zaojing::stats {

ChiSquareFigures ChiSquare(const TwoByTwo& table) {
  const double n = static_cast<double>(table.n);
  const double rows = static_cast<double>(table.n1_) * static_cast<double>(table.other_products());
  const double columns = static_cast<double>(table.n_1) * static_cast<double>(table.n - table.n_1);
  if (rows == 0 || columns == 0) return {0.0, 0.0};
  const double distance = std::abs(static_cast<double>(table.Determinant()));
  const double corrected = std::max(0.0, distance - n / 2);
  return {n * (distance / rows) * (distance / columns), n * (corrected / rows) * (corrected / columns)};
}

}  // namespace zaojing::stats
