// What a commit costs the lane beside Kafka: one unit frozen and applied.
#include <benchmark/benchmark.h>

#include "bench/micro/world.h"
#include "proto/check.h"

namespace zaojing::bench {
namespace {

constexpr uint32_t kBatch = 100'000;

// What do Freeze and Committed add to a batch of 100,000 new listings (200,000 state changes), store in memory?
void CommitBatch(benchmark::State& state) {
  const std::unique_ptr<RecordBatch> batch = FirstSights(kBatch);
  for (auto _ : state) {
    state.PauseTiming();
    ScreenWorld world;
    for (const Record& record : batch->records()) world.task->Apply(record);
    state.ResumeTiming();
    absl::StatusOr<CommitUnit> unit = world.task->Freeze();
    ZAOJING_CHECK(unit.ok());
    world.task->Committed(*unit, 1);
  }
  state.SetItemsProcessed(state.iterations() * int64_t{kBatch});
}
BENCHMARK(CommitBatch)->Unit(benchmark::kMillisecond)->Iterations(3);

// And to a commit of a single look-up that changed nothing, as at low rates?
void CommitOne(benchmark::State& state) {
  ScreenWorld world;
  const std::unique_ptr<RecordBatch> batch = FirstSights(1);
  world.task->Apply(batch->records()[0]);
  world.Commit();
  for (auto _ : state) {
    world.task->Apply(batch->records()[0]);
    absl::StatusOr<CommitUnit> unit = world.task->Freeze();
    ZAOJING_CHECK(unit.ok());
    world.task->Committed(*unit, 1);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CommitOne);

}  // namespace
}  // namespace zaojing::bench
