#include "processors/runtime/journal_replay.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"

namespace zaojing {

JournalReplay::JournalReplay(Task& task, const Registry& registry, std::map<Topic, RecordSource*> inputs, Output output)
    : task_(task), registry_(registry), inputs_(std::move(inputs)), output_(std::move(output)) {}

absl::StatusOr<SourceItem*> JournalReplay::NextInput(std::string_view topic) {
  const std::optional<Topic> named = TopicNamed(topic);
  const auto source = named ? inputs_.find(*named) : inputs_.end();
  if (source == inputs_.end()) {
    return absl::DataLossError(absl::StrCat("the journal names ", ToAbsl(topic), ", which is no input of this stage"));
  }
  ASSIGN_OR_RETURN(const bool more, source->second->Next(&item_));
  if (!more) {
    return absl::DataLossError(absl::StrCat("the journal covers more records of ", ToAbsl(topic), " than there are"));
  }
  ++inputs_applied_;
  return &item_;
}

absl::Status JournalReplay::ApplyRun(const v1::JournalRun& run) {
  switch (run.run_case()) {
    case v1::JournalRun::kInput:
      for (uint64_t i = 0; i < run.input().count(); ++i) {
        ASSIGN_OR_RETURN(const SourceItem* item, NextInput(run.input().topic()));
        if (item->rejected) {
          task_.Reject(item->record, item->rejected->reason, item->rejected->detail);
        } else {
          task_.Apply(item->record);
        }
      }
      return absl::OkStatus();
    case v1::JournalRun::kReference:
      for (uint64_t i = 0; i < run.reference().count(); ++i) {
        const std::optional<Topic> topic = TopicNamed(run.reference().topic());
        if (!topic || !IsReference(*topic)) return absl::DataLossError("the journal names no reference topic");
        const int64_t position = task_.cursor().Of(*topic);
        if (position >= registry_.size(*topic)) {
          return absl::DataLossError(
              absl::StrCat("the journal covers more records of ", run.reference().topic(), " than there are"));
        }
        task_.AdvanceReference(registry_.At(*topic, position));
      }
      return absl::OkStatus();
    case v1::JournalRun::kSlice:
      task_.RunSlice(run.slice().count());
      return absl::OkStatus();
    case v1::JournalRun::kTime:
      task_.Tick(run.time().engine_time());
      return absl::OkStatus();
    case v1::JournalRun::kSkip: {
      ASSIGN_OR_RETURN(const SourceItem* item, NextInput(run.skip().topic()));
      task_.Skip(item->record);
      return absl::OkStatus();
    }
    case v1::JournalRun::RUN_NOT_SET:
      break;
  }
  return absl::DataLossError("a journal run of no known kind: written by a newer version?");
}

absl::Status JournalReplay::Apply(std::string_view recorded) {
  v1::JournalEntry entry;
  if (!entry.ParseFromArray(recorded.data(), static_cast<int>(recorded.size()))) {
    return absl::DataLossError(absl::StrCat("journal entry ", entries_ + 1, " is not readable"));
  }
  const std::string place = absl::StrCat(entry.stage(), "-", entry.task(), " commit ", entry.sequence());
  if (entry.sequence() != entries_ + 1) {
    return absl::DataLossError(absl::StrCat(place, " follows commit ", entries_, ": the journal has a gap"));
  }
  for (const v1::JournalRun& run : entry.runs()) {
    if (const absl::Status status = ApplyRun(run); !status.ok()) {
      return absl::Status(status.code(), absl::StrCat(place, ": ", std::string(status.message())));
    }
  }
  ASSIGN_OR_RETURN(CommitUnit unit, task_.Freeze());
  if (unit.journal.value != recorded) {
    return absl::DataLossError(
        absl::StrCat(place, ": the replay diverges from what was recorded (state digest, emissions or hash chain)"));
  }
  RETURN_IF_ERROR(output_(unit.outputs));
  ++entries_;
  task_.Committed(unit, kNoOffset);
  return task_.FlushPressing() ? task_.Flush() : absl::OkStatus();
}

}  // namespace zaojing
