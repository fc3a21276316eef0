#include "processors/stats/surveillance/likelihood_ratio.h"

#include <gtest/gtest.h>

#include <cmath>

namespace zaojing::stats {
namespace {

SeasonalBaseline Flat(size_t points, double mean, double alpha) {
  return {.mean = std::vector<double>(points, mean), .alpha = alpha};
}

// One point, mean 2, count 6: sup over kappa is 6 ln 3 - 4; then the chart restarts after its alarm.
TEST(LikelihoodRatioTest, PoissonByHandAndRestart) {
  const std::vector<int64_t> counts = {6, 2, 6};
  const LikelihoodRatioOptions options{.first = 0, .threshold = 2};
  const Signals signals = LikelihoodRatioChart({counts, {}}, options, Flat(3, 2, 0));
  ASSERT_TRUE(signals.ok());
  EXPECT_NEAR((*signals)[0].statistic, 6 * std::log(3.0) - 4, 1e-12);
  EXPECT_TRUE((*signals)[0].alarm);
  EXPECT_EQ((*signals)[1].statistic, 0);
  EXPECT_NEAR((*signals)[2].statistic, 6 * std::log(3.0) - 4, 1e-12);
}

// The bound is the smallest count that alarms: on it an alarm, one below none, for every kind of chart.
TEST(LikelihoodRatioTest, BoundIsTheSmallestAlarmingCount) {
  for (const double alpha : {0.0, 0.3}) {
    for (const std::optional<double> theta : {std::optional<double>(), std::optional<double>(0.5)}) {
      std::vector<int64_t> counts = {3, 1, 4, 2, 0};
      const LikelihoodRatioOptions options{.first = 0, .threshold = 3, .theta = theta};
      const Signals signals = LikelihoodRatioChart({counts, {}}, options, Flat(5, 2, alpha));
      ASSERT_TRUE(signals.ok());
      const double bound = signals->back().upper_bound;
      for (const bool over : {true, false}) {
        counts.back() = static_cast<int64_t>(bound) - (over ? 0 : 1);
        EXPECT_EQ(LikelihoodRatioChart({counts, {}}, options, Flat(5, 2, alpha))->back().alarm, over);
      }
    }
  }
}

// A fall is seen by the decreasing chart alone, whose bound is a lower one.
TEST(LikelihoodRatioTest, Decrease) {
  const std::vector<int64_t> counts(6, 0);
  LikelihoodRatioOptions options{.first = 0, .threshold = 5, .decrease = true};
  for (const double alpha : {0.0, 0.1}) {
    const Signals falling = LikelihoodRatioChart({counts, {}}, options, Flat(6, 3, alpha));
    ASSERT_TRUE(falling.ok());
    EXPECT_FALSE((*falling)[0].alarm);
    EXPECT_TRUE(std::isnan((*falling)[0].lower_bound));  // not even 0 alarms yet
    EXPECT_TRUE((*falling)[1].alarm || (*falling)[2].alarm);
  }
  options.decrease = false;
  const Signals rising = LikelihoodRatioChart({counts, {}}, options, Flat(6, 3, 0));
  ASSERT_TRUE(rising.ok());
  for (const Signal& signal : *rising) EXPECT_EQ(signal.statistic, 0);
}

// Dispersion near 0 must approach the Poisson chart, or one of the two formulas is wrong.
TEST(LikelihoodRatioTest, SmallDispersionIsPoisson) {
  const std::vector<int64_t> counts = {3, 5, 1, 4, 6};
  for (const std::optional<double> theta : {std::optional<double>(), std::optional<double>(0.5)}) {
    const LikelihoodRatioOptions options{.first = 0, .threshold = 50, .theta = theta};
    const Signals poisson = LikelihoodRatioChart({counts, {}}, options, Flat(5, 2, 0));
    const Signals near = LikelihoodRatioChart({counts, {}}, options, Flat(5, 2, 1e-7));
    for (size_t i = 0; i < 5; ++i) EXPECT_NEAR((*poisson)[i].statistic, (*near)[i].statistic, 1e-5);
  }
}

// Not enough training points, means that are not positive, and parameters out of range are refused.
TEST(LikelihoodRatioTest, BadParameters) {
  const std::vector<int64_t> counts(20, 1);
  const auto code = [&](const LikelihoodRatioOptions& o) {
    return LikelihoodRatioChart({counts, {}}, o).status().code();
  };
  EXPECT_EQ(code({.first = 2}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code({.first = 10, .threshold = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 10, .theta = 0.0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 10, .steps_min = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 10, .baseline = {.period = 0}}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.first = 10, .baseline = {.alpha = -1.0}}), absl::StatusCode::kInvalidArgument);
  const LikelihoodRatioOptions options{.first = 0};
  EXPECT_EQ(LikelihoodRatioChart({counts, {}}, options, Flat(20, 0, 0)).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LikelihoodRatioChart({counts, {}}, options, Flat(19, 1, 0)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Counts that are not overdispersed: the estimated dispersion is 0 and the chart is the Poisson one.
TEST(LikelihoodRatioTest, NoOverdispersionFound) {
  std::vector<int64_t> counts;
  for (int64_t t = 0; t < 120; ++t) counts.push_back(5 + t % 2);
  SeasonalOptions options;
  options.alpha.reset();
  const auto baseline = FitSeasonalBaseline(counts, 104, options);
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  EXPECT_EQ(baseline->alpha, 0);
  EXPECT_EQ(baseline->mean.size(), 16u);
}

}  // namespace
}  // namespace zaojing::stats
