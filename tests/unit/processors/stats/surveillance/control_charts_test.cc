#include "processors/stats/surveillance/control_charts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

// Ranges 2, 2 over 1.128379: another d2 or a deviation in its place would differ.
TEST(ControlChartsTest, MovingRangeLevel) {
  const std::vector<int64_t> counts = {4, 6, 4};
  const ChartLevel level = MovingRangeLevel(counts);
  EXPECT_DOUBLE_EQ(level.mean, 14.0 / 3);
  EXPECT_NEAR(level.sigma, 2 / 1.1283791670955126, 1e-14);
}

// The limits widen from lambda sigma at the first point to the asymptotic ones.
TEST(ControlChartsTest, EwmaLimitsBeginNarrow) {
  std::vector<int64_t> counts = {4, 6, 4};
  counts.resize(60, 5);
  const Signals signals = Ewma({counts, {}}, {.first = 3, .lambda = 0.2});
  ASSERT_TRUE(signals.ok());
  const double sigma = 2 / 1.1283791670955126;
  EXPECT_NEAR(signals->front().upper_bound - signals->front().expected, 3 * 0.2 * sigma, 1e-12);
  EXPECT_NEAR(signals->back().upper_bound - signals->back().expected, 3 * sigma * std::sqrt(0.2 / 1.8), 1e-9);
  EXPECT_NEAR(signals->front().statistic, 0.2 * 5 + 0.8 * 14.0 / 3, 1e-12);
}

// A count below the lower limit alarms too.
TEST(ControlChartsTest, ShewhartIsTwoSided) {
  const std::vector<int64_t> counts = {40, 42, 40, 42, 5, 41, 90};
  const Signals signals = Shewhart({counts, {}}, {.first = 4});
  ASSERT_TRUE(signals.ok());
  EXPECT_TRUE((*signals)[0].alarm);
  EXPECT_FALSE((*signals)[1].alarm);
  EXPECT_TRUE((*signals)[2].alarm);
}

// Sigma 0: defined scores, no NaN.
TEST(ControlChartsTest, ConstantLevel) {
  const std::vector<int64_t> counts = {3, 3, 3, 3, 4};
  const Signals signals = Shewhart({counts, {}}, {.first = 3});
  ASSERT_TRUE(signals.ok());
  EXPECT_EQ((*signals)[0].statistic, 0);
  EXPECT_FALSE((*signals)[0].alarm);
  EXPECT_EQ((*signals)[1].statistic, std::numeric_limits<double>::infinity());
  EXPECT_TRUE((*signals)[1].alarm);
}

TEST(ControlChartsTest, BadParameters) {
  const std::vector<int64_t> counts(9, 1);
  const auto code = [&](const ChartOptions& options) { return Ewma({counts, {}}, options).status().code(); };
  EXPECT_EQ(code({.first = 1}), absl::StatusCode::kInvalidArgument);  // baseline of one point has no range
  EXPECT_EQ(code({.first = 0, .baseline = 5}), absl::StatusCode::kOk);
  EXPECT_EQ(code({.first = 4, .width = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 4, .lambda = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 4, .lambda = 1.1}), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace zaojing::stats
