// What do the parts of disproportionality cost: reading, counting, figures, the prior's fit, and a streaming
// update? The reports are made up to the size and skew of FAERS 2022Q3 (about 500,000 rows, 216,000 cases,
// over 100,000 pairs) from a fixed seed, so that the figures need no file.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "ingest/delimited.h"
#include "processors/stats/disproportionality/disproportionality.h"
#include "processors/stats/disproportionality/figures.h"
#include "processors/stats/disproportionality/pair_counts.h"
#include "processors/stats/disproportionality/prior_fit.h"

namespace zaojing {
namespace {

constexpr int kCases = 216'000;
constexpr stats::GammaMixture kPrior = {3.25, 0.4, 2.02, 1.9, 0.065};

struct Triple {
  std::string case_id;
  std::string product;
  std::string event;
};

// Skewed: a few names hold most reports, as in real files.
int Skewed(int names, std::mt19937_64& engine) {
  const double u = std::uniform_real_distribution<double>()(engine);
  return static_cast<int>(names * u * u * u);
}

// Two thirds of a product's events are among the few that go with it.
std::string EventName(int product, std::mt19937_64& engine) {
  const int event = engine() % 3 == 0 ? Skewed(900, engine) : (product * 37 + Skewed(60, engine) * 11) % 900;
  return "Adverse event " + std::to_string(event);
}

std::vector<Triple> MakeReports() {
  std::mt19937_64 engine(2022);
  std::vector<Triple> reports;
  for (int i = 0; i < kCases; ++i) {
    const std::string case_id = std::to_string(19'000'000 + i);
    const int products = 1 + static_cast<int>(engine() % 4 == 0);
    const int events = 1 + static_cast<int>(engine() % 3 == 0) + static_cast<int>(engine() % 2);
    for (int p = 0; p < products; ++p) {
      const int product = Skewed(2'000, engine);
      const std::string name = "Product name " + std::to_string(product);
      for (int e = 0; e < events; ++e) reports.push_back({case_id, name, EventName(product, engine)});
    }
  }
  return reports;
}

const std::vector<Triple>& Reports() {
  static const std::vector<Triple> reports = MakeReports();
  return reports;
}

stats::PairCounts CountReports() {
  stats::CaseRows rows(false);
  for (const Triple& t : Reports()) rows.Add({t.case_id, t.product, t.event, ""}).IgnoreError();
  return std::move(rows).Count();
}

const stats::PairCounts& Counts() {
  static const stats::PairCounts counts = CountReports();
  return counts;
}

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t bytes = std::min(size, text_.size());
    std::memcpy(buffer, text_.data(), bytes);
    text_.remove_prefix(bytes);
    return bytes;
  }

 private:
  std::string_view text_;
};

// How fast are rows split? Items are rows.
void TimeReadRows(benchmark::State& state) {
  std::string text = "case_id,product,event\n";
  for (const Triple& t : Reports()) text += t.case_id + "," + t.product + "," + t.event + "\n";
  int64_t rows = 0;
  for (auto _ : state) {
    TextSource source(text);
    DelimitedReader reader(source);
    DelimitedRow row;
    while (reader.Next(&row).value()) ++rows;
  }
  state.SetItemsProcessed(rows);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(text.size()));
}
BENCHMARK(TimeReadRows)->Unit(benchmark::kMillisecond);

// How fast are rows counted into pairs? Items are rows.
void TimeCountCases(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(CountReports().n);
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(Reports().size()));
  state.counters["pairs"] = static_cast<double>(Counts().pairs.size());
}
BENCHMARK(TimeCountCases)->Unit(benchmark::kMillisecond);

// What do all figures of a pair cost, without (0) and with (1) EBGM and its percentiles? Items are pairs.
void TimeFigures(benchmark::State& state) {
  const stats::PairCounts& counts = Counts();
  for (auto _ : state) {
    stats::FigureCalculator calculator(state.range(0) == 0 ? std::nullopt : std::make_optional(kPrior));
    for (size_t i = 0; i < counts.pairs.size(); ++i) {
      benchmark::DoNotOptimize(calculator.Of(counts.Table(counts.pairs[i]), counts.Expected(i)));
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(counts.pairs.size()));
}
BENCHMARK(TimeFigures)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// What does a fit from all default starts cost? Items are pairs.
void TimeFitPrior(benchmark::State& state) {
  const stats::PairCounts& counts = Counts();
  std::vector<stats::WeightedPoint> points;
  for (size_t i = 0; i < counts.pairs.size(); ++i) {
    points.push_back({counts.pairs[i].n11, counts.Expected(i), 1});
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(stats::FitPrior(points, stats::DefaultPriorStarts()).ok());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(points.size()));
}
BENCHMARK(TimeFitPrior)->Unit(benchmark::kMillisecond);

stats::Disproportionality FilledTable() {
  stats::Disproportionality table;
  for (const Triple& t : Reports()) table.Apply({t.case_id, t.product, t.event}, 1).IgnoreError();
  table.TakeTouched();
  return table;
}

// What does one change of a triple cost at over 100,000 pairs, with the figures of touched pairs taken every
// so many changes? Each round takes a batch of reports back and states it again. Items are changes.
void TimeStreamUpdate(benchmark::State& state) {
  stats::Disproportionality table = FilledTable();
  const std::vector<Triple>& reports = Reports();
  const size_t batch = static_cast<size_t>(state.range(0));
  std::mt19937_64 engine(5);
  std::vector<const Triple*> chosen(batch);
  int64_t changes = 0;
  for (auto _ : state) {
    for (const Triple*& triple : chosen) triple = &reports[engine() % reports.size()];
    for (const int change : {-1, 1}) {
      for (const Triple* t : chosen) table.Apply({t->case_id, t->product, t->event}, change).IgnoreError();
      benchmark::DoNotOptimize(table.TakeTouched().data());
      changes += static_cast<int64_t>(batch);
    }
  }
  state.SetItemsProcessed(changes);
  state.counters["pairs"] = static_cast<double>(table.pairs());
}
BENCHMARK(TimeStreamUpdate)->Arg(1)->Arg(100)->Arg(10'000);

// What do the figures of all pairs cost in the streaming table? Items are pairs.
void TimeStreamSweep(benchmark::State& state) {
  stats::Disproportionality table = FilledTable();
  for (auto _ : state) {
    double sum = 0;
    table.Sweep([&sum](const stats::PairFigures& figures) { sum += figures.ic.low; });
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(table.pairs()));
}
BENCHMARK(TimeStreamSweep)->Unit(benchmark::kMillisecond);

// How long does the state take to write, and to read back?
void TimeStreamState(benchmark::State& state) {
  const stats::Disproportionality table = FilledTable();
  size_t bytes = 0;
  for (auto _ : state) {
    const std::string saved = table.Serialize();
    bytes = saved.size();
    if (state.range(0) == 1) benchmark::DoNotOptimize(stats::Disproportionality::Restore(saved).ok());
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(TimeStreamState)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zaojing
