#include "processors/stats/sequential/max_sprt.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

// By hand: with one case at most, before u = 1, the test signals on the first event, P = 1 - e^-m for the m
// where LLR(1, m) = critical value; a horizon before the second signalling time makes that the whole answer
// but for pairs.
TEST(MaxSprtTest, SignalProbabilityByHand) {
  // critical value 0: any event before u = 1 signals; horizon 0.5.
  EXPECT_NEAR(MaxSprtSignalProbability(0, {.horizon = 0.5}), 1 - std::exp(-0.5), 1e-14);
  // Two cases needed: P(N(0.5) >= 2).
  EXPECT_NEAR(MaxSprtSignalProbability(0, {.horizon = 0.5, .cases_min = 2}), 1 - 1.5 * std::exp(-0.5), 1e-14);
  // One event signals before m, two before the horizon 0.2 (LLR(2, 0.2) = 2.8 > 2): no signal = none by m, at
  // most one by 0.2.
  const double m = 0.0523;  // LLR(1, m) = 2.0033
  const double critical = PoissonLlr(1, m);
  EXPECT_NEAR(MaxSprtSignalProbability(critical, {.horizon = 0.2}), 1 - std::exp(-0.2) * (1 + (0.2 - m)), 1e-10);
}

// The critical value gives back its alpha, and more alarms are allowed for a larger alpha.
TEST(MaxSprtTest, CriticalValueGivesItsAlpha) {
  double before = std::numeric_limits<double>::infinity();
  for (const double alpha : {0.001, 0.01, 0.05, 0.2}) {
    const MaxSprtOptions options{.alpha = alpha, .horizon = 12, .cases_min = 3};
    const absl::StatusOr<double> critical = MaxSprtCriticalValue(options);
    ASSERT_TRUE(critical.ok());
    EXPECT_NEAR(MaxSprtSignalProbability(*critical, options), alpha, 1e-10);
    EXPECT_LT(*critical, before);
    before = *critical;
  }
}

TEST(MaxSprtTest, LlrAtTheEndsOfItsDomain) {
  EXPECT_EQ(PoissonLlr(0, 0), 0);
  EXPECT_EQ(PoissonLlr(0, 3), 0);
  EXPECT_EQ(PoissonLlr(3, 3), 0);
  EXPECT_EQ(PoissonLlr(2, 3), 0);
  EXPECT_EQ(PoissonLlr(1, 0), std::numeric_limits<double>::infinity());
  EXPECT_NEAR(PoissonLlr(6, 2), 6 * std::log(3.0) - 4, 1e-14);
}

// A signal needs the cases and the ratio, stays once given, and cannot come after the horizon.
TEST(MaxSprtTest, Monitor) {
  const MaxSprtOptions options{.horizon = 10, .cases_min = 4};
  const std::vector<SequentialStep> early = {{3, 0.1}, {0, 0.2}, {1, 0.2}, {0, 8}, {0, 5}};
  const auto verdicts = MaxSprtMonitor(early, 3, options);
  ASSERT_TRUE(verdicts.ok());
  EXPECT_FALSE((*verdicts)[0].signal);  // LLR 7.3, but three cases
  EXPECT_FALSE((*verdicts)[1].signal);
  EXPECT_TRUE((*verdicts)[2].signal);
  EXPECT_TRUE((*verdicts)[4].signal);
  EXPECT_FALSE((*verdicts)[4].horizon_reached);
  EXPECT_EQ((*verdicts)[4].observed, 4);
  EXPECT_NEAR((*verdicts)[4].expected, 13.5, 1e-12);
  const std::vector<SequentialStep> late = {{1, 11}, {60, 0.1}};
  const auto after = MaxSprtMonitor(late, 3, options);
  ASSERT_TRUE(after.ok());
  EXPECT_TRUE((*after)[0].horizon_reached);
  EXPECT_FALSE((*after)[1].signal);
  EXPECT_GT((*after)[1].llr, 3);
}

// Empty and single-step series, an event against nothing expected, bad steps and options.
TEST(MaxSprtTest, EndsAndErrors) {
  EXPECT_TRUE(MaxSprtMonitor({}, 3, {})->empty());
  const std::vector<SequentialStep> sudden = {{1, 0}};
  const auto verdicts = MaxSprtMonitor(sudden, 3, {});
  ASSERT_TRUE(verdicts.ok());
  EXPECT_TRUE(verdicts->front().signal);
  const auto code = [](const SequentialStep& step) {
    const std::vector<SequentialStep> steps = {{1, 1}, step};
    return MaxSprtMonitor(steps, 3, {}).status().code();
  };
  constexpr auto kBad = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code({-1, 1}), kBad);
  EXPECT_EQ(code({1, -1}), kBad);
  EXPECT_EQ(code({1, std::numeric_limits<double>::infinity()}), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.alpha = 0}).status().code(), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.alpha = 0.6}).status().code(), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.horizon = 0}).status().code(), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.horizon = 3000}).status().code(), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.cases_min = 0}).status().code(), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.cases_min = 101}).status().code(), kBad);
  EXPECT_EQ(MaxSprtCriticalValue({.horizon = 1, .cases_min = 4}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace zaojing::stats
