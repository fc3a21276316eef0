// Bytes to events, and what the record costs before the stage sees it.
#include <benchmark/benchmark.h>

#include "bench/micro/world.h"
#include "ingest/decoder.h"
#include "proto/ids.h"

namespace zaojing::bench {
namespace {

constexpr size_t kRecords = 20'000;

// How many look-ups of 250 bytes can one core decode and validate?
void DecodeLookup(benchmark::State& state) {
  const Lookups lookups(0, kRecords);
  v1::Lookup lookup;
  size_t i = 0;
  for (auto _ : state) {
    DecodeResult rejected = Decode(lookups.records()[i], &lookup);
    benchmark::DoNotOptimize(rejected);
    if (++i == kRecords) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecodeLookup);

// How much of that would the generated parser take alone?
void ParseLookup(benchmark::State& state) {
  const Lookups lookups(0, kRecords);
  v1::Lookup lookup;
  size_t i = 0;
  for (auto _ : state) {
    const std::string_view value = lookups.records()[i].value;
    benchmark::DoNotOptimize(lookup.ParseFromArray(value.data(), static_cast<int>(value.size())));
    if (++i == kRecords) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ParseLookup);

// What does the check cost that a record lies in the partition its key hashes to?
void RouteLookup(benchmark::State& state) {
  const Lookups lookups(0, kRecords);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(PartitionOf(lookups.records()[i].key, 8));
    if (++i == kRecords) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RouteLookup);

}  // namespace
}  // namespace zaojing::bench
