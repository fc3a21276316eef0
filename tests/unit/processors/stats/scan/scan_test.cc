#include "processors/stats/scan/scan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace zaojing::stats {
namespace {

constexpr auto kBad = absl::StatusCode::kInvalidArgument;

// Two steps, two locations; the second step has the excess. A scan that reads time backwards finds
// duration 2.
TEST(ScanTest, ByHand) {
  const SpaceTime<int64_t> counts{2, 2, {1, 1, 6, 1}};
  const SpaceTime<double> baselines{2, 2, {1, 1, 2, 1}};
  const auto result = Scan(counts, baselines, {{0}, {1}, {0, 1}}, {});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->clusters.size(), 6u);
  const Cluster& best = result->clusters.front();
  EXPECT_EQ(best.zone, 0u);
  EXPECT_EQ(best.duration, 1u);
  EXPECT_NEAR(best.score, 6 * std::log(3.0) - 4, 1e-12);
  EXPECT_EQ(best.risk_inside, 3);
  EXPECT_FALSE(result->p_value.has_value());
}

// Population-based: a zone of everything has score 0 and no outside; a zone that holds all events has 0 ln 0
// = 0 rest.
TEST(ScanTest, PopulationBasedEnds) {
  const SpaceTime<int64_t> counts{1, 2, {6, 0}};
  const SpaceTime<double> population{1, 2, {100, 200}};
  const auto baselines = PopulationBaselines(counts, population);
  ASSERT_TRUE(baselines.ok());
  EXPECT_NEAR(baselines->cells[0], 2, 1e-12);
  const auto result = Scan(counts, *baselines, {{0}, {0, 1}}, {.model = ScanModel::kPopulation});
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(result->clusters[0].score, 6 * std::log(3.0), 1e-12);
  EXPECT_EQ(result->clusters[0].risk_outside, 0);
  EXPECT_NEAR(result->clusters[1].score, 0, 1e-9);
  EXPECT_EQ(result->clusters[1].risk_outside, 1);
}

// No steps, no zones, one cell, no events at all: defined answers.
TEST(ScanTest, EmptyAndSingle) {
  EXPECT_TRUE(Scan({}, {}, {}, {.replicates = 9})->clusters.empty());
  const SpaceTime<int64_t> one{1, 1, {0}};
  const SpaceTime<double> base{1, 1, {0}};
  const auto result = Scan(one, base, {{0}}, {.replicates = 9});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->clusters.front().score, 0);
  EXPECT_EQ(result->clusters.front().risk_inside, 1);
  EXPECT_EQ(*result->p_value, 1);
  EXPECT_TRUE(Scan(one, base, {}, {.replicates = 9})->clusters.empty());
  EXPECT_EQ(*Scan(one, base, {{0}}, {.model = ScanModel::kPopulation, .replicates = 9})->p_value, 1);
}

// The same seed gives the same replicates, another one others; the p value counts them.
TEST(ScanTest, ReplicatesFollowTheSeed) {
  const SpaceTime<int64_t> counts{2, 2, {1, 1, 9, 1}};
  const SpaceTime<double> baselines{2, 2, {1, 1, 2, 1}};
  const ScanOptions options{.replicates = 50, .seed = 7};
  const auto a = Scan(counts, baselines, {{0}, {1}}, options);
  const auto b = Scan(counts, baselines, {{0}, {1}}, options);
  const auto c = Scan(counts, baselines, {{0}, {1}}, {.replicates = 50, .seed = 8});
  EXPECT_EQ(a->replicates, b->replicates);
  EXPECT_NE(a->replicates, c->replicates);
  int reached = 0;
  for (const double score : a->replicates) reached += score >= a->clusters.front().score;
  EXPECT_EQ(*a->p_value, (1 + reached) / 51.0);
}

// Under the null the p value is uniform: a scan that draws from the wrong law would crowd one end.
TEST(ScanTest, PValuesAreUniformUnderTheNull) {
  const SpaceTime<double> baselines{2, 3, {3, 4, 5, 3, 4, 5}};
  const Zones zones = {{0}, {1}, {2}, {0, 1}, {1, 2}};
  for (const ScanModel model : {ScanModel::kExpectation, ScanModel::kPopulation}) {
    int small = 0;
    for (uint64_t trial = 0; trial < 400; ++trial) {
      // The first replicate of a fresh seed serves as the observation: 19 others, so p <= 0.25 in a quarter
      // of trials.
      SpaceTime<int64_t> even{2, 3, {3, 4, 5, 3, 4, 5}};
      const auto result = Scan(even, baselines, zones, {.model = model, .replicates = 20, .seed = trial * 977});
      int reached = 0;
      for (size_t i = 1; i < 20; ++i) reached += result->replicates[i] >= result->replicates[0];
      small += reached < 5;
    }
    EXPECT_GT(small, 60);  // 100 expected, deviation 8.7
    EXPECT_LT(small, 140);
  }
}

TEST(ScanTest, BadInputIsRefused) {
  const SpaceTime<int64_t> counts{1, 2, {1, 2}};
  const SpaceTime<double> baselines{1, 2, {1, 2}};
  const auto code = [](const SpaceTime<int64_t>& c, const SpaceTime<double>& b, const Zones& z, const ScanOptions& o) {
    return Scan(c, b, z, o).status().code();
  };
  EXPECT_EQ(code(counts, {2, 1, {1, 2}}, {{0}}, {}), kBad);
  EXPECT_EQ(code({1, 2, {1, -1}}, baselines, {{0}}, {}), kBad);
  EXPECT_EQ(code(counts, {1, 2, {1, 0}}, {{0}}, {}), kBad);
  EXPECT_EQ(code(counts, {1, 2, {1, std::numeric_limits<double>::infinity()}}, {{0}}, {}), kBad);
  EXPECT_EQ(code(counts, baselines, {{}}, {}), kBad);
  EXPECT_EQ(code(counts, baselines, {{2}}, {}), kBad);
  EXPECT_EQ(code(counts, baselines, {{0}}, {.replicates = -1}), kBad);
  EXPECT_EQ(code(counts, {1, 2, {1, 3}}, {{0}}, {.model = ScanModel::kPopulation}), kBad);
  EXPECT_EQ(PopulationBaselines(counts, {1, 2, {0, 1}}).status().code(), kBad);
  EXPECT_EQ(PopulationBaselines(counts, {1, 1, {1}}).status().code(), kBad);
}

}  // namespace
}  // namespace zaojing::stats
