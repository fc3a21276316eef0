// Net counts of one series by step (day, week, pane), for the newest steps only. A step is a whole number
// chosen by the caller, usually floor(time / length). One owner, one thread; memory 8 bytes a step kept.
//
// State is a function of the events added and the newest step alone: not of when, in which order within the
// kept steps, or in how many batches they came. Forgotten steps do not come back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing::stats {

class StepCounts {
 public:
  // Counting begins at `first_step` (earlier events are never counted) and keeps the newest `length` >= 1
  // steps. REQUIRES |first_step| <= limits::kStepMax and length <= limits::kStepsKeptMax.
  StepCounts(int64_t first_step, size_t length);

  // Adds `delta` events to a step; a retraction is a negative delta, a correction one of each. A step newer
  // than newest() moves it on; one that is forgotten or before the first changes nothing and is OK.
  // kInvalidArgument: the step would fall below 0 or above limits::kSeriesCountMax, or lies beyond
  // limits::kStepMax; then nothing is changed.
  absl::Status Add(int64_t step, int64_t delta);

  // Steps up to `step` have come, with no events so far. Not newer than newest(): no effect.
  // REQUIRES step <= limits::kStepMax.
  void Advance(int64_t step);

  int64_t first_step() const { return first_step_; }
  int64_t newest() const { return newest_; }
  int64_t oldest() const;  // the oldest step still kept
  size_t kept() const { return ring_.size(); }
  bool Holds(int64_t step) const { return step >= oldest() && step <= newest_; }
  // REQUIRES Holds(step).
  int64_t At(int64_t step) const { return ring_[Slot(step)]; }

  std::string Serialize() const;
  // kDataLoss: bytes that Serialize() did not write.
  static absl::StatusOr<StepCounts> Parse(std::string_view bytes);

 private:
  size_t Slot(int64_t step) const;

  int64_t first_step_;
  int64_t newest_;
  std::vector<int64_t> ring_;  // slot = step modulo length
};

}  // namespace zaojing::stats
