#include "processors/runtime/crash_marks.h"

#include <algorithm>

#include "proto/limits.h"

namespace zaojing {
namespace {

bool IsOver(const CrashMark& mark, std::span<const CommittedOffset> positions) {
  return std::none_of(positions.begin(), positions.end(), [&](const CommittedOffset& position) {
    return position.at.topic == mark.topic && mark.offset >= position.next;
  });
}

}  // namespace

Suspects::Suspects(std::span<const CrashMark> marks, std::span<const CommittedOffset> positions) {
  for (const CrashMark& mark : marks) {
    if (!IsOver(mark, positions)) marks_.push_back(mark);
  }
}

Suspects::Treatment Suspects::Of(Topic topic, int64_t offset) const {
  bool marked = false;
  bool alone = false;
  for (const CrashMark& mark : marks_) {
    if (mark.topic != topic || mark.offset != offset) continue;
    marked = true;
    alone = alone || mark.alone;
  }
  const bool loop = marks_.size() >= static_cast<size_t>(limits::kCrashesBeforeBlame);
  if (loop && alone) return Treatment::kSkip;
  return loop || marked ? Treatment::kAlone : Treatment::kNormal;
}

bool Suspects::Over(std::span<const CommittedOffset> positions) const {
  return std::all_of(marks_.begin(), marks_.end(), [&](const CrashMark& mark) { return IsOver(mark, positions); });
}

}  // namespace zaojing
