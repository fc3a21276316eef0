// Canonical order: history from files, one answer whatever the lanes, batches and commit points.
//
// Per task, inputs are merged by (sort key, topic rank, position), where a record's sort key is the running maximum of
// received_at within its own topic over the records routed to that task; task = murmur2(key) mod P. Reference topics
// are routed to every task. Fan-outs run to completion where they arise. Screens finish before risk, which merges by
// (sort key, topic rank, task, emission number). A running maximum is in file order already, so this is a merge of
// streams, never a sort.
//
// Every screen task keeps its own registry cursor (processors/reference/registry.h), so one pass over the look-ups
// serves all of them. Thread: one Pass is one thread's; several may share a finished Registry.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "ingest/record_source.h"
#include "processors/reference/registry.h"
#include "processors/runtime/stage.h"
#include "processors/runtime/task.h"

namespace zaojing {

// The reference facts of a registry in canonical order, for tasks to step through.
class ReferenceOrder {
 public:
  struct Step {
    int64_t sort_key;
    Topic topic;
    int64_t position;
  };
  // `registry` must outlive this and not grow any more.
  explicit ReferenceOrder(const Registry& registry);
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

struct ReplayOptions {
  uint32_t partitions = 8;
  uint64_t commit_every = 100'000;  // inputs of one task between two commits; must not change the outcome
  StateMemory memory{256 << 20, 64 << 20};
  // The records know their Kafka partition (export sidecar): they go to the task of that partition and a wrong one is
  // MISROUTED, as it was live. Off: task = murmur2(key) mod P.
  bool recorded_partitions = false;
};

// One task of the file world: its place in the reference order, its running maxima, its commits.
class ReplayTask {
 public:
  // Where committed outputs go, in emission order.
  using Output = std::function<absl::Status(std::span<const OutputRecord>)>;

  ReplayTask(uint32_t task, const ReplayOptions& options, Stage& stage, const Registry& registry,
             const ReferenceOrder& references, Output output);
  ~ReplayTask();

  // The next record of `record.topic` for this task, in canonical order of the topics passed before it.
  // REQUIRES sort_key not less than the last call's.
  absl::Status Apply(const SourceItem& item, int64_t sort_key);
  // No more input: the rest of the reference order, then the last commit.
  absl::Status Finish();
  const Task& task() const { return *task_; }

 private:
  absl::Status AdvanceTo(int64_t sort_key, int rank);
  void FinishJobs();
  absl::Status CommitIfDue(bool force);

  const ReplayOptions options_;
  const Registry& registry_;
  const ReferenceOrder& references_;
  const Output output_;
  std::unique_ptr<Task> task_;
  size_t next_reference_ = 0;
  uint64_t since_commit_ = 0;
};

// One screen lane: reads `lookups` whole and applies the records of the tasks with `owns(task)`; only those need to be
// there. kInvalidArgument: a recorded partition that is none of the tasks'.
absl::Status ReplayScreen(RecordSource& lookups, std::vector<std::unique_ptr<ReplayTask>>& tasks,
                          bool recorded_partitions, const std::function<bool(uint32_t task)>& owns);

// Risk: merges the sources (each already in its own order; `rank` by its topic) into the one task.
struct RiskInput {
  Topic topic;
  RecordSource* source;
};
absl::Status ReplayRisk(const std::vector<RiskInput>& inputs, ReplayTask& task);

}  // namespace zaojing
