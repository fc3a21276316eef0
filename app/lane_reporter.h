// What a lane tells its operator: a line in the log for every event that matters, and the figures of /metrics. The
// words are for somebody who is woken up by them: what happened, how much, how long still.
//
// Thread: its lane's. Nothing here blocks or asks the broker.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "app/metrics.h"
#include "processors/runtime/clock.h"
#include "processors/runtime/lane.h"
#include "sinks/kafka/kafka_log.h"

namespace zaojing {

struct LaneReporterOptions {
  std::string name;   // "screen/0"
  std::string stage;  // "screen"
  int64_t registry_stale_after_us = 0;
};

class LaneReporter final : public LaneObserver {
 public:
  LaneReporter(LaneReporterOptions options, LaneMetrics metrics, Clock& clock);
  // Effect: figures are taken from these; both must outlive the last Sample.
  void Watch(const Lane& lane, const KafkaLog& log);

  // Between two steps: the figures that no event brings, at most twice a second.
  void Sample();
  // The lane has ended with `result`; the closing line with its totals.
  void OnEnd(const absl::Status& result);

  void OnAssigned(const std::vector<TopicPartition>& partitions) override;
  void OnRevoked(bool lost) override;
  void OnRestoreProgress(const RestoreProgress& progress) override;
  void OnTaskStarted(const Task& task) override;
  void OnRunning() override;
  void OnCommitted(const LaneCommit& commit) override;
  void OnAborted(const absl::Status& why) override;
  void OnResolved(bool had_happened) override;
  void OnTaskClosed(uint32_t task) override;
  void OnNotice(std::string_view line) override;

 private:
  using Reasons = std::array<uint64_t, v1::DeadLetterReason_ARRAYSIZE>;
  struct CacheReads {
    uint64_t hits = 0;
    uint64_t misses = 0;
  };

  void TakeCounts(const Task& task);
  void SampleLag(int64_t now_us);
  void SampleTasks();
  void SampleRegistry();
  void ForgetAssignment();
  void TellRestore(const RestoreProgress& progress, int64_t now_us);
  void TellCatchingUp(int64_t lag, int64_t now_us);
  void TellDeadLetters(int64_t now_us);

  const LaneReporterOptions options_;
  LaneMetrics metrics_;
  Clock& clock_;
  const Lane* lane_ = nullptr;
  const KafkaLog* log_ = nullptr;
  const int64_t started_us_;
  int64_t next_sample_us_ = 0;

  // Of running tasks; a closed one's counts are in the totals already.
  std::map<uint32_t, TaskCounters> counted_;
  std::map<uint32_t, CacheReads> cache_reads_;
  TaskCounters totals_;
  uint64_t commits_ = 0;
  uint64_t aborts_ = 0;
  uint64_t aborts_in_row_ = 0;

  std::map<uint32_t, RestoreProgress> restores_;
  std::set<uint32_t> restored_;
  int64_t restore_began_us_ = 0;
  int64_t restore_told_us_ = 0;
  int64_t assigned_us_ = 0;

  std::map<TopicPartition, prometheus::Gauge*> lags_;
  size_t inputs_assigned_ = 0;
  bool catching_up_ = false;
  int64_t at_end_us_ = 0;  // since when nothing waits; 0 = something does
  int64_t behind_since_us_ = 0;
  uint64_t behind_inputs_ = 0;  // inputs so far when it fell behind
  int64_t behind_told_us_ = 0;
  int64_t behind_told_lag_ = 0;

  Reasons letters_untold_ = {};
  int64_t letters_told_us_ = 0;
};

}  // namespace zaojing
