// The two-by-two table of one product-event pair, and the shape of an estimate with its bounds.
//
//                  event        other events
//   product        n11          n1_ - n11            | n1_
//   other          n_1 - n11    n - n1_ - n_1 + n11  | n - n1_
//                  n_1          n - n_1              | n
//
// Units: reports (distinct cases) when the table comes from cases, sums of n11 when it comes from counts.
// Values, no ownership, any thread.
#pragma once

#include <cstdint>
#include <limits>

namespace zaojing::stats {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

// The 97.5 % point of the standard normal: every two-sided interval here is a 95 % one.
inline constexpr double kNormal975 = 1.959963984540054;

struct TwoByTwo {
  int64_t n11 = 0;
  int64_t n1_ = 0;
  int64_t n_1 = 0;
  int64_t n = 0;

  int64_t product_only() const { return n1_ - n11; }
  int64_t event_only() const { return n_1 - n11; }
  int64_t neither() const { return n - n1_ - n_1 + n11; }
  int64_t other_products() const { return n - n1_; }

  // Every cell is >= 0 and n is at most limits::kReportCountMax, so that a product of two counts is exact.
  bool IsValid() const;

  // n11 * n - n1_ * n_1 = n11 * neither - product_only * event_only, exact. REQUIRES IsValid().
  int64_t Determinant() const { return n11 * n - n1_ * n_1; }

  // Count expected if product and event were independent: n1_ * n_1 / n; 0 for an empty table.
  double Expected() const;

  friend bool operator==(const TwoByTwo&, const TwoByTwo&) = default;
};

// An estimate with its 95 % bounds. Where the standard error is infinite (an empty cell) the bounds are the
// ends of the estimate's range, an interval that excludes nothing: such a pair never alerts on its lower
// bound. `value` is kNotDefined where the estimate is 0/0.
struct Interval {
  double value = kNotDefined;
  double low = kNotDefined;
  double high = kNotDefined;
};

}  // namespace zaojing::stats
