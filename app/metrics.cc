#include "app/metrics.h"

#include <prometheus/exposer.h>

#include <exception>

#include "absl/strings/str_cat.h"
#include "proto/dead_letter_reasons.h"

namespace zaojing {
namespace {

using prometheus::Labels;

const prometheus::Histogram::BucketBoundaries kSeconds = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25,
                                                          0.5,   1,    2.5,   5,    10,    30,  60};

// The metrics of one lane: the label is the same for all.
class LaneRegistry {
 public:
  LaneRegistry(prometheus::Registry& registry, const std::string& lane)
      : registry_(registry), labels_{{"lane", lane}} {}

  prometheus::Counter& Counter(const char* name, const char* help, const Labels& more = {}) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(With(more));
  }
  prometheus::Gauge& Gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels_);
  }
  prometheus::Histogram& Seconds(const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(labels_, kSeconds);
  }
  prometheus::Counter& Rebalance(const char* event) {
    return Counter("zaojing_lane_rebalances_total", "Events of the consumer group", {{"event", event}});
  }
  // Every reason from the start, so that an alert on a rise has a zero to rise from.
  std::array<prometheus::Counter*, v1::DeadLetterReason_ARRAYSIZE> DeadLetters() {
    std::array<prometheus::Counter*, v1::DeadLetterReason_ARRAYSIZE> all = {};
    for (int reason = v1::DeadLetterReason_MIN + 1; reason <= v1::DeadLetterReason_MAX; ++reason) {
      if (!v1::DeadLetterReason_IsValid(reason)) continue;
      const std::string name = ReasonName(static_cast<v1::DeadLetterReason>(reason));
      all[static_cast<size_t>(reason)] =
          &Counter("zaojing_lane_dead_letters_total", "Inputs set aside and committed", {{"reason", name}});
    }
    return all;
  }

 private:
  Labels With(const Labels& more) const {
    Labels all = labels_;
    all.insert(more.begin(), more.end());
    return all;
  }

  prometheus::Registry& registry_;
  const Labels labels_;
};

prometheus::Gauge& GaugeOf(prometheus::Registry& registry, const char* name, const char* help, const Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

}  // namespace

WorkerMetrics::WorkerMetrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      block_bytes_(
          GaugeOf(*registry_, "zaojing_store_memory_bytes", "RocksDB's memory, all stores", {{"kind", "blocks"}})),
      memtable_bytes_(
          GaugeOf(*registry_, "zaojing_store_memory_bytes", "RocksDB's memory, all stores", {{"kind", "memtables"}})),
      resident_bytes_(GaugeOf(*registry_, "zaojing_resident_memory_bytes", "Resident memory of the process", {})),
      registry_copied_(GaugeOf(*registry_, "zaojing_registry_loaded_records", "Reference records taken at the start",
                               {{"from", "copy"}})),
      registry_read_(GaugeOf(*registry_, "zaojing_registry_loaded_records", "Reference records taken at the start",
                             {{"from", "kafka"}})),
      registry_seconds_(GaugeOf(*registry_, "zaojing_registry_load_seconds", "How long the start took them", {})) {}

WorkerMetrics::~WorkerMetrics() = default;

absl::Status WorkerMetrics::Serve(const std::string& listen) {
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(listen, 1);
  } catch (const std::exception& error) {  // the library's way to say that the port is taken
    return absl::InvalidArgumentError(absl::StrCat("metrics_listen: cannot listen on ", listen, ": ", error.what()));
  }
  exposer_->RegisterCollectable(registry_);
  port_ = exposer_->GetListeningPorts().empty() ? 0 : exposer_->GetListeningPorts().front();
  return absl::OkStatus();
}

LaneMetrics WorkerMetrics::ForLane(const std::string& lane) {
  LaneRegistry r(*registry_, lane);
  return LaneMetrics{
      r.Counter("zaojing_lane_inputs_total", "Records applied and committed"),
      r.Counter("zaojing_lane_outputs_total", "Records emitted and committed"),
      r.DeadLetters(),
      r.Counter("zaojing_lane_commits_total", "Transactions committed"),
      r.Counter("zaojing_lane_aborts_total", "Transactions aborted"),
      r.Counter("zaojing_lane_resolved_total", "Uncertain commits resolved"),
      r.Rebalance("assigned"),
      r.Rebalance("revoked"),
      r.Rebalance("lost"),
      r.Seconds("zaojing_lane_commit_seconds", "From a commit's first step to the store's write"),
      r.Seconds("zaojing_lane_event_to_commit_seconds",
                "From the Kafka timestamp of a commit's oldest input to its commit"),
      r.Gauge("zaojing_lane_engine_timestamp_seconds", "Engine time of the newest task"),
      r.Gauge("zaojing_lane_tasks", "Tasks running"),
      r.Gauge("zaojing_lane_running", "1 while inputs are read, 0 while waiting, restoring or catching up"),
      r.Gauge("zaojing_restore_done_records", "Changelog records restored since the assignment"),
      r.Gauge("zaojing_restore_remaining_records", "Changelog offsets still to be walked; an upper bound of records"),
      r.Counter("zaojing_lane_cache_hits_total",
                "Reads of state answered by the decoded cache, or spared by an imprint"),
      r.Counter("zaojing_lane_cache_misses_total", "Reads of state that went to RocksDB"),
      r.Gauge("zaojing_lane_cache_bytes", "Keys and values in the decoded caches"),
      r.Gauge("zaojing_registry_facts", "Reference records held"),
      r.Gauge("zaojing_registry_last_applied_timestamp_seconds", "Newest received_at of the reference records applied"),
      r.Gauge("zaojing_registry_heartbeat_timestamp_seconds", "Up to when the registry copy is complete; 0 = unknown"),
      r.Gauge("zaojing_registry_stale", "1 when the registry is empty or its heartbeat too old: look-ups get REVIEW"),
      prometheus::BuildGauge()
          .Name("zaojing_input_lag_records")
          .Help("Offsets between what was read and the high watermark")
          .Register(*registry_)};
}

void WorkerMetrics::SetWorker(const std::string& instance, const std::string& rules, double started_at) {
  prometheus::BuildGauge()
      .Name("zaojing_worker_info")
      .Help("Always 1: what runs here")
      .Register(*registry_)
      .Add({{"instance_name", instance}, {"rules", rules}})
      .Set(1);
  prometheus::BuildGauge()
      .Name("zaojing_worker_start_timestamp_seconds")
      .Help("When the worker started")
      .Register(*registry_)
      .Add({})
      .Set(started_at);
}

void WorkerMetrics::SetMemory(const WorkerMemory& bytes) {
  block_bytes_.Set(bytes.blocks);
  memtable_bytes_.Set(bytes.memtables);
  resident_bytes_.Set(bytes.resident);
}

void WorkerMetrics::SetRegistryLoad(double copied, double read, double seconds) {
  registry_copied_.Set(copied);
  registry_read_.Set(read);
  registry_seconds_.Set(seconds);
}

}  // namespace zaojing
