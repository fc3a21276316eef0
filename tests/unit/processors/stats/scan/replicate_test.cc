#include "processors/stats/scan/replicate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace zaojing::stats {
namespace {

constexpr int kDraws = 40'000;

// Mean and variance of the draws within five standard errors: a walk that skips or repeats a count misses
// them.
TEST(ReplicateTest, PoissonMoments) {
  for (const double mean : {0.2, 1.0, 6.5, 250.0}) {
    Replicator replicator(11);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double x = static_cast<double>(replicator.Poisson(mean));
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    EXPECT_NEAR(sum / kDraws, mean, 5 * std::sqrt(mean / kDraws));
    EXPECT_NEAR(squares / kDraws, mean, 5 * std::sqrt((mean + 2 * mean * mean) / kDraws));
  }
}

TEST(ReplicateTest, BinomialMoments) {
  for (const auto& [trials, p] : {std::pair<int64_t, double>{1, 0.5}, {10, 0.03}, {1000, 0.97}, {500, 0.4}}) {
    Replicator replicator(12);
    const double mean = static_cast<double>(trials) * p;
    const double variance = mean * (1 - p);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const int64_t x = replicator.Binomial(trials, p);
      ASSERT_GE(x, 0);
      ASSERT_LE(x, trials);
      sum += static_cast<double>(x);
      squares += std::pow(static_cast<double>(x) - mean, 2);
    }
    EXPECT_NEAR(sum / kDraws, mean, 5 * std::sqrt(variance / kDraws));
    EXPECT_NEAR(squares / kDraws, variance, 0.05 * variance + 5 * std::sqrt(variance / kDraws));
  }
}

// Every event is placed, none where the baseline is 0.
TEST(ReplicateTest, MultinomialPlacesEveryEvent) {
  const SpaceTime<double> baselines{1, 4, {1, 0, 3, 0}};
  SpaceTime<int64_t> counts{1, 4, {0, 0, 0, 0}};
  Replicator replicator(13);
  int64_t first = 0;
  for (int i = 0; i < 1000; ++i) {
    replicator.DrawMultinomial(baselines, 8, counts);
    ASSERT_EQ(counts.cells[0] + counts.cells[2], 8);
    ASSERT_EQ(counts.cells[1] + counts.cells[3], 0);
    first += counts.cells[0];
  }
  EXPECT_NEAR(static_cast<double>(first) / 1000, 2, 5 * std::sqrt(1.5 / 1000));
}

TEST(ReplicateTest, EndsOfTheDomain) {
  Replicator replicator(14);
  EXPECT_EQ(replicator.Poisson(0), 0);
  EXPECT_EQ(replicator.Binomial(0, 0.5), 0);
  EXPECT_EQ(replicator.Binomial(5, 0), 0);
  EXPECT_EQ(replicator.Binomial(5, 1), 5);
}

}  // namespace
}  // namespace zaojing::stats
