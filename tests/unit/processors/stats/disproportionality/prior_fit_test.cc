#include "processors/stats/disproportionality/prior_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "processors/stats/disproportionality/mixture_likelihood.h"
#include "processors/stats/disproportionality/squash.h"

namespace zaojing::stats {
namespace {

constexpr GammaMixture kTrue = {2.0, 0.25, 3.0, 3.0, 0.2};

// Reported pairs of a population drawn from kTrue.
std::vector<WeightedPoint> Drawn(size_t pairs) {
  std::mt19937_64 engine(20'26);
  std::gamma_distribution<double> strong(kTrue.alpha1, 1 / kTrue.beta1);
  std::gamma_distribution<double> usual(kTrue.alpha2, 1 / kTrue.beta2);
  std::uniform_real_distribution<double> uniform;
  std::vector<WeightedPoint> points;
  while (points.size() < pairs) {
    const double expected = std::exp(6 * uniform(engine) - 1);
    const double lambda = uniform(engine) < kTrue.weight ? strong(engine) : usual(engine);
    const int64_t n11 = std::poisson_distribution<int64_t>(lambda * expected)(engine);
    if (n11 > 0) points.push_back({n11, expected, 1});
  }
  return points;
}

// A wrong derivative would still descend, to a place that is no optimum. Central differences say what it must
// be.
TEST(MixtureLikelihood, GradientIsTheDerivative) {
  std::vector<WeightedPoint> points = Drawn(200);
  points.push_back({1, 1e-6, 3});
  points.push_back({5'000, 900, 1});
  points.push_back(points.front());
  const MixtureLikelihood likelihood(points);
  for (const GammaMixture& prior : DefaultPriorStarts()) {
    const PriorVector at = ToVector(prior);
    PriorVector gradient;
    likelihood.Evaluate(prior, &gradient);
    for (size_t i = 0; i < at.size(); ++i) {
      const double step = 1e-5;
      PriorVector above = at;
      PriorVector below = at;
      above[i] += step;
      below[i] -= step;
      PriorVector unused;
      const double difference =
          (likelihood.Evaluate(ToPrior(above), &unused) - likelihood.Evaluate(ToPrior(below), &unused)) / (2 * step);
      EXPECT_NEAR(gradient[i], difference, 1e-5 * (1 + std::abs(difference))) << i;
    }
  }
}

// Merging equal points could lose their weight.
TEST(MixtureLikelihood, EqualPointsCountOneByOne) {
  const std::vector<WeightedPoint> apart = {{1, 0.5, 1}, {2, 0.5, 1}, {1, 0.5, 1}, {1, 0.5, 2}};
  const std::vector<WeightedPoint> merged = {{2, 0.5, 1}, {1, 0.5, 4}};
  EXPECT_DOUBLE_EQ(NegativeLogLikelihood(kTrue, apart), NegativeLogLikelihood(kTrue, merged));
}

// The search could stop short of the optimum, or find another: then it would be above the truth's likelihood,
// or far from the truth. Both ways of starting (whole, squashed) are tried.
TEST(FitPrior, FindsThePriorThatMadeThePairs) {
  for (const size_t pairs : {size_t{4'000}, size_t{20'000}}) {
    const std::vector<WeightedPoint> points = Drawn(pairs);
    const absl::StatusOr<PriorFit> fit = FitPrior(points, DefaultPriorStarts());
    ASSERT_TRUE(fit.ok());
    EXPECT_EQ(fit->starts_squashed, pairs > 5'000);
    EXPECT_EQ(fit->runs.size(), DefaultPriorStarts().size());
    EXPECT_TRUE(fit->best().converged);
    EXPECT_FALSE(fit->best().at_bound);
    EXPECT_LE(fit->best().negative_log_likelihood, NegativeLogLikelihood(kTrue, points));
    EXPECT_NEAR(fit->best().prior.alpha1 / fit->best().prior.beta1, 8.0, 0.8);
    EXPECT_NEAR(fit->best().prior.alpha2 / fit->best().prior.beta2, 1.0, 0.1);
    PriorVector gradient;
    MixtureLikelihood(points).Evaluate(fit->best().prior, &gradient);
    for (const double slope : gradient) EXPECT_NEAR(slope, 0.0, 1e-2);
  }
}

// The answer could depend on the order of the file.
TEST(FitPrior, DoesNotDependOnTheOrderOfPairs) {
  std::vector<WeightedPoint> points = Drawn(6'000);
  const PriorFit fit = FitPrior(points, DefaultPriorStarts()).value();
  std::reverse(points.begin(), points.end());
  EXPECT_EQ(FitPrior(points, DefaultPriorStarts()).value().best().prior, fit.best().prior);
}

// Pairs that do not determine the prior must end in a report, not in a hang or a NaN.
TEST(FitPrior, EndsOnDegeneratePairs) {
  const std::vector<WeightedPoint> same(12, WeightedPoint{1, 1.0, 1});
  const absl::StatusOr<PriorFit> fit = FitPrior(same, DefaultPriorStarts());
  ASSERT_TRUE(fit.ok());
  EXPECT_TRUE(std::isfinite(fit->best().negative_log_likelihood));
  EXPECT_TRUE(CheckPrior(fit->best().prior).ok());
}

// Counts more even than Poisson's drive shapes and rates to their bounds: the search could stall there, or call another
// place from every start the optimum.
TEST(FitPrior, MeetsItsBoundsOnTooEvenCounts) {
  std::vector<WeightedPoint> points;
  points.reserve(400);
  for (int i = 0; i < 400; ++i) {
    points.push_back({i % 20 == 0 ? 31 : 2 + i % 3, 4.5 + 0.01 * (i % 7), 1});
  }
  const absl::StatusOr<PriorFit> fit = FitPrior(points, DefaultPriorStarts());
  ASSERT_TRUE(fit.ok());
  EXPECT_TRUE(fit->best().at_bound);
  EXPECT_EQ(fit->optima.size(), 1u);
  for (const PriorFitRun& run : fit->runs) {
    EXPECT_TRUE(run.converged) << run.iterations;
    EXPECT_NEAR(run.negative_log_likelihood, fit->best().negative_log_likelihood, 1e-3);
  }
}

// A fit to too little, or to what it is not defined for, would look like a fit.
TEST(FitPrior, RefusesWhatItCannotFit) {
  const std::vector<WeightedPoint> few(kPriorFitPointsMin - 1, WeightedPoint{1, 1.0, 1});
  EXPECT_EQ(FitPrior(few, DefaultPriorStarts()).status().code(), absl::StatusCode::kFailedPrecondition);
  std::vector<WeightedPoint> points(kPriorFitPointsMin, WeightedPoint{1, 1.0, 1});
  EXPECT_EQ(FitPrior(points, {}).status().code(), absl::StatusCode::kInvalidArgument);
  const GammaMixture no_prior = {1, 1, 1, 1, 1};
  EXPECT_EQ(FitPrior(points, {&no_prior, 1}).status().code(), absl::StatusCode::kInvalidArgument);
  points.back().expected = 0;
  EXPECT_EQ(FitPrior(points, DefaultPriorStarts()).status().code(), absl::StatusCode::kInvalidArgument);
  points.back() = {0, 1.0, 1};
  EXPECT_EQ(FitPrior(points, DefaultPriorStarts()).status().code(), absl::StatusCode::kInvalidArgument);
}

// A bin could lose points, take those to be kept, or squash another count.
TEST(Squash, BinsAllButTheLargest) {
  std::vector<WeightedPoint> points;
  for (int i = 9; i >= 1; --i) points.push_back({1, static_cast<double>(i), 1});
  points.push_back({2, 5.0, 1});
  ASSERT_TRUE(Squash({1, 3, 2}, &points).ok());
  const std::vector<WeightedPoint> expected = {{1, 2, 3}, {1, 5, 3}, {1, 7, 1}, {1, 8, 1}, {1, 9, 1}, {2, 5, 1}};
  EXPECT_EQ(points, expected);
  for (const SquashRule& rule : {SquashRule{1, 1, 0}, SquashRule{1, 2, -1}, SquashRule{1, 5, 1}, SquashRule{3, 2, 0}}) {
    EXPECT_EQ(Squash(rule, &points).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(points, expected);
  }
}

// Automatic bins could lose points, or squash a count that few pairs have.
TEST(AutoSquash, KeepsEveryPairsWeight) {
  const std::vector<WeightedPoint> points = Drawn(20'000);
  double weight = 0;
  double expected = 0;
  const std::vector<WeightedPoint> squashed = AutoSquash(points);
  for (const WeightedPoint& point : squashed) {
    weight += point.weight;
    expected += point.weight * point.expected;
  }
  double sum = 0;
  for (const WeightedPoint& point : points) sum += point.expected;
  EXPECT_EQ(weight, 20'000);
  EXPECT_NEAR(expected, sum, 1e-9 * sum);
  EXPECT_LT(squashed.size(), 10'000u);
  const std::vector<WeightedPoint> few(101, WeightedPoint{1, 1.0, 1});
  EXPECT_EQ(AutoSquash(few).size(), 101u);
}

}  // namespace
}  // namespace zaojing::stats
