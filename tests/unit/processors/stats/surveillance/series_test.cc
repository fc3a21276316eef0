#include "processors/stats/surveillance/series.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "processors/stats/surveillance/bayes.h"
#include "processors/stats/surveillance/control_charts.h"
#include "processors/stats/surveillance/cusum.h"
#include "processors/stats/surveillance/ears.h"
#include "processors/stats/surveillance/farrington.h"
#include "processors/stats/surveillance/farrington_flexible.h"
#include "processors/stats/surveillance/likelihood_ratio.h"
#include "proto/limits.h"

namespace zaojing::stats {
namespace {

struct Method {
  const char* name;
  std::function<Signals(const Series&)> run;
};

std::vector<Method> Methods() {
  return {
      {"c1", [](const Series& s) { return Ears(s, {.method = EarsMethod::kC1}); }},
      {"c2", [](const Series& s) { return Ears(s, {.method = EarsMethod::kC2}); }},
      {"c3", [](const Series& s) { return Ears(s, {.method = EarsMethod::kC3}); }},
      {"farrington", [](const Series& s) { return Farrington(s, {}); }},
      {"flexible", [](const Series& s) { return FarringtonFlexible(s, {}); }},
      {"flexible, plug-in",
       [](const Series& s) { return FarringtonFlexible(s, {.periods = 10, .threshold = ThresholdMethod::kNbPlugin}); }},
      {"flexible, muan",
       [](const Series& s) { return FarringtonFlexible(s, {.periods = 10, .threshold = ThresholdMethod::kMuan}); }},
      {"cusum", [](const Series& s) { return Cusum(s, {}); }},
      {"glr", [](const Series& s) { return LikelihoodRatioChart(s, {}); }},
      {"nbcusum", [](const Series& s) { return LikelihoodRatioChart(s, {.baseline = {.alpha = {}}}); }},
      {"bayes", [](const Series& s) { return Bayes(s, {}); }},
      {"ewma", [](const Series& s) { return Ewma(s, {}); }},
      {"shewhart", [](const Series& s) { return Shewhart(s, {}); }},
  };
}

// Reading before the first point, or dividing by an empty baseline, would crash or invent a signal.
TEST(SeriesTest, EmptyAndSingleRowSeriesHaveNoSignals) {
  const std::vector<int64_t> one = {3};
  for (const Method& method : Methods()) {
    for (const Series& series : {Series{}, Series{one, {}}}) {
      const Signals signals = method.run(series);
      ASSERT_TRUE(signals.ok()) << method.name << signals.status();
      EXPECT_TRUE(signals->empty()) << method.name;
    }
  }
}

// Nothing ever happens: no method may alarm or fail, and expected must be near 0 or undefined, not a NaN by
// accident.
TEST(SeriesTest, AllZeroSeriesNeverAlarms) {
  const std::vector<int64_t> zeros(320, 0);
  for (const Method& method : Methods()) {
    const Signals signals = method.run({zeros, {}});
    ASSERT_TRUE(signals.ok()) << method.name << signals.status();
    EXPECT_FALSE(signals->empty()) << method.name;
    for (const Signal& signal : *signals) {
      EXPECT_FALSE(signal.alarm) << method.name << signal.index;
      if (!std::isnan(signal.expected)) {
        EXPECT_LT(signal.expected, 0.1) << method.name;
      }
    }
  }
}

// A first event after silence: zero deviation or mean must not hide it where the method promises an infinite
// score.
TEST(SeriesTest, FirstEventAfterSilence) {
  std::vector<int64_t> counts(320, 0);
  counts.back() = 40;
  for (const Method& method : Methods()) {
    const Signals signals = method.run({counts, {}});
    ASSERT_TRUE(signals.ok()) << method.name << signals.status();
    EXPECT_TRUE(signals->back().alarm) << method.name;
    EXPECT_FALSE(std::isnan(signals->back().statistic)) << method.name;
  }
}

// The largest legal counts: sums of squares must not overflow into a negative variance.
TEST(SeriesTest, LargestCounts) {
  std::vector<int64_t> counts(320);
  for (size_t t = 0; t < counts.size(); ++t) counts[t] = limits::kSeriesCountMax - static_cast<int64_t>(t % 7) * 1000;
  for (const Method& method : Methods()) {
    const Signals signals = method.run({counts, {}});
    ASSERT_TRUE(signals.ok()) << method.name << signals.status();
    for (const Signal& signal : *signals) EXPECT_TRUE(std::isfinite(signal.expected)) << method.name;
  }
}

// Bad input must be refused as such by every method, not judged.
TEST(SeriesTest, BadCountsAndPopulationsAreRefused) {
  const std::vector<int64_t> negative = {1, 2, -1};
  const std::vector<int64_t> huge = {1, 2, limits::kSeriesCountMax + 1};
  const std::vector<int64_t> fine = {1, 2, 3};
  const std::vector<double> zero = {1, 0, 1};
  const std::vector<double> infinite = {1, 1, std::numeric_limits<double>::infinity()};
  const std::vector<double> brief = {1, 1};
  for (const Method& method : Methods()) {
    for (const Series& series :
         {Series{negative, {}}, Series{huge, {}}, Series{fine, zero}, Series{fine, infinite}, Series{fine, brief}}) {
      EXPECT_EQ(method.run(series).status().code(), absl::StatusCode::kInvalidArgument) << method.name;
    }
  }
}

}  // namespace
}  // namespace zaojing::stats
