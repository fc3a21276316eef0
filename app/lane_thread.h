// One lane with everything it owns, on a thread of its own: log, stores, stage. The worker makes them,
// starts them and joins them; nothing here decides about records.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "app/crash_file.h"
#include "app/lane_reporter.h"
#include "app/memory_shares.h"
#include "app/metrics.h"
#include "app/shared_registry.h"
#include "app/tick_writer.h"
#include "ingest/kafka/kafka_client.h"
#include "processors/risk/intake.h"
#include "processors/runtime/lane.h"
#include "processors/state/rocksdb/rocksdb_store.h"
#include "sinks/kafka/kafka_log.h"
#include "zaojing/v1/config.pb.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// What every lane of a worker shares. Outlives them.
struct WorkerShared {
  const v1::WorkerConfig& config;
  const v1::RuleSet& rules;
  const KafkaClientOptions& client;
  WorkerMetrics& metrics;
  CrashFile& crashes;
  SharedRegistry& registry;
  std::shared_ptr<StoreMemory> memory;
  std::function<MemoryShares()> shares;  // as they are now; any thread
  PersonalKey personal;
  int lanes = 1;  // of this worker, for dividing the budget
};

class LaneThread {
 public:
  enum class Role : uint8_t { kScreen, kRisk };

  // kInvalidArgument: a Kafka property is refused; kUnavailable: no broker answers.
  static absl::StatusOr<std::unique_ptr<LaneThread>> Create(const WorkerShared& shared, Role role, int number);
  ~LaneThread();

  void Start();
  void RequestStop() { stop_.store(true, std::memory_order_relaxed); }
  void Join();

  // Any thread:
  const std::string& name() const { return name_; }
  bool finished() const { return finished_.load(std::memory_order_acquire); }
  const absl::Status& result() const { return result_; }                            // once finished()
  int64_t step_started_us() const;                                                  // 0 before the first step
  int64_t active_us() const { return active_us_.load(std::memory_order_relaxed); }  // last time it had work
  // It runs and finds nothing to do. A lane in a long call (another owner's transaction is waited for) does not rest.
  bool resting() const { return resting_.load(std::memory_order_relaxed); }

 private:
  LaneThread();
  void Run();

  std::string name_;
  SystemClock clock_;
  std::unique_ptr<LaneReporter> reporter_;
  std::unique_ptr<Stage> stage_;
  std::unique_ptr<CrashMarks> marks_;
  std::unique_ptr<KafkaLog> log_;
  std::unique_ptr<StoreFactory> stores_;
  std::unique_ptr<ReferenceSource> references_;
  std::unique_ptr<Lane> lane_;
  std::unique_ptr<TickWriter> ticks_;  // risk under `clock: wall`
  std::thread thread_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> finished_{false};
  std::atomic<int64_t> active_us_{0};
  std::atomic<bool> resting_{false};
  absl::Status result_;
};

}  // namespace zaojing
