// Parameters that the reference file does not vary, on the same series: figures of R surveillance 1.20.3 at
// rows 261, 270, 280, 297 and 312, the sum over the last 52 rows and the number of alarms.
#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "processors/stats/surveillance/bayes.h"
#include "processors/stats/surveillance/cusum.h"
#include "processors/stats/surveillance/farrington.h"
#include "processors/stats/surveillance/farrington_flexible.h"
#include "processors/stats/surveillance/likelihood_ratio.h"
#include "tests/unit/processors/stats/reference_table.h"

namespace zaojing::stats {
namespace {

constexpr size_t kLastYear = 260;
constexpr double kNone = kUndefined;
constexpr std::array<size_t, 5> kRows = {0, 9, 19, 36, 51};

struct Expected {
  std::array<double, 5> at;
  double sum;
  size_t alarms;
};

class SalmonellaVariantsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const ReferenceTable table("timeseries/salmonella.agona.txt");
    if (!table.found()) GTEST_SKIP() << "no ZAOJING_DATA";
    counts_ = table.Counts("observed");
    for (size_t t = 1; t <= counts_.size(); ++t) population_.push_back(1000 + 3 * static_cast<double>(t));
  }

  void Check(const char* name, const Signals& signals, double Signal::*figure, const Expected& expected,
             double relative = 1e-9) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(signals.ok()) << signals.status();
    ASSERT_EQ(signals->size(), 52u);
    double sum = 0;
    size_t alarms = 0;
    for (const Signal& signal : *signals) {
      if (!std::isnan(signal.*figure)) sum += signal.*figure;
      alarms += signal.alarm;
    }
    for (size_t i = 0; i < kRows.size(); ++i) {
      EXPECT_TRUE(Agree((*signals)[kRows[i]].*figure, expected.at[i], relative))
          << kRows[i] << ": " << (*signals)[kRows[i]].*figure << " for " << expected.at[i];
    }
    EXPECT_TRUE(Agree(sum, expected.sum, relative)) << sum;
    EXPECT_EQ(alarms, expected.alarms);
  }

  Series series() const { return {counts_, {}}; }
  std::vector<int64_t> counts_;
  std::vector<double> population_;
};

// The three power transforms and the trend decision; a swapped exponent or a trend kept wrongly shows in the
// sums.
TEST_F(SalmonellaVariantsTest, FarringtonTransformsAndTrend) {
  FarringtonOptions options{.years_back = 4, .first = kLastYear};
  const auto run = [&](PowerTransform power, bool trend) {
    options.power = power;
    options.trend = trend;
    return Farrington(series(), options);
  };
  double Signal::*const bound = &Signal::upper_bound;
  Check("none, trend", run(PowerTransform::kNone, true), bound,
        {{3.49982136304, 0, 0, 8.74169378697, 13.4308324808}, 236.07489709, 11});
  Check("none", run(PowerTransform::kNone, false), bound,
        {{3.49982136304, 0, 0, 8.74169378697, 5.41044409076}, 282.335200308, 6});
  Check("1/2, trend", run(PowerTransform::kHalf, true), bound,
        {{4.61114085365, 0, 0, 9.82264674804, 15.1339493718}, 293.295638642, 6});
  Check("1/2", run(PowerTransform::kHalf, false), bound,
        {{4.61114085365, 0, 0, 9.82264674804, 6.93457941589}, 343.508567639, 3});
  Check("2/3, trend", run(PowerTransform::kTwoThirds, true), bound,
        {{4.12979159272, 0, 0, 9.39781500652, 14.463187637}, 268.917593374, 8});
  Check("2/3", run(PowerTransform::kTwoThirds, false), bound,
        {{4.12979159272, 0, 0, 9.39781500652, 6.28395121526}, 317.935215001, 5});
}

// Windows cut at the beginning of the series, no reweighting, no rule of few cases, population offset,
// default range.
TEST_F(SalmonellaVariantsTest, FarringtonOptions) {
  double Signal::*const bound = &Signal::upper_bound;
  FarringtonOptions cut{.years_back = 5, .half_window = 2, .reweight = false, .cases_min = 0, .first = kLastYear};
  Check("cut windows", Farrington(series(), cut), bound,
        {{6.087582697, 7.18810849976, 3.35771617965, 10.8107760925, 7.08027043632}, 422.328242654, 4});
  FarringtonOptions offset{.years_back = 4, .population_offset = true, .first = kLastYear};
  Check("population", Farrington({counts_, population_}, offset), bound,
        {{4.78884533874, 0, 0, 11.2784658599, 14.2817817663}, 281.222479172, 7});
  const Signals defaults = Farrington(series(), {});
  ASSERT_TRUE(defaults.ok());
  ASSERT_EQ(defaults->size(), 56u);  // rows 257 to 312
  EXPECT_EQ(defaults->front().index, 256u);
  EXPECT_TRUE(Agree((*defaults)[0].upper_bound, 6.010140069, 1e-9));
  EXPECT_TRUE(Agree((*defaults)[3].upper_bound, 5.00495460636, 1e-9));
}

// Seasonal groups, thresholds, offset and trend rules of the flexible method, bounds and predictions.
TEST_F(SalmonellaVariantsTest, FarringtonFlexibleOptions) {
  double Signal::*const bound = &Signal::upper_bound;
  double Signal::*const mean = &Signal::expected;
  const zaojing::stats::FarringtonFlexibleOptions base{.years_back = 4, .first = kLastYear};
  auto options = base;
  const Signals plain = FarringtonFlexible(series(), options);
  Check("default", plain, bound, {{4.40693942814, kNone, kNone, 8.0679999116, 12.318233524}, 255.914730854, 8});
  Check("default", plain, mean, {{1.39285714289, kNone, kNone, 3.58114255987, 6.23270998976}, 94.9003206931, 8});
  options.periods = 10;
  const Signals ten = FarringtonFlexible(series(), options);
  Check("10 periods", ten, bound, {{3.39681307785, kNone, kNone, 9.9740012396, 6.81742817169}, 290.88447406, 6});
  Check("10 periods", ten, mean, {{0.822100607981, kNone, kNone, 4.92857142857, 3.07483182484}, 123.142092424, 6});
  options.threshold = ThresholdMethod::kNbPlugin;
  Check("plug-in", FarringtonFlexible(series(), options), bound, {{3, kNone, kNone, 10, 7}, 280, 6});
  options = base;
  options.periods = 7;
  options.threshold = ThresholdMethod::kMuan;
  options.trend_significance = 1;
  options.past_excluded = 26;
  const Signals muan = FarringtonFlexible(series(), options);
  Check("muan", muan, bound, {{3, kNone, kNone, 11, 8}, 301, 6});
  Check("muan", muan, mean, {{0.628045804951, kNone, kNone, 4.64851224847, 3.17073742246}, 111.264169464, 6});
  options = base;
  options.periods = 10;
  options.population_offset = true;
  Check("population", FarringtonFlexible({counts_, population_}, options), bound,
        {{3.38244902913, kNone, kNone, 10.2146444894, 6.44514714391}, 291.279642143, 6});
  options = base;
  options.reweight = false;
  options.power = PowerTransform::kHalf;
  Check("unweighted", FarringtonFlexible(series(), options), bound,
        {{4.8740278329, kNone, kNone, 10.8949803666, 13.2383094195}, 307.856393159, 6});
}

// Defaults with no row named begin where R begins.
TEST_F(SalmonellaVariantsTest, FarringtonFlexibleDefaultRange) {
  const Signals signals = FarringtonFlexible(series(), {});
  ASSERT_TRUE(signals.ok());
  ASSERT_EQ(signals->size(), 49u);
  EXPECT_TRUE(Agree((*signals)[0].upper_bound, 4.89265311732, 1e-9));
  EXPECT_TRUE(Agree((*signals)[19].upper_bound, 5.72220450026, 1e-9));
  EXPECT_TRUE(Agree((*signals)[48].upper_bound, 10.6688976176, 1e-9));
}

// Each transform of the CUSUM, its statistic and (where R's is right) its bound.
TEST_F(SalmonellaVariantsTest, CusumTransforms) {
  double Signal::*const sum = &Signal::statistic;
  double Signal::*const bound = &Signal::upper_bound;
  const auto run = [&](CusumTransform transform) {
    return Cusum(series(), {.first = kLastYear, .transform = transform});
  };
  const Signals rossi = run(CusumTransform::kRossi);
  Check("rossi", rossi, sum, {{0, 0, 0, 3.81570394991, 0}, 36.8557516215, 8});
  Check("rossi", rossi, bound,
        {{9.31471216029, 9.31471216029, 9.31471216029, 0.726604689462, 9.31471216029}, 411.735611292, 8});
  const Signals anscombe = run(CusumTransform::kAnscombe);
  Check("anscombe", anscombe, sum, {{0, 0, 0, 3.29793491996, 0}, 31.2451610667, 5});
  Check("anscombe", anscombe, bound,
        {{9.91521126424, 9.91521126424, 9.91521126424, 1.40976419867, 9.91521126424}, 446.138978788, 5});
  Check("second order", run(CusumTransform::kAnscombe2nd), sum, {{0, 0, 0, 3.8926966341, 0}, 38.2576493236, 8});
  const Signals pearson = run(CusumTransform::kPearsonNegBin);
  Check("pearson", pearson, sum, {{0, 0, 0, 3.75801100068, 0}, 36.6937631671, 8});
  Check("pearson", pearson, bound,
        {{9.11086526029, 9.11086526029, 9.11086526029, 0.14745014597, 9.11086526029}, 403.891815889, 8});
  const CusumOptions raw{.first = kLastYear, .k = 3, .h = 8, .transform = CusumTransform::kNone};
  Check("none", Cusum(series(), raw), sum, {{1, 7, 0, 29, 23}, 725, 33});
  Check("seasonal", Cusum(series(), {.first = kLastYear, .seasonal = true}), sum,
        {{0.625755046573, 7.63987810942, 0, 0, 0.470583732943}, 114.547454018, 13});
}

// Poisson and negative binomial charts, known and unknown shift, dispersion given and estimated, window.
TEST_F(SalmonellaVariantsTest, LikelihoodRatioCharts) {
  double Signal::*const value = &Signal::statistic;
  double Signal::*const bound = &Signal::upper_bound;
  LikelihoodRatioOptions options{.first = kLastYear};
  Check("GLR-Poisson cases", LikelihoodRatioChart(series(), options), bound, {{8, 7, 9, 13, 8}, 507, 2});
  options.theta = 0.7;
  Check("Poisson CUSUM", LikelihoodRatioChart(series(), options), value,
        {{0.99701449132, 0, 0, 0, 0.862203739517}, 31.9291432619, 2});
  options.theta.reset();
  options.baseline.alpha.reset();
  // R alternates mean and dispersion to 1e-8 only; so the last digits of its dispersion are its own.
  Check("negative binomial GLR, estimated", LikelihoodRatioChart(series(), options), value,
        {{0.614299283396, 0.14775050391, 0, 0.687118072383, 0.511465591238}, 31.0624720824, 2}, 1e-6);
  options.threshold = 3;
  options.baseline = {.harmonics = 2, .trend = true, .alpha = 0.2};
  Check("negative binomial GLR, alpha 0.2", LikelihoodRatioChart(series(), options), value,
        {{0.960326727008, 0.340215459164, 0, 1.18036557381, 0.992598257112}, 47.6160527005, 3}, 1e-6);
  const SeasonalBaseline flat{.mean = std::vector<double>(52, 2.5), .alpha = 0.2};
  options.theta = 0.7;
  Check("negative binomial CUSUM", LikelihoodRatioChart(series(), options, flat), value,
        {{0.179970829281, 0, 0, 0.76882730626, 0.179970829281}, 41.5151459307, 3});
  // R gives the crossing point, ours the first whole count beyond it.
  Check("negative binomial CUSUM cases", LikelihoodRatioChart(series(), options, flat), bound,
        {{11, 11, 11, 9, 11}, 513, 3});
  options.theta.reset();
  options.window = 8;
  options.steps_min = 2;
  Check("negative binomial GLR, window", LikelihoodRatioChart(series(), options, flat), value,
        {{0, 0, 0, 0, 0}, 41.2834348069, 4}, 1e-6);
}

// The dispersion estimated with the coefficients is the maximum likelihood one.
TEST_F(SalmonellaVariantsTest, DispersionIsTheMaximumLikelihoodOne) {
  SeasonalOptions options;
  options.alpha.reset();
  const auto baseline = FitSeasonalBaseline(counts_, kLastYear, options);
  ASSERT_TRUE(baseline.ok());
  EXPECT_TRUE(Agree(baseline->alpha, 0.257140711032, 1e-6)) << baseline->alpha;
  EXPECT_TRUE(Agree(baseline->mean[36], 4.87826664531, 1e-6)) << baseline->mean[36];
}

// With and without recent weeks and years back: the sets of reference values.
TEST_F(SalmonellaVariantsTest, BayesReferenceValues) {
  double Signal::*const bound = &Signal::upper_bound;
  Check("0, 6", Bayes(series(), {.first = kLastYear}), bound, {{7, 7, 2, 11, 4}, 347, 4});
  Check("1, 6", Bayes(series(), {.years_back = 1, .first = kLastYear}), bound, {{4, 5, 4, 9, 7}, 316, 6});
  Check("2, 3", Bayes(series(), {.years_back = 2, .half_window = 3, .recent = false, .first = kLastYear}), bound,
        {{4, 4, 4, 9, 6}, 283, 5});
}

}  // namespace
}  // namespace zaojing::stats
