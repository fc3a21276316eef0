// Intake (受理): one complaint version → what changes in the counts. Validates what the decoder cannot know, resolves
// the subject, hashes personal data, and merges follow-ups: an update is the old view out and the new view in, a
// duplicate is nothing. Writes table case. Pure but for the task state it is handed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "processors/state/task_state.h"
#include "zaojing/v1/complaint.pb.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {

// The HMAC key for personal data; an empty key stores no hash at all.
struct PersonalKey {
  std::string id;
  std::string key;
};

// What one input changes: the view to take out of every count, and the one to put in.
struct IntakeResult {
  std::optional<v1::CaseState> removed;
  std::optional<v1::CaseState> added;
  bool duplicate = false;  // this version, or a newer one, was here before
};

// `week`: ChinaWeek of engine time; a follow-up keeps the week its case was first counted in.
IntakeResult TakeIn(const v1::Complaint& complaint, int64_t week, const PersonalKey& personal, TaskState& state);

// Names as they are compared: trimmed, inner white space collapsed, ASCII letters in upper case. Other scripts as they
// are.
std::string NormalName(std::string_view name);

}  // namespace zaojing
