// The durable store: what a cache miss and a committed batch cost. Files in a scratch directory of the system.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "processors/state/rocksdb/rocksdb_store.h"
#include "processors/state/tables.h"
#include "proto/check.h"

namespace zaojing::bench {
namespace {

constexpr size_t kEntries = 1'000'000;
constexpr size_t kBatch = 10'000;
constexpr size_t kMemoryBytes = size_t{512} << 20;

std::string KeyOf(size_t i) { return TableKey(Table::kListing, "platform-07/6" + std::to_string(100'000'000 + i)); }
std::string ValueOf(size_t i) {
  return "2022010907123456 a listing's state of about 80 bytes, number " + std::to_string(i);
}

// A store in a directory that goes with it.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zaojing-bench-XXXXXX").string();
    ZAOJING_CHECK(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    RocksStoreFactory factory(directory_, MakeStoreMemory(kMemoryBytes));
    absl::StatusOr<std::unique_ptr<Store>> opened = factory.Open("screen-0");
    ZAOJING_CHECK(opened.ok());
    store_ = *std::move(opened);
  }
  ~Scratch() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Store& store() { return *store_; }
  void Fill() {
    for (size_t from = 0; from < kEntries; from += kBatch) {
      std::deque<std::string> bytes;
      std::vector<StateChange> changes;
      for (size_t i = from; i < from + kBatch; ++i) {
        const std::string& key = bytes.emplace_back(KeyOf(i));
        changes.push_back({key, bytes.emplace_back(ValueOf(i))});
      }
      ZAOJING_CHECK(store_->ApplyCommitted(changes).ok());
    }
    ZAOJING_CHECK(store_->Flush().ok());
  }

 private:
  std::string directory_;
  std::unique_ptr<Store> store_;
};

// What does a cache miss cost for an entry that is there, among a million in flushed files?
void RocksGetPresent(benchmark::State& state) {
  Scratch scratch;
  scratch.Fill();
  std::string value;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(scratch.store().Get(KeyOf(i), &value));
    i = (i + 79'193) % kEntries;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RocksGetPresent);

// And for one that is not, as for every listing seen for the first time?
void RocksGetAbsent(benchmark::State& state) {
  Scratch scratch;
  scratch.Fill();
  std::string value;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(scratch.store().Get(KeyOf(kEntries + i), &value));
    i = (i + 79'193) % kEntries;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RocksGetAbsent);

// What does one change cost in a batch of 10,000 in no order, flushes in the background included?
void RocksApplyCommitted(benchmark::State& state) {
  Scratch scratch;
  std::deque<std::string> bytes;
  std::vector<StateChange> changes;
  for (size_t i = 0; i < kBatch; ++i) {
    const std::string& key = bytes.emplace_back(KeyOf(i * 97));
    changes.push_back({key, bytes.emplace_back(ValueOf(i))});
  }
  for (auto _ : state) ZAOJING_CHECK(scratch.store().ApplyCommitted(changes).ok());
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
}
BENCHMARK(RocksApplyCommitted)->Unit(benchmark::kMillisecond);

// What does a walk's start cost, as when a fact asks whether any listing shows its certificate?
void RocksSeek(benchmark::State& state) {
  Scratch scratch;
  scratch.Fill();
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(scratch.store().Seek(KeyOf(i))->Valid());
    i = (i + 79'193) % kEntries;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RocksSeek);

}  // namespace
}  // namespace zaojing::bench
