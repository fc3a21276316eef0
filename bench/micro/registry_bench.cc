// The reference tables and the decision at national size.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/e2e/workload.h"
#include "bench/micro/world.h"
#include "processors/reference/reference_copy.h"
#include "processors/reference/rocksdb/rocks_record_log.h"
#include "processors/screen/decision_table.h"
#include "proto/check.h"

namespace zaojing::bench {
namespace {

constexpr size_t kQuestions = 65'536;

std::vector<std::string> NumbersInNoOrder() {
  std::vector<std::string> numbers;
  uint64_t at = 1;
  for (size_t i = 0; i < kQuestions; ++i) {
    at = at * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    numbers.push_back(Workload::Certificate(static_cast<uint32_t>((at >> 33) % kCertificates)).number());
  }
  return numbers;
}

// How many certificates can one core look up among 461,000 with their history, in no order?
void RegistryFind(benchmark::State& state) {
  const Registry& registry = NationalRegistry();
  const std::vector<std::string> numbers = NumbersInNoOrder();
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(registry.Find(ParseCredentialNumber(numbers[i]).id, kFirstLookupAt, Everything()));
    if (++i == numbers.size()) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RegistryFind);

// How fast does a worker that starts read the registry?
void RegistryAppend(benchmark::State& state) {
  std::vector<std::string> values;
  std::vector<Record> records;
  for (uint32_t i = 0; i < kQuestions; ++i) values.push_back(Workload::Certificate(i).SerializeAsString());
  std::vector<std::string> keys;
  for (uint32_t i = 0; i < kQuestions; ++i) keys.push_back(Workload::Certificate(i).number());
  for (size_t i = 0; i < kQuestions; ++i) {
    Record record;
    record.topic = Topic::kCertificates;
    record.offset = static_cast<int64_t>(i);
    record.key = keys[i];
    record.value = values[i];
    records.push_back(record);
  }
  for (auto _ : state) {
    Registry registry;
    for (const Record& record : records) registry.Append(record);
    benchmark::DoNotOptimize(registry.size(Topic::kCertificates));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kQuestions));
}
BENCHMARK(RegistryAppend)->Unit(benchmark::kMillisecond);

class Facts final : public RecordBatch {
 public:
  void Add(uint32_t number, std::string_view key, std::string_view value) {
    Record record;
    record.topic = Topic::kCertificates;
    record.offset = number;
    record.key = key;
    record.value = value;
    records_.push_back(record);
  }
};

std::unique_ptr<ReferenceCopy> OpenCopy(const std::string& path) {
  auto log = OpenRocksRecordLog(path);
  ZAOJING_CHECK(log.ok());
  auto copy = ReferenceCopy::Open(std::move(*log), "bench");
  ZAOJING_CHECK(copy.ok());
  return std::move(*copy);
}

// How soon does a worker that is started again know the nation's certificates from its copy? The files are in the page
// cache. Wall time: RocksDB reads on the same thread.
void RegistryFromCopy(benchmark::State& state) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("zaojing-bench-copy-" + std::to_string(::getpid()));
  {
    const std::unique_ptr<ReferenceCopy> copy = OpenCopy(path);
    for (uint32_t i = 0; i < kCertificates; ++i) {
      const v1::Certificate certificate = Workload::Certificate(i);
      const std::string value = certificate.SerializeAsString();
      Facts facts;
      facts.Add(i, certificate.number(), value);
      ZAOJING_CHECK(copy->Append(facts).ok());
    }
    ZAOJING_CHECK(copy->Save().ok());
  }
  for (auto _ : state) {
    const std::unique_ptr<ReferenceCopy> copy = OpenCopy(path);
    Registry registry;
    for (;;) {
      const auto batch = copy->Play(8192);
      ZAOJING_CHECK(batch.ok());
      if ((*batch)->records().empty()) break;
      for (const Record& record : (*batch)->records()) registry.Append(record);
    }
    ZAOJING_CHECK(registry.size(Topic::kCertificates) == kCertificates);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCertificates));
  std::filesystem::remove_all(path);
}
BENCHMARK(RegistryFromCopy)->Unit(benchmark::kMillisecond)->UseRealTime();

// What does the decision itself cost, once the finding is known?
void Decide(benchmark::State& state) {
  const DecisionTable table(Rules());
  Question question;
  question.finding_since = kFirstLookupAt - kDayMicros;
  int i = 0;
  for (auto _ : state) {
    question.scene = static_cast<v1::Scene>(1 + i % 3);
    question.finding = i % 16 == 0 ? v1::FINDING_SUSPENDED : v1::FINDING_VALID;
    question.made_at = kFirstLookupAt - (i % 2 == 0 ? 2 : 0) * kDayMicros;
    benchmark::DoNotOptimize(table.Decide(question).action());
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Decide);

}  // namespace
}  // namespace zaojing::bench
