#include "app/metrics.h"

#include <prometheus/exposer.h>

#include <exception>

#include "absl/strings/str_cat.h"

namespace zaojing {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25,
                                                          0.5,   1,    2.5,   5,    10,    30,  60};

prometheus::Counter& CounterOf(prometheus::Registry& registry, const char* name, const char* help,
                               const std::string& lane) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({{"lane", lane}});
}

prometheus::Gauge& GaugeOf(prometheus::Registry& registry, const char* name, const char* help,
                           const prometheus::Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

prometheus::Histogram& SecondsOf(prometheus::Registry& registry, const char* name, const char* help,
                                 const std::string& lane) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({{"lane", lane}}, kSeconds);
}

}  // namespace

WorkerMetrics::WorkerMetrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      store_bytes_(GaugeOf(*registry_, "zaojing_store_memory_bytes", "Block cache and memtables of all stores", {})),
      resident_bytes_(GaugeOf(*registry_, "zaojing_resident_memory_bytes", "Resident memory of the process", {})) {}

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
  prometheus::Registry& r = *registry_;
  return LaneMetrics{
      CounterOf(r, "zaojing_lane_inputs_total", "Records applied and committed", lane),
      CounterOf(r, "zaojing_lane_outputs_total", "Records emitted and committed", lane),
      CounterOf(r, "zaojing_lane_dead_letters_total", "Inputs set aside and committed", lane),
      CounterOf(r, "zaojing_lane_commits_total", "Transactions committed", lane),
      CounterOf(r, "zaojing_lane_aborts_total", "Transactions aborted", lane),
      CounterOf(r, "zaojing_lane_resolved_total", "Uncertain commits resolved", lane),
      SecondsOf(r, "zaojing_lane_commit_seconds", "From begin to the store's write", lane),
      SecondsOf(r, "zaojing_lane_event_to_commit_seconds", "From the newest event's received_at to its commit", lane),
      GaugeOf(r, "zaojing_lane_engine_timestamp_seconds", "Engine time of the newest task", {{"lane", lane}}),
      GaugeOf(r, "zaojing_lane_tasks", "Tasks running", {{"lane", lane}}),
      GaugeOf(r, "zaojing_restore_remaining_records", "Changelog records still to be restored", {{"lane", lane}})};
}

void WorkerMetrics::SetMemory(double store_bytes, double resident_bytes) {
  store_bytes_.Set(store_bytes);
  resident_bytes_.Set(resident_bytes);
}

}  // namespace zaojing
