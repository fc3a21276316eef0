#include "processors/stats/sliding/surge.h"

#include <gtest/gtest.h>

#include <cmath>

#include "processors/stats/surveillance/bayes.h"
#include "processors/stats/surveillance/count_quantiles.h"

namespace zaojing::stats {
namespace {

PaneSums SumsOf(const std::vector<int64_t>& counts) {
  PaneSums sums{.panes = static_cast<int64_t>(counts.size())};
  for (const int64_t y : counts) {
    sums.sum += y;
    sums.sum_of_squares += static_cast<__int128>(y) * y;
  }
  return sums;
}

// Without overdispersion it is the Bayes method's law, an independent implementation of the same figures.
TEST(SurgeTest, IsTheBayesLawWithoutOverdispersion) {
  std::vector<int64_t> counts = {3, 4, 3, 4, 3, 4, 9};
  const Signals bayes = Bayes({counts, {}}, {.half_window = 6, .alpha = 0.01});
  const Signals surge = NegativeBinomialSurge({counts, {}}, {.baseline = 6, .lag = 0, .alpha = 0.01});
  ASSERT_TRUE(bayes.ok() && surge.ok());
  ASSERT_EQ(surge->size(), 1u);
  EXPECT_DOUBLE_EQ(surge->front().expected, bayes->front().expected);
  EXPECT_NEAR(surge->front().statistic, bayes->front().statistic, 1e-14);
  EXPECT_EQ(surge->front().upper_bound, bayes->front().upper_bound);
}

// By hand: panes 0 and 8: m = 4, s^2 = 32, dispersion 28 / 16 = 1.75; size 1 / (1.75 + 1 / 8.5); mean ratio
// * 4.25.
TEST(SurgeTest, OverdispersionByHand) {
  const Signal signal = SurgeOf(20, SumsOf({0, 8}), 0.5, 0.01);
  EXPECT_DOUBLE_EQ(signal.expected, 2.125);
  const double size = 1 / (1.75 + 1 / 8.5);
  EXPECT_DOUBLE_EQ(signal.statistic, NegativeBinomialUpperTail(20, 2.125, size));
  EXPECT_EQ(signal.upper_bound, NegativeBinomialQuantile(0.99, 2.125, size));
}

// The same mean with more spread must surprise less.
TEST(SurgeTest, SpreadLowersTheSurprise) {
  EXPECT_LT(SurgeOf(12, SumsOf({4, 4, 4, 4}), 1, 0.01).statistic, SurgeOf(12, SumsOf({0, 8, 0, 8}), 1, 0.01).statistic);
}

// Alarm and tail are two ways to say one thing, at every count around the bound.
TEST(SurgeTest, AlarmIsTailAtMostAlpha) {
  for (const double alpha : {0.001, 0.05, 0.3}) {
    for (const std::vector<int64_t>& panes : {std::vector<int64_t>{0, 0, 0}, {1, 5, 2, 9}, {100, 90, 130, 80}}) {
      const double bound = SurgeOf(0, SumsOf(panes), 1, alpha).upper_bound;
      for (int64_t y = std::max<int64_t>(0, static_cast<int64_t>(bound) - 2); y < static_cast<int64_t>(bound) + 3;
           ++y) {
        const Signal signal = SurgeOf(y, SumsOf(panes), 1, alpha);
        EXPECT_EQ(signal.alarm, signal.statistic <= alpha * (1 + 1e-9)) << y << ' ' << alpha;
      }
    }
  }
}

// Silence, then one event: surprising, but not infinitely; no event is no surprise at all.
TEST(SurgeTest, SilentBaseline) {
  const Signal one = SurgeOf(1, SumsOf(std::vector<int64_t>(26, 0)), 1, 0.05);
  EXPECT_GT(one.statistic, 0.001);
  EXPECT_LT(one.statistic, 0.05);
  EXPECT_TRUE(one.alarm);
  EXPECT_EQ(SurgeOf(0, SumsOf({0, 0}), 1, 0.05).statistic, 1);
}

TEST(SurgeTest, EmptySingleAndBad) {
  EXPECT_TRUE(NegativeBinomialSurge({}, {})->empty());
  const std::vector<int64_t> one = {4};
  EXPECT_TRUE(NegativeBinomialSurge({one, {}}, {})->empty());
  constexpr auto kBad = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(NegativeBinomialSurge({one, {}}, {.baseline = 1}).status().code(), kBad);
  EXPECT_EQ(NegativeBinomialSurge({one, {}}, {.alpha = 0}).status().code(), kBad);
  const std::vector<int64_t> negative = {-4};
  EXPECT_EQ(NegativeBinomialSurge({negative, {}}, {}).status().code(), kBad);
  EXPECT_EQ(SurgeStream::Create({.baseline = 1}, 0).status().code(), kBad);
  const SurgeStream stream = *SurgeStream::Create({}, 0);
  EXPECT_EQ(SurgeStream::Parse({.lag = 3}, stream.Serialize()).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace zaojing::stats
