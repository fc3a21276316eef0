// New Mexico brain cancer 1986-1989, all 415 zones by 4 durations, against R scanstatistics 1.1.2.
//   nm_eb_poisson_expected: zone (from 1) = zone + 1, duration, score, relrisk = risk_inside; baselines given
//   nm_pb_poisson_expected: the same with relrisk_in, relrisk_out = risk_inside, risk_outside; population
//   from nm_popcas
// Rows of equal score (0) may come in another order; they are compared by zone and duration.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "processors/stats/scan/scan.h"
#include "tests/unit/processors/stats/reference_table.h"

namespace zaojing::stats {
namespace {

constexpr double kTolerance = 1e-9;

class NewMexicoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const ReferenceTable counts("spacetime/nm_counts_1986_1989.csv");
    if (!counts.found()) GTEST_SKIP() << "no ZAOJING_DATA";
    const ReferenceTable baselines("spacetime/nm_baselines_1986_1989.csv");
    locations_.assign(counts.names().begin() + 1, counts.names().end());
    counts_ = {counts.rows(), locations_.size(), std::vector<int64_t>(counts.rows() * locations_.size())};
    baselines_ = {counts.rows(), locations_.size(), std::vector<double>(counts.rows() * locations_.size())};
    population_ = baselines_;
    for (size_t l = 0; l < locations_.size(); ++l) {
      for (size_t step = 0; step < counts.rows(); ++step) {
        counts_.cells[step * locations_.size() + l] = counts.Counts(locations_[l])[step];
        baselines_.cells[step * locations_.size() + l] = baselines.Numbers(locations_[l])[step];
      }
    }
    ReadPopulation(counts.Counts("year"));
    const ReferenceTable zones("spacetime/nm_zones.csv");
    const std::vector<int64_t> zone = zones.Counts("zone");
    const std::vector<int64_t> location = zones.Counts("location");
    for (size_t i = 0; i < zones.rows(); ++i) {
      zones_.resize(static_cast<size_t>(zone[i]));
      zones_.back().push_back(static_cast<uint32_t>(location[i] - 1));
    }
    ASSERT_EQ(zones_.size(), 415u);
  }

  void ReadPopulation(const std::vector<int64_t>& years) {
    const ReferenceTable table("spacetime/nm_popcas.csv");
    std::map<std::string, size_t> column;
    for (size_t l = 0; l < locations_.size(); ++l) column[locations_[l]] = l;
    const std::vector<int64_t> year = table.Counts("year");
    const std::vector<double> population = table.Numbers("population");
    for (size_t i = 0; i < table.rows(); ++i) {
      if (year[i] < years.front() || year[i] > years.back()) continue;
      const size_t step = static_cast<size_t>(year[i] - years.front());
      population_.cells[step * locations_.size() + column.at(table.Text("county")[i])] = population[i];
    }
  }

  // Every row of the file against the cluster of that zone and duration.
  void CompareAll(const std::string& file, const std::vector<Cluster>& ours, const std::string& inside,
                  const std::string& outside) {
    const ReferenceTable expected("spacetime/" + file);
    ASSERT_EQ(expected.rows(), 1660u);
    ASSERT_EQ(ours.size(), 1660u);
    std::map<std::pair<size_t, size_t>, Cluster> by_place;
    for (const Cluster& cluster : ours) by_place[{cluster.zone + 1, cluster.duration}] = cluster;
    const std::vector<double> score = expected.Numbers("score");
    const std::vector<double> risk = expected.Numbers(inside);
    const std::vector<double> rest = outside.empty() ? risk : expected.Numbers(outside);
    for (size_t i = 0; i < expected.rows(); ++i) {
      const size_t zone = static_cast<size_t>(expected.Counts("zone")[i]);
      const size_t duration = static_cast<size_t>(expected.Counts("duration")[i]);
      const Cluster& cluster = by_place.at({zone, duration});
      EXPECT_TRUE(Agree(cluster.score, score[i], kTolerance)) << zone << ' ' << duration << ' ' << cluster.score;
      EXPECT_TRUE(Agree(cluster.risk_inside, risk[i], kTolerance)) << zone << ' ' << duration;
      if (!outside.empty()) {
        EXPECT_TRUE(Agree(cluster.risk_outside, rest[i], kTolerance)) << zone << ' ' << duration;
      }
      // Best first, as the file.
      EXPECT_TRUE(Agree(ours[i].score, score[i], kTolerance)) << i;
    }
  }

  std::vector<std::string> locations_;
  SpaceTime<int64_t> counts_;
  SpaceTime<double> baselines_;
  SpaceTime<double> population_;
  Zones zones_;
};

// A zone summed wrongly, time reversed or a wrong score would change most of the 1,660 rows.
TEST_F(NewMexicoTest, ExpectationBased) {
  const auto result = Scan(counts_, baselines_, zones_, {.replicates = 999, .seed = 1});
  ASSERT_TRUE(result.ok()) << result.status();
  const Cluster& best = result->clusters.front();
  EXPECT_EQ(best.zone + 1, 193u);
  EXPECT_EQ(zones_[best.zone], (std::vector<uint32_t>{14, 25}));  // {15, 26}: losalamos, santafe
  EXPECT_EQ(locations_[14], "losalamos");
  EXPECT_EQ(locations_[25], "santafe");
  EXPECT_EQ(best.duration, 4u);
  EXPECT_NEAR(best.score, 9.180617, 5e-7);
  EXPECT_NEAR(best.risk_inside, 2.081465, 5e-7);
  ASSERT_TRUE(result->p_value.has_value());
  EXPECT_LE(*result->p_value, 0.01);
  CompareAll("nm_eb_poisson_expected.csv", result->clusters, "relrisk", "");
}

TEST_F(NewMexicoTest, PopulationBased) {
  const auto baselines = PopulationBaselines(counts_, population_);
  ASSERT_TRUE(baselines.ok()) << baselines.status();
  const auto result = Scan(counts_, *baselines, zones_, {.model = ScanModel::kPopulation, .replicates = 99});
  ASSERT_TRUE(result.ok()) << result.status();
  const Cluster& best = result->clusters.front();
  EXPECT_EQ(best.zone + 1, 396u);
  EXPECT_EQ(best.duration, 4u);
  EXPECT_NEAR(best.score, 7.464043, 5e-7);
  EXPECT_TRUE(result->p_value.has_value());
  CompareAll("nm_pb_poisson_expected.csv", result->clusters, "relrisk_in", "relrisk_out");
}

}  // namespace
}  // namespace zaojing::stats
