#include "processors/stats/surveillance/farrington.h"

#include <gtest/gtest.h>

#include <cmath>

#include "processors/stats/surveillance/count_quantiles.h"
#include "processors/stats/surveillance/farrington_flexible.h"
#include "processors/stats/surveillance/quasi_poisson.h"

namespace zaojing::stats {
namespace {

// The three power transforms at one prediction (mu 5, se 0.2, phi 1, alpha 0.05 two-sided), against R
// surveillance.
TEST(FarringtonTest, PowerBounds) {
  const double z = NormalQuantile(0.975);
  const auto check = [&](PowerTransform power, double lower, double upper) {
    const Bounds bounds = PowerBounds(5, 0.2, 1, power, z);
    EXPECT_NEAR(bounds.lower, lower, 5e-8);
    EXPECT_NEAR(bounds.upper, upper, 5e-8);
  };
  // Printed to 7 decimals for a one-sided 0.05, which is two-sided 0.1.
  const auto check_one_sided = [&](PowerTransform power, double lower, double upper) {
    const Bounds bounds = PowerBounds(5, 0.2, 1, power, NormalQuantile(0.95));
    EXPECT_NEAR(bounds.lower, lower, 5e-8);
    EXPECT_NEAR(bounds.upper, upper, 5e-8);
  };
  check_one_sided(PowerTransform::kNone, 1.3073128, 8.6926872);
  check_one_sided(PowerTransform::kHalf, 1.9891097, 9.3744842);
  check_one_sided(PowerTransform::kTwoThirds, 1.8084477, 9.1154825);
  check(PowerTransform::kNone, 5 - z * std::sqrt(5 * (1 + 0.04 / 5)), 5 + z * std::sqrt(5 * (1 + 0.04 / 5)));
}

// A lower root below 0 is 0 for every transform, not its square.
TEST(FarringtonTest, LowerBoundIsNotNegative) {
  for (const PowerTransform power : {PowerTransform::kNone, PowerTransform::kHalf, PowerTransform::kTwoThirds}) {
    EXPECT_EQ(PowerBounds(0.1, 0.05, 3, power, 4).lower, 0);
  }
}

// Noufaily's bounds at eta = log 5, se = log 2, phi 1.5, against R surveillance: muan 8 and 24, plug-in 1
// and 10.
TEST(FarringtonTest, QuantileBounds) {
  const double eta = std::log(5);
  const double se = std::log(2);
  const auto check = [&](ThresholdMethod threshold, double lower, double upper) {
    const Bounds bounds = QuantileBounds(QuantileMean(eta, se, 0.05, threshold), 1.5, 0.05);
    EXPECT_EQ(bounds.lower, lower);
    EXPECT_EQ(bounds.upper, upper);
  };
  check(ThresholdMethod::kMuan, 8, 24);
  check(ThresholdMethod::kNbPlugin, 1, 10);
  const Bounds poisson = QuantileBounds(5, 1, 0.05);
  EXPECT_EQ(poisson.lower, PoissonQuantile(0.05, 5));
  EXPECT_TRUE(std::isnan(QuantileBounds(INFINITY, 1.5, 0.05).upper));
}

// Group means without a trend have a closed form; a wrong working weight or offset would miss it.
TEST(QuasiPoissonTest, GroupInterceptsAreGroupMeans) {
  ReferenceSet reference{.group_count = 3};
  reference.Append(2, 0, 0, 0);
  reference.Append(4, 1, 0, 0);
  reference.Append(10, 2, std::log(2.0), 2);  // group 1 has no members
  QuasiPoisson model;
  ASSERT_TRUE(model.Fit(reference, {}, false));
  EXPECT_NEAR(std::exp(model.Predict(0, 9, 0).eta), 3, 1e-7);
  EXPECT_NEAR(std::exp(model.Predict(2, 9, 0).eta), 5, 1e-7);
  EXPECT_NEAR(model.Predict(0, 9, 0).variance, 1.0 / 6, 1e-6);
  EXPECT_EQ(model.residual_degrees(), 1);
  EXPECT_NEAR(model.Dispersion(model.working_weights()), 2.0 / 3, 1e-6);
}

// An exact log-linear series is fitted exactly; times that do not differ leave the slope out.
TEST(QuasiPoissonTest, SlopeAndNoSlope) {
  ReferenceSet growing;
  ReferenceSet still;
  for (int t = 0; t < 6; ++t) {
    growing.Append(std::exp(0.5 + 0.25 * t), 100 + t, 0, 0);
    still.Append(3 + t % 2, 100, 0, 0);
  }
  QuasiPoisson model;
  ASSERT_TRUE(model.Fit(growing, {}, true));
  EXPECT_NEAR(model.slope(), 0.25, 1e-8);
  EXPECT_NEAR(model.Predict(0, 108, 0).eta, 0.5 + 0.25 * 8, 1e-7);
  ASSERT_TRUE(model.Fit(still, {}, true));
  EXPECT_FALSE(model.has_slope());
  EXPECT_EQ(model.SlopePValue(1), 1);
  EXPECT_FALSE(model.Fit(ReferenceSet(), {}, true));
}

// Weights sum to their number and fall with the square of the residual above the threshold only.
TEST(QuasiPoissonTest, OutbreakWeights) {
  const std::vector<double> residuals = {0.5, -3, 2, 4};
  std::vector<double> weights;
  OutbreakWeights(residuals, 1, weights);
  EXPECT_NEAR(weights[0] + weights[1] + weights[2] + weights[3], 4, 1e-12);
  EXPECT_DOUBLE_EQ(weights[0], weights[1]);
  EXPECT_NEAR(weights[2] / weights[0], 0.25, 1e-12);
  EXPECT_NEAR(weights[3] / weights[0], 1.0 / 16, 1e-12);
}

// A past outbreak must not raise the bound as much with reweighting as without.
TEST(FarringtonTest, ReweightingDampsPastOutbreaks) {
  std::vector<int64_t> counts(6 * 52 + 1, 4);
  for (size_t t = 0; t < counts.size(); ++t) counts[t] += static_cast<int64_t>(t * 7 % 5);
  counts[3 * 52] = 200;  // in the window of index 5 * 52
  const size_t t = 5 * 52;
  const Signals damped = Farrington({counts, {}}, {.trend = false, .first = t});
  const Signals raw = Farrington({counts, {}}, {.reweight = false, .trend = false, .first = t});
  ASSERT_TRUE(damped.ok() && raw.ok());
  EXPECT_LT(damped->front().upper_bound, raw->front().upper_bound / 2);
}

// Few recent cases: R's zero for the first method, undefined for the second.
TEST(FarringtonTest, FewRecentCases) {
  std::vector<int64_t> counts(6 * 52, 3);
  for (size_t t = 5 * 52 + 10; t < 5 * 52 + 14; ++t) counts[t] = 1;
  const size_t at = 5 * 52 + 13;
  const Signals classic = Farrington({counts, {}}, {.first = at});
  ASSERT_TRUE(classic.ok());
  EXPECT_EQ(classic->front().upper_bound, 0);
  EXPECT_EQ(classic->front().statistic, 0);
  EXPECT_FALSE(classic->front().alarm);
  const Signals flexible = FarringtonFlexible({counts, {}}, {.first = at});
  ASSERT_TRUE(flexible.ok());
  EXPECT_TRUE(std::isnan(flexible->front().upper_bound));
  EXPECT_FALSE(flexible->front().alarm);
}

TEST(FarringtonTest, BadParameters) {
  const std::vector<int64_t> counts(400, 1);
  const auto classic = [&](const FarringtonOptions& o) { return Farrington({counts, {}}, o).status().code(); };
  const auto flexible = [&](const FarringtonFlexibleOptions& o) {
    return FarringtonFlexible({counts, {}}, o).status().code();
  };
  constexpr auto kBad = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(classic({.years_back = 0}), kBad);
  EXPECT_EQ(classic({.half_window = 52}), kBad);
  EXPECT_EQ(classic({.alpha = 0}), kBad);
  EXPECT_EQ(classic({.cases_steps = 0}), kBad);
  EXPECT_EQ(classic({.population_offset = true}), kBad);
  EXPECT_EQ(classic({.period = 1}), kBad);
  EXPECT_EQ(classic({.first = 48}), kBad);
  EXPECT_EQ(classic({.first = 49}), absl::StatusCode::kOk);
  EXPECT_EQ(flexible({.half_window = 26}), kBad);
  EXPECT_EQ(flexible({.weights_threshold = 0}), kBad);
  EXPECT_EQ(flexible({.periods = 0}), kBad);
  EXPECT_EQ(flexible({.periods = 47}), kBad);
  EXPECT_EQ(flexible({.periods = 46}), absl::StatusCode::kOk);
  EXPECT_EQ(flexible({.past_excluded = 49}), kBad);
  EXPECT_EQ(flexible({.first = 262}), kBad);
}

}  // namespace
}  // namespace zaojing::stats
