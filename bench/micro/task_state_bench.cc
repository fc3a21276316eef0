// The overlay and the cache between a stage and its store.
#include <benchmark/benchmark.h>

#include <deque>
#include <string>
#include <vector>

#include "processors/state/memory_store.h"
#include "processors/state/tables.h"
#include "processors/state/task_state.h"
#include "proto/check.h"

namespace zaojing::bench {
namespace {

constexpr size_t kEntries = 100'000;
constexpr size_t kCacheBytes = 256 << 20;

std::vector<std::string> Keys(char mark) {
  std::vector<std::string> keys;
  for (size_t i = 0; i < kEntries; ++i) {
    keys.push_back(TableKey(Table::kListing, "platform-07/6" + std::string(1, mark) + std::to_string(100'000'000 + i)));
  }
  return keys;
}

std::string ValueOf(size_t i) {
  return "2022010907123456 a listing's state of about 80 bytes, number " + std::to_string(i);
}

void Fill(MemoryStore& store, const std::vector<std::string>& keys) {
  std::deque<std::string> values;
  std::vector<StateChange> changes;
  for (size_t i = 0; i < keys.size(); ++i) changes.push_back({keys[i], values.emplace_back(ValueOf(i))});
  ZAOJING_CHECK(store.ApplyCommitted(changes).ok() && store.Flush().ok());
}

// What does a read cost that the cache answers?
void GetHit(benchmark::State& state) {
  MemoryStore store;
  const std::vector<std::string> keys = Keys('0');
  Fill(store, keys);
  TaskState task(store, {kCacheBytes, 0}, {});
  for (const std::string& key : keys) benchmark::DoNotOptimize(task.Get(key));
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(task.Get(keys[i]));
    i = (i + 7919) % kEntries;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(GetHit);

// What does a read cost that goes to the store (here: in memory) because the cache is too small?
void GetMiss(benchmark::State& state) {
  MemoryStore store;
  const std::vector<std::string> keys = Keys('0');
  Fill(store, keys);
  TaskState task(store, {64 << 10, 0}, {});
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(task.Get(keys[i]));
    i = (i + 7919) % kEntries;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(GetMiss);

// What does a write cost that changes nothing, as most look-ups' do?
void PutSame(benchmark::State& state) {
  MemoryStore store;
  const std::vector<std::string> keys = Keys('0');
  Fill(store, keys);
  std::vector<std::string> values;
  for (size_t i = 0; i < kEntries; ++i) values.push_back(ValueOf(i));
  TaskState task(store, {kCacheBytes, 0}, {});
  for (const std::string& key : keys) benchmark::DoNotOptimize(task.Get(key));
  size_t i = 0;
  for (auto _ : state) {
    task.Put(keys[i], values[i]);
    i = (i + 7919) % kEntries;
  }
  ZAOJING_CHECK(!task.dirty());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(PutSame);

// What does the first write of an entry in a transaction cost, digest included? (Commits of 20,000.)
void PutNew(benchmark::State& state) {
  MemoryStore store;
  const std::vector<std::string> keys = Keys('0');
  const std::string value = ValueOf(1);
  TaskState task(store, {kCacheBytes, 0}, {});
  for (const std::string& key : keys) benchmark::DoNotOptimize(task.Get(key));
  size_t i = 0;
  for (auto _ : state) {
    task.Put(keys[i], value);
    if (++i % 20'000 == 0) {
      state.PauseTiming();
      task.Drop();
      i %= kEntries;
      state.ResumeTiming();
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(PutNew);

}  // namespace
}  // namespace zaojing::bench
