// Journal replay: a recorded run again, in the one live order its journal holds. Each entry's runs are applied to a
// task as they were; the commit that follows must give the very bytes of the recorded entry (state digest, emissions
// and previous hash are in them), so a divergence is found at the commit where it begins.
//
// Thread: the caller's. Errors: kDataLoss, a broken chain, a gap, an input that is missing, or a divergence, with the
// commit named.
#pragma once

#include <functional>
#include <map>
#include <span>

#include "absl/status/statusor.h"
#include "ingest/record_source.h"
#include "processors/reference/registry.h"
#include "processors/runtime/task.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {

class JournalReplay {
 public:
  using Output = std::function<absl::Status(std::span<const OutputRecord>)>;

  // `task` is started and empty; `inputs` gives the task's records of each topic in offset order. Everything must
  // outlive this object.
  JournalReplay(Task& task, const Registry& registry, std::map<Topic, RecordSource*> inputs, Output output);

  // The next entry, as recorded.
  absl::Status Apply(std::string_view recorded);
  uint64_t entries() const { return entries_; }
  uint64_t inputs() const { return inputs_applied_; }

 private:
  absl::Status ApplyRun(const v1::JournalRun& run);
  absl::StatusOr<SourceItem*> NextInput(std::string_view topic);

  Task& task_;
  const Registry& registry_;
  const std::map<Topic, RecordSource*> inputs_;
  const Output output_;
  SourceItem item_;
  uint64_t entries_ = 0;
  uint64_t inputs_applied_ = 0;
};

}  // namespace zaojing
