// What a worker tells Prometheus, at http://<metrics_listen>/metrics. One place for every metric name; what each means
// to an operator is in deploy/README.md, which a test compares with what a worker serves. Labels are bounded (lane,
// topic, partition, reason), never a listing, a certificate or a merchant. Thread-safe: lanes update, the exposer's
// thread reads.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "zaojing/v1/dead_letter.pb.h"

namespace prometheus {
class Exposer;
}

namespace zaojing {

// One lane's metrics; updated by that lane's thread.
struct LaneMetrics {
  prometheus::Counter& inputs;
  prometheus::Counter& outputs;
  std::array<prometheus::Counter*, v1::DeadLetterReason_ARRAYSIZE> dead_letters;  // by reason; [0] is null
  prometheus::Counter& commits;
  prometheus::Counter& aborts;
  prometheus::Counter& resolved;
  prometheus::Counter& assigned;
  prometheus::Counter& revoked;
  prometheus::Counter& lost;
  prometheus::Histogram& commit_seconds;
  prometheus::Histogram& latency_seconds;
  prometheus::Gauge& engine_time;
  prometheus::Gauge& tasks;
  prometheus::Gauge& running;
  prometheus::Gauge& restore_done;
  prometheus::Gauge& restore_remaining;
  prometheus::Counter& cache_hits;
  prometheus::Counter& cache_misses;
  prometheus::Gauge& cache_bytes;
  prometheus::Gauge& registry_facts;
  prometheus::Gauge& registry_applied;
  prometheus::Gauge& registry_heartbeat;
  prometheus::Gauge& registry_stale;
  prometheus::Family<prometheus::Gauge>& lag;  // {stage, topic, partition}: one for each partition assigned
};

struct WorkerMemory {
  double blocks = 0;     // RocksDB's cache of blocks
  double memtables = 0;  // RocksDB's write buffers
  double resident = 0;   // of the process
};

class WorkerMetrics {
 public:
  WorkerMetrics();
  ~WorkerMetrics();

  // Effect: /metrics is served. `listen` is host:port; port 0 takes any. kInvalidArgument: cannot listen there.
  absl::Status Serve(const std::string& listen);
  int port() const { return port_; }

  LaneMetrics ForLane(const std::string& lane);
  // Effect: the constant series that says what runs here.
  void SetWorker(const std::string& instance, const std::string& rules, double started_at);
  void SetMemory(const WorkerMemory& bytes);
  // Reference records that the start took from the worker's copy and from Kafka, and how long that was.
  void SetRegistryLoad(double copied, double read, double seconds);

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Gauge& block_bytes_;
  prometheus::Gauge& memtable_bytes_;
  prometheus::Gauge& resident_bytes_;
  prometheus::Gauge& registry_copied_;
  prometheus::Gauge& registry_read_;
  prometheus::Gauge& registry_seconds_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  int port_ = 0;
};

}  // namespace zaojing
