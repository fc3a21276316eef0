// What a worker tells Prometheus, at http://<metrics_listen>/metrics. One place for every metric name; labels are
// bounded (lane, task, reason of the process), never a listing, a certificate or a merchant. Thread-safe: lanes update,
// the exposer's thread reads.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace prometheus {
class Exposer;
}

namespace zaojing {

// One lane's metrics; updated by that lane's thread.
struct LaneMetrics {
  prometheus::Counter& inputs;   // records applied and committed
  prometheus::Counter& outputs;  // records emitted and committed
  prometheus::Counter& dead_letters;
  prometheus::Counter& commits;
  prometheus::Counter& aborts;
  prometheus::Counter& resolved;           // uncertain commits
  prometheus::Histogram& commit_seconds;   // first step of a commit to the store's write
  prometheus::Histogram& latency_seconds;  // engine time to committed, by the wall clock; long ago for a history
  prometheus::Gauge& engine_time;          // newest of the lane's tasks, seconds since 1970
  prometheus::Gauge& tasks;
  prometheus::Gauge& restore_remaining;  // changelog records between the walk and the end, all tasks
};

class WorkerMetrics {
 public:
  WorkerMetrics();
  ~WorkerMetrics();

  // Effect: /metrics is served. `listen` is host:port; port 0 takes any. kInvalidArgument: cannot listen there.
  absl::Status Serve(const std::string& listen);
  int port() const { return port_; }

  LaneMetrics ForLane(const std::string& lane);
  // Bytes of block cache and memtables, and of the process.
  void SetMemory(double store_bytes, double resident_bytes);

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Gauge& store_bytes_;
  prometheus::Gauge& resident_bytes_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  int port_ = 0;
};

}  // namespace zaojing
