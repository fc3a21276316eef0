#include "processors/stats/disproportionality/two_by_two.h"

#include "proto/limits.h"

namespace zaojing::stats {

bool TwoByTwo::IsValid() const {
  if (n < 0 || n > limits::kReportCountMax) return false;
  if (n1_ < 0 || n1_ > n || n_1 < 0 || n_1 > n) return false;
  return n11 >= 0 && product_only() >= 0 && event_only() >= 0 && neither() >= 0;
}

double TwoByTwo::Expected() const {
  if (n == 0) return 0.0;
  return static_cast<double>(n1_) * static_cast<double>(n_1) / static_cast<double>(n);
}

}  // namespace zaojing::stats
