// One certificate that many listings show is revoked, and restored: judging each again, its state, verdict, instruction
// and the freezing of the commit; everything but Kafka and the disk.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/e2e/workload.h"
#include "bench/micro/world.h"
#include "processors/state/memory_store.h"
#include "proto/check.h"
#include "proto/limits.h"

namespace zaojing::bench {
namespace {

constexpr uint32_t kReached = 100'000;

class Revocable {
 public:
  Revocable() : stage_(Rules(), {}), task_({}, stage_, registry_, std::make_unique<MemoryStore>()) {
    ZAOJING_CHECK(task_.LoadMarker().ok() && task_.Start().ok());
    const CommittedOffset beginning{{Topic::kLookups, 0}, 0, ""};
    task_.BeginAt({&beginning, 1});
    Tell(Topic::kControl, "heartbeat", Workload::Heartbeat().SerializeAsString());
    certificate_ = Workload::Certificate(1);
    Tell(Topic::kCertificates, certificate_.number(), certificate_.SerializeAsString());
    const std::unique_ptr<RecordBatch> batch = FirstSights(kReached);
    v1::Lookup lookup;
    for (const Record& record : batch->records()) {
      lookup.ParseFromArray(record.value.data(), static_cast<int>(record.value.size()));
      lookup.set_certificate_number(certificate_.number());
      lookup.set_scene(v1::SCENE_ON_SALE);
      lookup.clear_product_code();
      const std::string value = lookup.SerializeAsString();
      Record one = record;
      one.value = value;
      task_.Apply(one);
    }
    Commit();
  }

  // Returns the listings reached.
  uint64_t Change() {
    const bool valid = certificate_.status() == v1::CERTIFICATE_STATUS_VALID;
    certificate_.set_status(valid ? v1::CERTIFICATE_STATUS_REVOKED : v1::CERTIFICATE_STATUS_VALID);
    certificate_.set_event_id("change-" + std::to_string(++changes_));
    certificate_.set_effective_at(kFirstLookupAt - limits::kDay + changes_);
    Tell(Topic::kCertificates, certificate_.number(), certificate_.SerializeAsString());
    uint64_t reached = 0;
    while (task_.HasJobs()) reached += task_.RunSlice(limits::kSliceListingsMax);
    Commit();
    return reached;
  }

 private:
  void Tell(Topic topic, std::string_view key, std::string_view value) {
    Record record;
    record.topic = topic;
    record.offset = registry_.size(topic);
    record.key = key;
    record.value = value;
    registry_.Append(record);
    task_.AdvanceReference(registry_.At(topic, record.offset));
  }
  void Commit() {
    absl::StatusOr<CommitUnit> unit = task_.Freeze();
    ZAOJING_CHECK(unit.ok());
    task_.Committed(*unit, kNoOffset);
    ZAOJING_CHECK(task_.Flush().ok());
  }

  Registry registry_;
  ScreenStage stage_;
  Task task_;
  v1::Certificate certificate_;
  int changes_ = 0;
};

// How many listings on sale can one core reach in a second?
void FanOut(benchmark::State& state) {
  static Revocable& world = *new Revocable();
  uint64_t reached = 0;
  for (auto _ : state) reached += world.Change();
  ZAOJING_CHECK(reached >= static_cast<uint64_t>(state.iterations()) * kReached);
  state.SetItemsProcessed(static_cast<int64_t>(reached));
}
BENCHMARK(FanOut)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace zaojing::bench
