// What does a judged point, a streamed event, a critical value and a scan replicate cost? The series is a
// fixed weekly one with season and overdispersion, made here. Figures and machine: surveillance.md beside
// this file.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "processors/stats/scan/scan.h"
#include "processors/stats/sequential/max_sprt.h"
#include "processors/stats/sliding/ears_stream.h"
#include "processors/stats/sliding/surge.h"
#include "processors/stats/sliding/window_counts.h"
#include "processors/stats/surveillance/bayes.h"
#include "processors/stats/surveillance/cusum.h"
#include "processors/stats/surveillance/ears.h"
#include "processors/stats/surveillance/farrington.h"
#include "processors/stats/surveillance/farrington_flexible.h"
#include "processors/stats/surveillance/likelihood_ratio.h"

namespace zaojing::stats {
namespace {

std::vector<int64_t> WeeklySeries(size_t points) {
  std::vector<int64_t> counts;
  uint64_t state = 42;
  for (size_t t = 0; t < points; ++t) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double season = 4 + 3 * std::sin(static_cast<double>(t) / 52 * 6.283185307179586);
    counts.push_back(static_cast<int64_t>(season * static_cast<double>(state >> 40) / 8388608.0));
  }
  return counts;
}

template <typename Run>
void JudgePoints(benchmark::State& state, const Run& run) {
  const std::vector<int64_t> counts = WeeklySeries(static_cast<size_t>(state.range(0)));
  size_t judged = 0;
  for (auto _ : state) {
    const Signals signals = run(Series{counts, {}});
    judged += signals->size();
    benchmark::DoNotOptimize(signals->data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(judged));
}

void TimeEarsC1(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return Ears(series, {}); });
}
void TimeEarsC3(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return Ears(series, {.method = EarsMethod::kC3}); });
}
void TimeFarrington(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return Farrington(series, {}); });
}
void TimeFarringtonFlexible(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return FarringtonFlexible(series, {}); });
}
void TimeFarringtonFlexibleTenPeriods(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) {
    return FarringtonFlexible(series, {.periods = 10, .past_excluded = 26, .threshold = ThresholdMethod::kMuan});
  });
}
void TimeCusum(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return Cusum(series, {}); });
}
void TimeBayes(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return Bayes(series, {}); });
}
void TimeGlrPoisson(benchmark::State& state) {
  JudgePoints(state, [](const Series& series) { return LikelihoodRatioChart(series, {.window = 52}); });
}
BENCHMARK(TimeEarsC1)->Arg(100'000);
BENCHMARK(TimeEarsC3)->Arg(100'000);
BENCHMARK(TimeFarrington)->Arg(2'496);
BENCHMARK(TimeFarringtonFlexible)->Arg(2'496);
BENCHMARK(TimeFarringtonFlexibleTenPeriods)->Arg(2'496);
BENCHMARK(TimeCusum)->Arg(100'000);
BENCHMARK(TimeBayes)->Arg(10'000);
BENCHMARK(TimeGlrPoisson)->Arg(2'496);

// One event into the stream and the newest step judged again.
void TimeEarsStreamEvent(benchmark::State& state) {
  EarsStream stream = *EarsStream::Create({.depth = 4}, 0);
  int64_t event = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(stream.Add(event / 50, 1));
    benchmark::DoNotOptimize(stream.Judge(event / 50));
    ++event;
  }
  state.SetItemsProcessed(state.iterations());
}
void TimeSurgeStreamEvent(benchmark::State& state) {
  SurgeStream stream = *SurgeStream::Create({.depth = 4}, 0);
  int64_t event = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(stream.Add(event / 50, 1));
    benchmark::DoNotOptimize(stream.Judge(event / 50));
    ++event;
  }
  state.SetItemsProcessed(state.iterations());
}
// One event and one exact count of the last day, weeks as panes, two years kept, the last two weeks to the
// event.
void TimeWindowEvent(benchmark::State& state) {
  constexpr int64_t kHour = 3'600'000'000;
  WindowCounts counts = *WindowCounts::Create({.pane = 168 * kHour, .panes = 104, .exact_panes = 2});
  int64_t event = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(counts.Add(event * kHour / 4, 1));
    benchmark::DoNotOptimize(counts.CountLast(24 * kHour));
    ++event;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TimeEarsStreamEvent);
BENCHMARK(TimeSurgeStreamEvent);
BENCHMARK(TimeWindowEvent);

void TimeMaxSprtCriticalValue(benchmark::State& state) {
  const MaxSprtOptions options{.horizon = static_cast<double>(state.range(0))};
  for (auto _ : state) benchmark::DoNotOptimize(MaxSprtCriticalValue(options));
}
BENCHMARK(TimeMaxSprtCriticalValue)->Arg(5)->Arg(50)->Arg(500)->Unit(benchmark::kMillisecond);

// 32 locations, 4 steps, 415 zones of up to 15 neighbours: the shape of the New Mexico data.
void TimeScanReplicate(benchmark::State& state) {
  SpaceTime<int64_t> counts{4, 32, std::vector<int64_t>(128, 2)};
  const SpaceTime<double> baselines{4, 32, std::vector<double>(128, 2)};
  Zones zones;
  for (uint32_t zone = 0; zone < 415; ++zone) {
    std::vector<uint32_t> members;
    for (uint32_t i = 0; i <= zone % 15; ++i) members.push_back((zone + i) % 32);
    zones.push_back(members);
  }
  for (auto _ : state) benchmark::DoNotOptimize(Scan(counts, baselines, zones, {.replicates = 999}));
  state.SetItemsProcessed(state.iterations() * 999);
}
BENCHMARK(TimeScanReplicate)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zaojing::stats
