#include "processors/stats/surveillance/cusum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

// The bound is the inverse of the statistic: with the count at the bound the sum must reach h, just below it
// must not.
TEST(CusumTest, BoundIsWhereTheSumReachesTheInterval) {
  for (const CusumTransform transform :
       {CusumTransform::kStandard, CusumTransform::kRossi, CusumTransform::kAnscombe, CusumTransform::kAnscombe2nd,
        CusumTransform::kPearsonNegBin, CusumTransform::kMovingRange, CusumTransform::kNone}) {
    for (int64_t today = 0; today <= 40; ++today) {
      const std::vector<int64_t> counts = {4, 6, 5, 7, 3, 8, 7, today};
      const Signals signals = Cusum({counts, {}}, {.first = 5, .k = 0.5, .h = 4, .transform = transform});
      ASSERT_TRUE(signals.ok());
      const Signal& last = signals->back();
      EXPECT_EQ(last.alarm, static_cast<double>(today) >= last.upper_bound - 1e-9)
          << static_cast<int>(transform) << ' ' << today;
    }
  }
}

// The sum starts at 0, never falls below it, and is not reset by an alarm.
TEST(CusumTest, SumByHand) {
  const std::vector<int64_t> counts = {4, 4, 0, 10, 10, 4};
  const Signals signals = Cusum({counts, {}}, {.first = 2, .k = 1, .h = 2});
  ASSERT_TRUE(signals.ok());
  EXPECT_EQ((*signals)[0].statistic, 0);
  EXPECT_EQ((*signals)[1].statistic, 2);
  EXPECT_TRUE((*signals)[1].alarm);
  EXPECT_EQ((*signals)[2].statistic, 4);
  EXPECT_EQ((*signals)[3].statistic, 3);
}

// Mean 0: an event is infinitely surprising, silence is not.
TEST(CusumTest, ZeroMean) {
  const std::vector<int64_t> counts = {0, 0, 0, 1, 0};
  const Signals signals = Cusum({counts, {}}, {.first = 2});
  ASSERT_TRUE(signals.ok());
  EXPECT_EQ((*signals)[0].statistic, 0);
  EXPECT_EQ((*signals)[1].statistic, std::numeric_limits<double>::infinity());
  EXPECT_TRUE((*signals)[2].alarm);
}

TEST(CusumTest, BadParameters) {
  const std::vector<int64_t> counts(9, 1);
  const auto code = [&](const CusumOptions& options) { return Cusum({counts, {}}, options).status().code(); };
  EXPECT_EQ(code({.first = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 0, .mean = 1.0}), absl::StatusCode::kOk);
  EXPECT_EQ(code({.first = 3, .h = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 3, .mean = -1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 3, .transform = CusumTransform::kPearsonNegBin, .alpha = -1}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 2, .seasonal = true}),
            absl::StatusCode::kFailedPrecondition);  // two points, three coefficients
}

}  // namespace
}  // namespace zaojing::stats
