#include "processors/runtime/canonical_replay.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ingest/envelope.h"
#include "processors/state/memory_store.h"
#include "proto/check.h"
#include "proto/ids.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {

ReferenceOrder::ReferenceOrder(const Registry& registry) {
  struct Stream {
    Topic topic;
    int64_t position = 0;
    int64_t sort_key = 0;  // of the fact at `position`
  };
  std::vector<Stream> streams;
  // False at the topic's end.
  const auto read_head = [&](Stream& stream) {
    if (stream.position == registry.size(stream.topic)) return false;
    stream.sort_key = std::max(stream.sort_key, registry.At(stream.topic, stream.position).received_at);
    return true;
  };
  for (const Topic topic : kReferenceTopics) {
    Stream stream{topic};
    if (read_head(stream)) streams.push_back(stream);
  }
  while (!streams.empty()) {
    // The first of the least: equal keys go to the lower rank.
    const auto best = std::min_element(streams.begin(), streams.end(),
                                       [](const Stream& a, const Stream& b) { return a.sort_key < b.sort_key; });
    steps_.push_back({best->sort_key, best->topic, best->position});
    ++best->position;
    if (!read_head(*best)) streams.erase(best);
  }
}

ReplayTask::ReplayTask(uint32_t task, const ReplayOptions& options, Stage& stage, const Registry& registry,
                       const ReferenceOrder& references, Output output)
    : options_(options), registry_(registry), references_(references), output_(std::move(output)) {
  TaskOptions task_options;
  task_options.task = task;
  task_options.partitions = options.partitions;
  task_options.memory = options.memory;
  task_options.check_routing = options.recorded_partitions;
  task_ = std::make_unique<Task>(task_options, stage, registry, std::make_unique<MemoryStore>());
  ZAOJING_CHECK(task_->Start().ok());
}

ReplayTask::~ReplayTask() = default;

void ReplayTask::FinishJobs() {
  while (task_->HasJobs()) task_->RunSlice(limits::kSliceListingsMax);
}

absl::Status ReplayTask::AdvanceTo(int64_t sort_key, int rank) {
  const std::vector<ReferenceOrder::Step>& steps = references_.steps();
  for (; next_reference_ < steps.size(); ++next_reference_) {
    const ReferenceOrder::Step& step = steps[next_reference_];
    if (std::pair(step.sort_key, static_cast<int>(step.topic)) > std::pair(sort_key, rank)) break;
    task_->AdvanceReference(registry_.At(step.topic, step.position));
    FinishJobs();
    RETURN_IF_ERROR(CommitIfDue(false));
  }
  return absl::OkStatus();
}

absl::Status ReplayTask::Apply(const SourceItem& item, int64_t sort_key) {
  RETURN_IF_ERROR(AdvanceTo(sort_key, static_cast<int>(item.record.topic)));
  if (item.rejected) {
    task_->Reject(item.record, item.rejected->reason, item.rejected->detail);
  } else {
    task_->Apply(item.record);
  }
  FinishJobs();
  return CommitIfDue(false);
}

absl::Status ReplayTask::CommitIfDue(bool force) {
  ++since_commit_;
  const bool due = since_commit_ >= options_.commit_every || task_->pending_bytes() > limits::kTransactionBytesMax;
  if (!task_->dirty() || (!due && !force)) return absl::OkStatus();
  since_commit_ = 0;
  ASSIGN_OR_RETURN(CommitUnit unit, task_->Freeze());
  RETURN_IF_ERROR(output_(unit.outputs));
  task_->Committed(unit, kNoOffset);
  return task_->FlushPressing() ? task_->Flush() : absl::OkStatus();
}

absl::Status ReplayTask::Finish() {
  RETURN_IF_ERROR(AdvanceTo(limits::kTimeMax, kTopicCount));
  RETURN_IF_ERROR(CommitIfDue(true));
  return task_->Flush();
}

absl::Status ReplayScreen(RecordSource& lookups, std::vector<std::unique_ptr<ReplayTask>>& tasks,
                          bool recorded_partitions, const std::function<bool(uint32_t)>& owns) {
  const auto partitions = static_cast<int32_t>(tasks.size());
  std::vector<int64_t> maximum(tasks.size(), 0);
  SourceItem item;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, lookups.Next(&item));
    if (!more) break;
    if (!recorded_partitions) item.record.partition = PartitionOf(item.record.key, partitions);
    if (item.record.partition < 0 || item.record.partition >= partitions) {
      return absl::InvalidArgumentError(absl::StrCat("record ", item.record.offset, " was in partition ",
                                                     item.record.partition, " of ", partitions,
                                                     ": give the recorded number of partitions, or --reshard"));
    }
    const auto task = static_cast<uint32_t>(item.record.partition);
    if (!owns(task)) continue;
    maximum[task] = std::max(maximum[task], PeekReceivedAt(item.record.value));
    RETURN_IF_ERROR(tasks[task]->Apply(item, maximum[task]));
  }
  for (uint32_t task = 0; task < tasks.size(); ++task) {
    if (owns(task)) RETURN_IF_ERROR(tasks[task]->Finish());
  }
  return absl::OkStatus();
}

absl::Status ReplayRisk(const std::vector<RiskInput>& inputs, ReplayTask& task) {
  struct Head {
    RiskInput input;
    SourceItem item;
    int64_t maximum = 0;
  };
  std::vector<Head> heads;
  const auto advance = [](Head& head) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const bool more, head.input.source->Next(&head.item));
    if (more) head.maximum = std::max(head.maximum, PeekReceivedAt(head.item.record.value));
    return more;
  };
  for (const RiskInput& input : inputs) {
    Head head;
    head.input = input;
    ASSIGN_OR_RETURN(const bool more, advance(head));
    if (more) heads.push_back(std::move(head));
  }
  while (!heads.empty()) {
    const auto first = std::min_element(heads.begin(), heads.end(), [](const Head& a, const Head& b) {
      return std::pair(a.maximum, a.input.topic) < std::pair(b.maximum, b.input.topic);
    });
    RETURN_IF_ERROR(task.Apply(first->item, first->maximum));
    ASSIGN_OR_RETURN(const bool more, advance(*first));
    if (!more) heads.erase(first);
  }
  return task.Finish();
}

}  // namespace zaojing
