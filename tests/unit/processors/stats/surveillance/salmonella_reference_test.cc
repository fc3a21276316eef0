// Every column of salmonella_agona_expected.csv (R surveillance 1.20.3) over the whole file. This table maps
// each reference column to ours; `idx`, `observed` and `state` are inputs.
//   column                    ours                               parameters
//   ears_C1, ears_C2          Ears kC1, kC2                      baseline 7, alpha 0.001, min_sigma 0
//   (defaults) ears_C1_a01_ms05          Ears kC1                           alpha 0.01, min_sigma 0.5
//   ears_C3_stat, _doc_ub,    Ears kC3 statistic, upper_bound,   baseline 7, alpha 0.025
//     _doc_alarm                alarm
//   ears_C3_Rcode             none: the package's bound is wrong (ears.h)
//   farrington_b4w3_a01       Farrington                         b 4, w 3, alpha 0.01, rest default
//   ff_delta_p1               FarringtonFlexible kDelta          b 4, w 3, alpha 0.01, weights_threshold 1
//   ff_nbPlugin_p10           FarringtonFlexible kNbPlugin       b 4, w 3, alpha 0.01, 10 periods, 26 steps
//   excluded,
//                                                                trend_significance 1
//   ff_muan_p10               FarringtonFlexible kMuan           the same
//   cusum_k104_h226           Cusum upper_bound                  defaults (k 1.04, h 2.26, standard)
//   glrpois_c5                LikelihoodRatioChart statistic     threshold 5, one harmonic, no trend
//   (defaults) bayes_b4w3                Bayes                              b 4, w 3, alpha 0.05
#include <gtest/gtest.h>

#include <functional>

#include "processors/stats/surveillance/bayes.h"
#include "processors/stats/surveillance/cusum.h"
#include "processors/stats/surveillance/ears.h"
#include "processors/stats/surveillance/farrington.h"
#include "processors/stats/surveillance/farrington_flexible.h"
#include "processors/stats/surveillance/likelihood_ratio.h"
#include "tests/unit/processors/stats/reference_table.h"

namespace zaojing::stats {
namespace {

constexpr size_t kLastYear = 260;  // index of the first of the last 52 rows

Signals EarsColumn(const Series& series, EarsMethod method, std::optional<double> alpha, double min_sigma) {
  EarsOptions options{.method = method, .min_sigma = min_sigma, .alpha = alpha, .first = 19};
  return Ears(series, options);
}

Signals FarringtonColumn(const Series& series) {
  FarringtonOptions options{.years_back = 4, .alpha = 0.01, .first = kLastYear};
  return Farrington(series, options);
}

Signals FlexibleColumn(const Series& series, ThresholdMethod threshold) {
  FarringtonFlexibleOptions options{.years_back = 4, .alpha = 0.01, .threshold = threshold, .first = kLastYear};
  if (threshold == ThresholdMethod::kDelta) {
    options.weights_threshold = 1;
  } else {
    options.periods = 10;
    options.past_excluded = 26;
    options.trend_significance = 1;
  }
  return FarringtonFlexible(series, options);
}

struct Column {
  const char* name;  // before _ub and _alarm
  size_t first;
  size_t alarms;
  std::function<Signals(const Series&)> run;
  bool statistic = false;  // the reference's _ub is our statistic
};

std::vector<Column> Columns() {
  return {
      {"ears_C1", 19, 16, [](const Series& s) { return EarsColumn(s, EarsMethod::kC1, {}, 0); }},
      {"ears_C2", 19, 20, [](const Series& s) { return EarsColumn(s, EarsMethod::kC2, {}, 0); }},
      {"ears_C1_a01_ms05", 19, 26, [](const Series& s) { return EarsColumn(s, EarsMethod::kC1, 0.01, 0.5); }},
      {"ears_C3_doc", 19, 60, [](const Series& s) { return EarsColumn(s, EarsMethod::kC3, {}, 0); }},
      {"farrington_b4w3_a01", kLastYear, 5, FarringtonColumn},
      {"ff_delta_p1", kLastYear, 6, [](const Series& s) { return FlexibleColumn(s, ThresholdMethod::kDelta); }},
      {"ff_nbPlugin_p10", kLastYear, 3, [](const Series& s) { return FlexibleColumn(s, ThresholdMethod::kNbPlugin); }},
      {"ff_muan_p10", kLastYear, 3, [](const Series& s) { return FlexibleColumn(s, ThresholdMethod::kMuan); }},
      {"cusum_k104_h226", kLastYear, 12, [](const Series& s) { return Cusum(s, {.first = kLastYear}); }},
      {"glrpois_c5", kLastYear, 2, [](const Series& s) { return LikelihoodRatioChart(s, {.first = kLastYear}); }, true},
      {"bayes_b4w3", kLastYear, 4,
       [](const Series& s) { return Bayes(s, {.years_back = 4, .half_window = 3, .first = kLastYear}); }},
  };
}

class SalmonellaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!expected_.found()) GTEST_SKIP() << "no ZAOJING_DATA";
    counts_ = expected_.Counts("observed");
    ASSERT_EQ(counts_.size(), 312u);
  }
  ReferenceTable expected_{"timeseries/salmonella_agona_expected.csv"};
  std::vector<int64_t> counts_;
};

// A wrong formula, window, lag, quantile or fit would move at least one bound or alarm of the file.
TEST_F(SalmonellaTest, EveryColumnOfTheWholeFileIsReproduced) {
  for (const Column& column : Columns()) {
    SCOPED_TRACE(column.name);
    const std::string name = column.name;
    const std::vector<double> bounds = expected_.Numbers(name + "_ub");
    const std::vector<double> alarms = expected_.Numbers(name + "_alarm");
    const Signals signals = column.run({counts_, {}});
    ASSERT_TRUE(signals.ok()) << signals.status();
    ASSERT_EQ(signals->size(), 312 - column.first);
    size_t raised = 0;
    for (const Signal& signal : *signals) {
      const double ours = column.statistic ? signal.statistic : signal.upper_bound;
      EXPECT_TRUE(Agree(ours, bounds[signal.index], 1e-9))
          << signal.index << ": " << ours << " for " << bounds[signal.index];
      EXPECT_EQ(signal.alarm, alarms[signal.index] == 1) << signal.index;
      raised += signal.alarm;
    }
    EXPECT_EQ(raised, column.alarms);
  }
}

// The rows without a reference are the rows that we do not judge either: nothing is compared with a blank by
// mistake.
TEST_F(SalmonellaTest, ColumnsBeginWhereTheFileSays) {
  for (const Column& column : Columns()) {
    const std::vector<double> bounds = expected_.Numbers(std::string(column.name) + "_ub");
    EXPECT_TRUE(std::isnan(bounds[column.first - 1])) << column.name;
    EXPECT_FALSE(std::isnan(bounds[column.first])) << column.name;
  }
}

// C3 has a statistic of its own in the file: today's term must be in it (the package's bound leaves it out).
TEST_F(SalmonellaTest, C3StatisticIsTheDocumentedSum) {
  const std::vector<double> statistic = expected_.Numbers("ears_C3_stat");
  const Signals signals = EarsColumn({counts_, {}}, EarsMethod::kC3, {}, 0);
  ASSERT_TRUE(signals.ok());
  for (const Signal& signal : *signals) {
    // The file prints 12 digits.
    EXPECT_TRUE(Agree(signal.statistic, statistic[signal.index], 1e-10)) << signal.index;
  }
}

// The series in the file of expected values must be the series as published, or the comparison proves
// nothing.
TEST_F(SalmonellaTest, TheSeriesIsThePublishedOne) {
  const ReferenceTable published("timeseries/salmonella.agona.txt");
  EXPECT_EQ(published.names(), (std::vector<std::string>{"week", "observed", "state"}));
  EXPECT_EQ(published.Counts("observed"), counts_);
}

}  // namespace
}  // namespace zaojing::stats
