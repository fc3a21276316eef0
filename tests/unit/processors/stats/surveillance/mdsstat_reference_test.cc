// mds_ts1 (R mdsstat 0.3.2), twelve points, level from the first eleven. This table maps each row of the long
// file:
//   shewhart, xbar: statistic, mu, sigma   Shewhart statistic, MovingRangeLevel
//   shewhart: signal_threshold             Shewhart upper_bound, width 3 (default)
//   shewhart: lcl, ucl                     Shewhart bounds, width 1.959963984540054
//   shewhart: signal TRUE                  alarm
//   cusum: statistic                       Cusum kMovingRange statistic times sigma, k 0.5, h 5; theirs
//   starts at the
//                                          second point
//   cusum: signal_threshold, K             h times sigma, k times sigma
//   ewma: statistic                        Ewma, lambda 0.85, start 0 (theirs always starts at 0)
//   ewma: lcl, ucl, signal_threshold,      no counterpart: the package has (1 - (1 - lambda)) 2 i where the
//   formula has
//     ewma_sigma                             1 - (1 - lambda)^{2 i}; the test shows that this is the whole
//     difference
//   lcl, ucl of cusum, all p               the reference has none (NA)
//   prr_eval1, ror_eval1 (last point)      Prr, Ror of its nA, nB, nC, nD: statistic, lcl, ucl; sigma = exp of the
//   prr_eval12, ror_eval12 (column sums)     standard error of the logarithm; signal = lower bound above 1
//   bcpnn_*: statistic, p                  exp (not 2 to the power) of our IC in bits; p, quantiles, lcl, ucl from its
//                                            deviation, quantiles 5 % and 95 % on the same scale
//   signal_threshold of those              the level or the null value, no figure
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>

#include "processors/stats/disproportionality/bcpnn.h"
#include "processors/stats/disproportionality/prr.h"
#include "processors/stats/disproportionality/ror.h"
#include "processors/stats/surveillance/control_charts.h"
#include "processors/stats/surveillance/count_quantiles.h"
#include "processors/stats/surveillance/cusum.h"
#include "tests/unit/processors/stats/reference_table.h"

namespace zaojing::stats {
namespace {

constexpr double kTolerance = 1e-9;

class MdsstatTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!expected_.found()) GTEST_SKIP() << "no ZAOJING_DATA";
    counts_ = ReferenceTable("timeseries/mds_ts1_input.csv").Counts("nA");
    ASSERT_EQ(counts_.size(), 12u);
  }
  double Value(const std::string& test, const std::string& field, size_t index = 1) const {
    const std::vector<double> indices = expected_.Numbers("idx");
    const std::vector<double> values = expected_.Numbers("value");
    for (size_t i = 0; i < expected_.rows(); ++i) {
      if (expected_.Text("test")[i] == test && expected_.Text("field")[i] == field &&
          indices[i] == static_cast<double>(index)) {
        return values[i];
      }
    }
    ADD_FAILURE() << "no row " << test << ' ' << field << ' ' << index;
    return 0;
  }
  ReferenceTable expected_{"timeseries/mds_ts1_expected.csv"};
  std::vector<int64_t> counts_;
};

// Wrong d2, or the last point in the level, would move mu, sigma and every bound.
TEST_F(MdsstatTest, Shewhart) {
  ChartOptions options{.first = 11};
  const Signals signals = Shewhart({counts_, {}}, options);
  ASSERT_TRUE(signals.ok());
  ASSERT_EQ(signals->size(), 1u);
  const Signal& last = signals->front();
  EXPECT_TRUE(last.alarm);
  for (const char* chart : {"shewhart", "xbar"}) {
    EXPECT_TRUE(Agree(last.statistic, Value(chart, "statistic"), kTolerance));
    EXPECT_TRUE(Agree(last.upper_bound, Value(chart, "signal_threshold"), kTolerance));
    EXPECT_TRUE(Agree(last.expected, Value(chart, "mu"), kTolerance));
    EXPECT_TRUE(Agree(MovingRangeLevel(std::span(counts_).first(11)).sigma, Value(chart, "sigma"), kTolerance));
    options.width = 1.959963984540054;
    const Signals narrow = Shewhart({counts_, {}}, options);
    EXPECT_TRUE(Agree(narrow->front().lower_bound, Value(chart, "lcl"), kTolerance));
    EXPECT_TRUE(Agree(narrow->front().upper_bound, Value(chart, "ucl"), kTolerance));
  }
}

// Wrong k, unit or start would move the sums.
TEST_F(MdsstatTest, Cusum) {
  const CusumOptions options{.first = 1, .k = 0.5, .h = 5, .baseline = 11, .transform = CusumTransform::kMovingRange};
  const Signals signals = Cusum({counts_, {}}, options);
  ASSERT_TRUE(signals.ok());
  ASSERT_EQ(signals->size(), 11u);
  const double sigma = Value("cusum", "sigma");
  EXPECT_TRUE(Agree(options.h * sigma, Value("cusum", "signal_threshold"), kTolerance));
  EXPECT_TRUE(Agree(options.k * sigma, Value("cusum", "K"), kTolerance));
  EXPECT_EQ(Value("cusum", "statistic", 1), 0);
  for (const Signal& signal : *signals) {
    EXPECT_TRUE(Agree(signal.statistic * sigma, Value("cusum", "statistic", signal.index + 1), kTolerance));
    EXPECT_FALSE(signal.alarm);
  }
}

// Wrong smoothing or start would move the statistic. The bounds differ from the package's by the misplaced
// power alone.
TEST_F(MdsstatTest, EwmaAndTheReasonItsBoundsDiffer) {
  const ChartOptions options{.first = 0, .baseline = 11, .start = 0};
  const Signals signals = Ewma({counts_, {}}, options);
  ASSERT_TRUE(signals.ok());
  ASSERT_EQ(signals->size(), 12u);
  for (const Signal& signal : *signals) {
    EXPECT_TRUE(Agree(signal.statistic, Value("ewma", "statistic", signal.index + 1), kTolerance));
  }
  const double lambda = 0.85;
  const double sigma = Value("ewma", "sigma");
  const double theirs = std::sqrt(lambda / (2 - lambda) * (1 - (1 - lambda)) * 24);
  const double ours = std::sqrt(lambda / (2 - lambda) * (1 - std::pow(1 - lambda, 24)));
  EXPECT_TRUE(Agree(sigma * theirs, Value("ewma", "ewma_sigma"), kTolerance));
  EXPECT_TRUE(Agree(signals->back().expected + 3 * sigma * theirs, Value("ewma", "ucl", 12), kTolerance));
  EXPECT_TRUE(Agree(signals->back().upper_bound, signals->back().expected + 3 * sigma * ours, kTolerance));
  EXPECT_TRUE(signals->back().alarm);  // the package's threshold hides it
}

// The package's disproportionality of the same table: of its last row, and of the sums of all twelve.
TEST_F(MdsstatTest, Disproportionality) {
  const ReferenceTable input("timeseries/mds_ts1_input.csv");
  std::array<std::vector<int64_t>, 4> cells = {input.Counts("nA"), input.Counts("nB"), input.Counts("nC"),
                                               input.Counts("nD")};
  for (const size_t steps : {size_t{1}, size_t{12}}) {
    std::array<int64_t, 4> n = {0, 0, 0, 0};
    for (size_t i = 0; i < 4; ++i) {
      n[i] = std::accumulate(cells[i].end() - static_cast<std::ptrdiff_t>(steps), cells[i].end(), int64_t{0});
    }
    const TwoByTwo table{n[0], n[0] + n[1], n[0] + n[2], n[0] + n[1] + n[2] + n[3]};
    const std::string suffix = "_eval" + std::to_string(steps);
    for (const auto& [name, ours] : {std::pair<std::string, Interval>{"prr", Prr(table)}, {"ror", Ror(table)}}) {
      SCOPED_TRACE(name + suffix);
      EXPECT_TRUE(Agree(ours.value, Value(name + suffix, "statistic"), kTolerance));
      EXPECT_TRUE(Agree(ours.low, Value(name + suffix, "lcl"), kTolerance));
      EXPECT_TRUE(Agree(ours.high, Value(name + suffix, "ucl"), kTolerance));
      const double error = std::log(ours.high / ours.low) / (2 * kNormal975);
      EXPECT_TRUE(Agree(std::exp(error), Value(name + suffix, "sigma"), kTolerance));
    }
    const BcpnnFigures bits = Bcpnn(table);
    const double deviation = (bits.value - bits.low) / kNormal975;
    const double z95 = NormalQuantile(0.95);
    const std::string bcpnn = "bcpnn" + suffix;
    EXPECT_TRUE(Agree(std::exp(bits.value), Value(bcpnn, "statistic"), kTolerance));
    EXPECT_TRUE(Agree(NormalCdf(-bits.value / deviation), Value(bcpnn, "p"), kTolerance));
    EXPECT_TRUE(Agree(std::exp(bits.value - z95 * deviation), Value(bcpnn, "lcl"), kTolerance));
    EXPECT_TRUE(Agree(std::exp(bits.value + z95 * deviation), Value(bcpnn, "ucl"), kTolerance));
  }
}

}  // namespace
}  // namespace zaojing::stats
