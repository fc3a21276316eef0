#include "processors/stats/surveillance/count_quantiles.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

// A wrong tail or branch would move the alarm limits of every method.
TEST(CountQuantilesTest, NormalQuantileKnownValues) {
  EXPECT_NEAR(NormalQuantile(0.975), 1.959963984540054, 1e-15);
  EXPECT_NEAR(NormalQuantile(0.999), 3.090232306167813, 1e-14);
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-16);
  EXPECT_EQ(NormalQuantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(NormalQuantile(1), std::numeric_limits<double>::infinity());
  EXPECT_NEAR(NormalCdf(NormalQuantile(0.3)), 0.3, 1e-15);
}

// The quantile is the smallest count that reaches p; off by one either way is caught by the two inequalities.
TEST(CountQuantilesTest, QuantilesAreTheSmallestCountThatReachesP) {
  for (const double mean : {0.01, 0.5, 3.0, 40.0, 5000.0}) {
    for (const double size : {0.05, 1.0, 12.5, 1e6, std::numeric_limits<double>::infinity()}) {
      for (const double p : {0.001, 0.05, 0.5, 0.95, 0.99, 0.9999}) {
        const double x = NegativeBinomialQuantile(p, mean, size);
        EXPECT_LE(NegativeBinomialUpperTail(x + 1, mean, size), 1 - p + 1e-12) << mean << ' ' << size << ' ' << p;
        if (x > 0) {
          EXPECT_GT(NegativeBinomialUpperTail(x, mean, size), 1 - p - 1e-12);
        }
      }
    }
  }
}

// Values by hand: Poisson(1): P(0) = 0.3679, P(<=1) = 0.7358; geometric of mean 1: P(<=x) = 1 - 2^-(x+1).
TEST(CountQuantilesTest, SmallCasesByHand) {
  EXPECT_EQ(PoissonQuantile(0.36, 1), 0);
  EXPECT_EQ(PoissonQuantile(0.37, 1), 1);
  EXPECT_EQ(PoissonQuantile(0.74, 1), 2);
  EXPECT_EQ(NegativeBinomialQuantile(0.5, 1, 1), 0);  // exactly on the step
  EXPECT_EQ(NegativeBinomialQuantile(0.75, 1, 1), 1);
  EXPECT_EQ(NegativeBinomialQuantile(0.76, 1, 1), 2);
}

// Ends of the domain have defined answers.
TEST(CountQuantilesTest, EndsOfTheDomain) {
  EXPECT_EQ(PoissonQuantile(0.9, 0), 0);
  EXPECT_EQ(PoissonQuantile(0, 5), 0);
  EXPECT_EQ(PoissonQuantile(1, 5), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(PoissonQuantile(0.5, std::numeric_limits<double>::infinity())));
  EXPECT_TRUE(std::isnan(NegativeBinomialQuantile(0.5, 1, 0)));
  EXPECT_EQ(NegativeBinomialUpperTail(0, 1, 1), 1);
  EXPECT_EQ(NegativeBinomialUpperTail(1, 0, 1), 0);
}

// Student's t at 10 degrees: 2.228138852 cuts 5 % two-sided.
TEST(CountQuantilesTest, StudentTwoSided) {
  EXPECT_NEAR(StudentTwoSided(2.2281388519649385, 10), 0.05, 1e-11);
  EXPECT_NEAR(StudentTwoSided(-2.2281388519649385, 10), 0.05, 1e-11);
  EXPECT_EQ(StudentTwoSided(std::numeric_limits<double>::infinity(), 10), 0);
  EXPECT_EQ(StudentTwoSided(std::nan(""), 10), 1);
}

}  // namespace
}  // namespace zaojing::stats
