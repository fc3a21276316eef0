#include "processors/stats/sliding/step_counts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/stats/sliding/int64_bytes.h"
#include "proto/check.h"
#include "proto/limits.h"

namespace zaojing::stats {
namespace {

constexpr int64_t kFormat = 1;

bool IsStep(int64_t step) { return step >= -limits::kStepMax && step <= limits::kStepMax; }

}  // namespace

StepCounts::StepCounts(int64_t first_step, size_t length)
    : first_step_(first_step), newest_(first_step), ring_(length, 0) {
  ZAOJING_CHECK(IsStep(first_step));
  ZAOJING_CHECK(length >= 1 && length <= limits::kStepsKeptMax);
}

int64_t StepCounts::oldest() const { return std::max(first_step_, newest_ - static_cast<int64_t>(ring_.size()) + 1); }

size_t StepCounts::Slot(int64_t step) const {
  const int64_t length = static_cast<int64_t>(ring_.size());
  const int64_t remainder = step % length;
  return static_cast<size_t>(remainder < 0 ? remainder + length : remainder);
}

absl::Status StepCounts::Add(int64_t step, int64_t delta) {
  if (!IsStep(step)) return absl::InvalidArgumentError(absl::StrCat("step ", step, " out of range"));
  if (step < oldest()) return absl::OkStatus();
  const int64_t before = step > newest_ ? 0 : At(step);
  if (delta < -before || delta > limits::kSeriesCountMax - before) {
    return absl::InvalidArgumentError(absl::StrCat("step ", step, " would have an impossible count"));
  }
  Advance(step);
  ring_[Slot(step)] += delta;
  return absl::OkStatus();
}

void StepCounts::Advance(int64_t step) {
  ZAOJING_CHECK(step <= limits::kStepMax);
  if (step <= newest_) return;
  if (step - newest_ >= static_cast<int64_t>(ring_.size())) {
    std::fill(ring_.begin(), ring_.end(), 0);
  } else {
    for (int64_t entered = newest_ + 1; entered <= step; ++entered) ring_[Slot(entered)] = 0;
  }
  newest_ = step;
}

std::string StepCounts::Serialize() const {
  std::string bytes;
  AppendInt64(kFormat, bytes);
  AppendInt64(first_step_, bytes);
  AppendInt64(newest_, bytes);
  AppendInt64(static_cast<int64_t>(ring_.size()), bytes);
  for (int64_t step = oldest(); step <= newest_; ++step) AppendInt64(At(step), bytes);
  return bytes;
}

absl::StatusOr<StepCounts> StepCounts::Parse(std::string_view bytes) {
  const absl::Status broken = absl::DataLossError("broken state of step counts");
  int64_t format = 0;
  int64_t first_step = 0;
  int64_t newest = 0;
  int64_t length = 0;
  const bool header =
      TakeInt64(bytes, format) && TakeInt64(bytes, first_step) && TakeInt64(bytes, newest) && TakeInt64(bytes, length);
  if (!header || format != kFormat || !IsStep(first_step) || !IsStep(newest) || newest < first_step) return broken;
  if (length < 1 || length > static_cast<int64_t>(limits::kStepsKeptMax)) return broken;
  StepCounts counts(first_step, static_cast<size_t>(length));
  counts.Advance(newest);
  for (int64_t step = counts.oldest(); step <= newest; ++step) {
    int64_t& count = counts.ring_[counts.Slot(step)];
    if (!TakeInt64(bytes, count) || count < 0 || count > limits::kSeriesCountMax) return broken;
  }
  if (!bytes.empty()) return broken;
  return counts;
}

}  // namespace zaojing::stats
