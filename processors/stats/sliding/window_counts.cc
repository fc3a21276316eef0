#include "processors/stats/sliding/window_counts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/stats/sliding/int64_bytes.h"
#include "proto/check.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr int64_t kFormat = 1;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Times whose windows and panes cannot overflow.
bool IsTime(int64_t time) { return time >= -limits::kStepMax && time <= limits::kStepMax; }

absl::Status CheckOptions(const WindowOptions& options) {
  if (options.pane < 1 || options.pane > limits::kStepMax) return absl::InvalidArgumentError("pane out of range");
  if (options.exact_panes < 1 || options.panes < options.exact_panes || options.panes > limits::kStepsKeptMax) {
    return absl::InvalidArgumentError("number of panes out of range");
  }
  if (!IsTime(options.first_time)) return absl::InvalidArgumentError("first time out of range");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<WindowCounts> WindowCounts::Create(const WindowOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  return WindowCounts(options);
}

WindowCounts::WindowCounts(const WindowOptions& options)
    : options_(options),
      now_(options.first_time),
      panes_(FloorDivide(options.first_time, options.pane), options.panes) {}

int64_t WindowCounts::PaneOf(int64_t time) const { return FloorDivide(time, options_.pane); }

int64_t WindowCounts::exact_since() const {
  const int64_t oldest_exact = panes_.newest() - static_cast<int64_t>(options_.exact_panes) + 1;
  return std::max(panes_.first_step(), oldest_exact) * options_.pane;
}

int64_t WindowCounts::kept_since() const { return panes_.oldest() * options_.pane; }

absl::Status WindowCounts::Add(int64_t time, int64_t delta) {
  if (!IsTime(time)) return absl::InvalidArgumentError(absl::StrCat("time ", time, " out of range"));
  if (delta < -limits::kSeriesCountMax || delta > limits::kSeriesCountMax) {
    return absl::InvalidArgumentError(absl::StrCat("impossible count at ", time));
  }
  if (time < kept_since()) return absl::OkStatus();
  const auto at = times_.find(time);
  const int64_t there = at == times_.end() ? 0 : at->second;
  if (time >= exact_since() && there + delta < 0) {
    return absl::InvalidArgumentError(absl::StrCat("no such event at ", time));
  }
  RETURN_IF_ERROR(panes_.Add(PaneOf(time), delta));
  now_ = std::max(now_, time);
  if (time >= exact_since()) {
    if (there + delta == 0) {
      if (at != times_.end()) times_.erase(at);
    } else {
      times_[time] = there + delta;
    }
  }
  Fold();
  return absl::OkStatus();
}

void WindowCounts::Advance(int64_t now) {
  ZAOJING_CHECK(IsTime(now));
  now_ = std::max(now_, now);
  panes_.Advance(PaneOf(now_));
  Fold();
}

void WindowCounts::Fold() { times_.erase(times_.begin(), times_.lower_bound(exact_since())); }

int64_t WindowCounts::CountExact(int64_t from, int64_t to) const {
  int64_t count = 0;
  for (auto at = times_.lower_bound(from); at != times_.end() && at->first < to; ++at) count += at->second;
  return count;
}

absl::StatusOr<int64_t> WindowCounts::Count(int64_t from, int64_t to) const {
  if (from > to) return absl::InvalidArgumentError("a window that ends before it begins");
  if (from < kept_since()) return absl::OutOfRangeError("a window that begins before what is kept");
  for (const int64_t border : {from, to}) {
    if (border < exact_since() && border % options_.pane != 0) {
      return absl::InvalidArgumentError("a border inside a pane whose times are gone");
    }
  }
  const int64_t end = std::min(to, now_ + 1);
  if (from >= end) return 0;
  const int64_t first_whole = PaneOf(from + options_.pane - 1);
  const int64_t last_end = to > now_ ? panes_.newest() + 1 : PaneOf(end);
  if (first_whole >= last_end) return CountExact(from, end);
  int64_t count = CountExact(from, first_whole * options_.pane) + CountExact(last_end * options_.pane, end);
  for (int64_t pane = first_whole; pane < last_end; ++pane) count += panes_.At(pane);
  return count;
}

std::string WindowCounts::Serialize() const {
  std::string bytes;
  AppendInt64(kFormat, bytes);
  AppendInt64(options_.pane, bytes);
  AppendInt64(static_cast<int64_t>(options_.panes), bytes);
  AppendInt64(static_cast<int64_t>(options_.exact_panes), bytes);
  AppendInt64(options_.first_time, bytes);
  AppendInt64(now_, bytes);
  AppendInt64(static_cast<int64_t>(times_.size()), bytes);
  for (const auto& [time, count] : times_) {
    AppendInt64(time, bytes);
    AppendInt64(count, bytes);
  }
  return bytes + panes_.Serialize();
}

absl::StatusOr<WindowCounts> WindowCounts::Parse(std::string_view bytes) {
  const absl::Status broken = absl::DataLossError("broken state of window counts");
  WindowOptions options;
  int64_t format = 0;
  int64_t panes = 0;
  int64_t exact_panes = 0;
  int64_t now = 0;
  int64_t times = 0;
  const bool header = TakeInt64(bytes, format) && TakeInt64(bytes, options.pane) && TakeInt64(bytes, panes) &&
                      TakeInt64(bytes, exact_panes) && TakeInt64(bytes, options.first_time) && TakeInt64(bytes, now) &&
                      TakeInt64(bytes, times);
  if (!header || format != kFormat || panes < 0 || exact_panes < 0 || times < 0 || !IsTime(now)) return broken;
  options.panes = static_cast<size_t>(panes);
  options.exact_panes = static_cast<size_t>(exact_panes);
  if (!CheckOptions(options).ok() || now < options.first_time) return broken;
  WindowCounts counts(options);
  counts.Advance(now);
  int64_t before = counts.exact_since() - 1;
  for (int64_t i = 0; i < times; ++i) {
    int64_t time = 0;
    int64_t count = 0;
    const bool whole = TakeInt64(bytes, time) && TakeInt64(bytes, count);
    if (!whole || time <= before || time > now || count <= 0) return broken;
    counts.times_.emplace_hint(counts.times_.end(), time, count);
    before = time;
  }
  absl::StatusOr<StepCounts> parsed = StepCounts::Parse(bytes);
  if (!parsed.ok() || parsed->first_step() != counts.panes_.first_step() ||
      parsed->newest() != counts.panes_.newest() || parsed->oldest() != counts.panes_.oldest()) {
    return broken;
  }
  counts.panes_ = *std::move(parsed);
  // The times of an exact pane must add up to its total.
  for (int64_t pane = counts.PaneOf(counts.exact_since()); pane <= counts.panes_.newest(); ++pane) {
    const int64_t total = counts.CountExact(pane * options.pane, (pane + 1) * options.pane);
    if (total != counts.panes_.At(pane)) return broken;
  }
  return counts;
}

}  // namespace zaojing::stats
