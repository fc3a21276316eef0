#include "bench/micro/world.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "bench/e2e/workload.h"
#include "processors/rules/rule_set.h"
#include "processors/state/memory_store.h"
#include "proto/check.h"

namespace zaojing::bench {
namespace {

constexpr size_t kCacheBytes = 256 << 20;  // everything the benchmark touches stays in it

v1::RuleSet ReadRules() {
  std::ifstream file(ZAOJING_BENCH_RULES);
  std::ostringstream text;
  text << file.rdbuf();
  absl::StatusOr<v1::RuleSet> rules = ParseRules(text.str(), ZAOJING_BENCH_RULES);
  ZAOJING_CHECK(rules.ok());
  return *std::move(rules);
}

Record RecordOf(Topic topic, int64_t offset, std::string_view key, std::string_view value) {
  Record record;
  record.topic = topic;
  record.offset = offset;
  record.key = key;
  record.value = value;
  return record;
}

std::unique_ptr<const Registry> MakeRegistry() {
  auto made = std::make_unique<Registry>();
  Registry& registry = *made;
  const std::string heartbeat = Workload::Heartbeat().SerializeAsString();
  registry.Append(RecordOf(Topic::kControl, 0, "heartbeat", heartbeat));
  for (uint32_t i = 0; i < kCertificates; ++i) {
    const v1::Certificate certificate = Workload::Certificate(i);
    const std::string value = certificate.SerializeAsString();
    registry.Append(RecordOf(Topic::kCertificates, i, certificate.number(), value));
  }
  return made;
}

TaskOptions Options() {
  TaskOptions options;
  options.memory = {kCacheBytes, kCacheBytes / 4};
  return options;
}

}  // namespace

const v1::RuleSet& Rules() {
  static const v1::RuleSet* const rules = new v1::RuleSet(ReadRules());
  return *rules;
}

const Registry& NationalRegistry() {
  static const Registry* const registry = MakeRegistry().release();
  return *registry;
}

RegistryCursor Everything() { return {1, kCertificates}; }

Lookups::Lookups(uint64_t published, uint64_t patrols) {
  Workload workload(kListings, kCertificates);
  const uint64_t count = published + patrols;
  bytes_.reserve(2 * count);
  for (uint64_t i = 0; i < count; ++i) {
    const int64_t at = kFirstLookupAt + static_cast<int64_t>(i) * kBetweenLookups;
    const v1::Lookup& lookup =
        i < published ? workload.Next(i) : workload.Patrol(i, "patrol-000000000" + std::to_string(i % 1000), at);
    bytes_.push_back(Workload::KeyOf(lookup));
    bytes_.push_back(lookup.SerializeAsString());
    records_.push_back(RecordOf(Topic::kLookups, static_cast<int64_t>(i), bytes_[bytes_.size() - 2], bytes_.back()));
  }
}

std::unique_ptr<RecordBatch> FirstSights(uint32_t count) {
  class Batch final : public RecordBatch {
   public:
    explicit Batch(uint32_t listings) {
      Workload workload(kListings, kCertificates);
      bytes_.reserve(size_t{2} * listings);
      for (uint32_t i = 0; i < listings; ++i) {
        v1::Lookup lookup = workload.Patrol(i, "first-000000000001", kFirstLookupAt);
        lookup.set_listing_id("7" + std::to_string(i));
        bytes_.push_back(Workload::KeyOf(lookup));
        bytes_.push_back(lookup.SerializeAsString());
        records_.push_back(RecordOf(Topic::kLookups, i, bytes_[bytes_.size() - 2], bytes_.back()));
      }
    }

   private:
    std::vector<std::string> bytes_;
  };
  return std::make_unique<Batch>(count);
}

ScreenWorld::ScreenWorld()
    : stage(Rules(), {}),
      task(std::make_unique<Task>(Options(), stage, NationalRegistry(), std::make_unique<MemoryStore>())) {
  ZAOJING_CHECK(task->LoadMarker().ok() && task->Start().ok());
  const CommittedOffset beginning{{Topic::kLookups, 0}, 0, ""};
  task->BeginAt({&beginning, 1});
  const Registry& registry = NationalRegistry();
  for (const Topic topic : {Topic::kControl, Topic::kCertificates}) {
    for (int64_t i = 0; i < registry.size(topic); ++i) task->AdvanceReference(registry.At(topic, i));
  }
  Commit();
}

void ScreenWorld::Commit() {
  absl::StatusOr<CommitUnit> unit = task->Freeze();
  ZAOJING_CHECK(unit.ok());
  task->Committed(*unit, kNoOffset);
  ZAOJING_CHECK(task->Flush().ok());
}

}  // namespace zaojing::bench
