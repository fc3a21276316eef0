// One look-up through the task and the screen stage, everything but Kafka and the disk.
#include <benchmark/benchmark.h>

#include "bench/micro/world.h"
#include "processors/state/memory_store.h"
#include "proto/check.h"

namespace zaojing::bench {
namespace {

constexpr uint64_t kPublished = 400'000;  // two a listing: most are known
constexpr uint64_t kPatrols = 100'000;

// A task to which most listings are known, and look-ups of them; made once, because it takes seconds.
struct Known {
  Known() : lookups(kPublished, kPatrols) {
    for (size_t i = 0; i < kPublished; ++i) {
      world.task->Apply(lookups.records()[i]);
      if (i % 50'000 == 0) world.Commit();
    }
    for (const Record& record : patrols()) world.task->Apply(record);
    world.Commit();
  }
  std::span<const Record> patrols() const { return lookups.records().subspan(kPublished); }

  ScreenWorld world;
  Lookups lookups;
};

// How many look-ups of known listings, nothing changed, can one core judge?
void ApplyKnown(benchmark::State& state) {
  static Known& known = *new Known();
  const std::span<const Record> patrols = known.patrols();
  size_t i = 0;
  for (auto _ : state) {
    known.world.task->Apply(patrols[i]);
    if (++i == patrols.size()) i = 0;
  }
  known.world.Commit();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ApplyKnown);

// How many listings never seen before can one core judge and remember?
void ApplyFirstSight(benchmark::State& state) {
  ScreenWorld world;
  const std::unique_ptr<RecordBatch> batch = FirstSights(kListings);
  const std::span<const Record> records = batch->records();
  size_t i = 0;
  for (auto _ : state) {
    world.task->Apply(records[i]);
    if (++i % 50'000 == 0) {
      state.PauseTiming();
      world.task->Dropped();
      i %= records.size();
      state.ResumeTiming();
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ApplyFirstSight);

// How fast does a task that starts step over the registry? (Per certificate and task.)
void AdvanceOverRegistry(benchmark::State& state) {
  ScreenWorld world;
  const Registry& registry = NationalRegistry();
  for (auto _ : state) {
    state.PauseTiming();
    Task task({}, world.stage, registry, std::make_unique<MemoryStore>());
    ZAOJING_CHECK(task.LoadMarker().ok() && task.Start().ok());
    state.ResumeTiming();
    for (int64_t at = 0; at < registry.size(Topic::kCertificates); ++at) {
      task.AdvanceReference(registry.At(Topic::kCertificates, at));
    }
  }
  state.SetItemsProcessed(state.iterations() * registry.size(Topic::kCertificates));
}
BENCHMARK(AdvanceOverRegistry)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zaojing::bench
