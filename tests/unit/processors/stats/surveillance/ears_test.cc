#include "processors/stats/surveillance/ears.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

// Baseline 1, 2, 3: mean 2, deviation 1. C1 looks at the step after, C2 two steps later: a wrong lag takes
// other values.
TEST(EarsTest, LagsAndFormula) {
  const std::vector<int64_t> counts = {1, 2, 3, 50, 60, 9};
  const Signals c2 = Ears({counts, {}}, {.method = EarsMethod::kC2, .baseline = 3});
  ASSERT_TRUE(c2.ok());
  ASSERT_EQ(c2->size(), 1u);
  EXPECT_EQ(c2->front().index, 5u);
  EXPECT_DOUBLE_EQ(c2->front().expected, 2);
  EXPECT_DOUBLE_EQ(c2->front().statistic, 7);
  EXPECT_NEAR(c2->front().upper_bound, 2 + 3.090232306167813, 1e-12);
  EXPECT_TRUE(c2->front().alarm);
  const Signals c1 = Ears({counts, {}}, {.method = EarsMethod::kC1, .baseline = 3});
  EXPECT_EQ(c1->front().index, 3u);
  EXPECT_DOUBLE_EQ(c1->front().statistic, 48);
}

// Three scores of 2 make C3 = 3; any of them left out (as the package leaves out today's) makes 2.
TEST(EarsTest, C3SumsTodayAndTwoDaysBefore) {
  // Baselines of 5 are 1,2,3,2,2 and its shifts; the counts after them are chosen to score more than 1.
  const std::vector<int64_t> counts = {4, 6, 5, 4, 6, 5, 4, 9, 9, 9, 9};
  const Signals c2 = Ears({counts, {}}, {.method = EarsMethod::kC2, .baseline = 3});
  const Signals c3 = Ears({counts, {}}, {.method = EarsMethod::kC3, .baseline = 3});
  ASSERT_TRUE(c2.ok() && c3.ok());
  ASSERT_EQ(c3->size() + 2, c2->size());
  for (size_t i = 0; i < c3->size(); ++i) {
    double sum = 0;
    for (size_t back = 0; back < 3; ++back) sum += std::fmax(0, (*c2)[i + back].statistic - 1);
    EXPECT_DOUBLE_EQ((*c3)[i].statistic, sum);
    EXPECT_EQ((*c3)[i].alarm, sum > 1.959963984540054);
  }
  EXPECT_TRUE(c3->back().alarm);
}

// A constant baseline has deviation 0: the three defined answers, and a bound that is the mean.
TEST(EarsTest, ConstantBaseline) {
  for (const auto& [today, score] : {std::pair<int64_t, double>{5, 0},
                                     {6, std::numeric_limits<double>::infinity()},
                                     {4, -std::numeric_limits<double>::infinity()}}) {
    const std::vector<int64_t> counts = {5, 5, 5, 5, 5, 5, 5, today};
    const Signals signals = Ears({counts, {}}, {});
    ASSERT_TRUE(signals.ok());
    EXPECT_EQ(signals->front().statistic, score);
    EXPECT_EQ(signals->front().upper_bound, 5);
    EXPECT_EQ(signals->front().alarm, today > 5);
  }
  const std::vector<int64_t> counts = {5, 5, 5, 5, 5, 5, 5, 6};
  EXPECT_DOUBLE_EQ(Ears({counts, {}}, {.min_sigma = 0.5})->front().statistic, 2);
}

// Parameters out of their range are refused, each by name.
TEST(EarsTest, BadParameters) {
  const std::vector<int64_t> counts(40, 1);
  const auto code = [&](const EarsOptions& options) { return Ears({counts, {}}, options).status().code(); };
  EXPECT_EQ(code({.baseline = 2}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.min_sigma = -1}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.alpha = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.alpha = 1.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 6}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 7}), absl::StatusCode::kOk);
  EXPECT_EQ(code({.first = 400}), absl::StatusCode::kOk);
}

}  // namespace
}  // namespace zaojing::stats
