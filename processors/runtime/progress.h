// How a task's progress is named and compared: the token that rides on the group's offsets, and the verdict on a store
// after its restore. Pure functions; the lane acts on them.
//
// The token is "<sequence>:<journal hash>". The sequence alone would not do: when a commit's outcome is uncertain and
// the partition has gone to another lane meanwhile, that lane's next commit has the same number but other content.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "processors/runtime/log.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {

std::string ProgressToken(const v1::Marker& marker);

// What is known about one task when its restore has reached the changelog's end.
struct Restored {
  std::optional<v1::Marker> marker;        // newest in the store
  std::vector<CommittedOffset> committed;  // the group's, all input partitions of the task that the marker knows
  bool from_zero = false;                  // nothing was in the store before: all came from the changelog
  bool changelog_empty = false;            // it holds no committed record and never lost any
};

enum class Restart : uint8_t {
  kGo,       // marker and group agree
  kFresh,    // neither exists: begin at the low watermarks
  kReset,    // the marker is ahead of the group, or the group has nothing: the marker's offsets count
  kRebuild,  // the store does not fit: discard it and restore from the changelog alone
};

// kDataLoss: what Kafka holds cannot be continued; the message says why and what to do.
absl::StatusOr<Restart> JudgeRestored(const Restored& restored);

}  // namespace zaojing
