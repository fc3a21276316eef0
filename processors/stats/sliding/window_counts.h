// Exact counts of one series over any window, with a long past in panes. Times are whole numbers
// (microseconds); a pane is [k length, (k + 1) length). The newest `exact_panes` panes keep every event time,
// all `panes` keep totals: so any window that begins in the exact part is counted to the event, and a
// baseline of years costs 8 bytes a pane. One owner, one thread. Memory: a pane 8 bytes, a distinct exact
// time about 20. State as StepCounts: a function of the events and the newest time alone. An Add costs O(log
// n) in the exact events, a Count O(panes + events in cut panes).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/stats/sliding/step_counts.h"

namespace zaojing::stats {

struct WindowOptions {
  int64_t pane = 0;        // length, >= 1
  size_t panes = 0;        // kept, >= exact_panes
  size_t exact_panes = 1;  // of those, with every time; >= 1
  int64_t first_time = 0;  // events before the pane of this time are never counted
};

class WindowCounts {
 public:
  // kInvalidArgument: an option out of its range.
  static absl::StatusOr<WindowCounts> Create(const WindowOptions& options);

  // Adds `delta` events at `time`, or takes them away. A time newer than now() moves it on; one that is
  // forgotten changes nothing and is OK. kInvalidArgument: more would be taken away than there are (at the
  // time, or in the pane once its times are gone), or a count or time beyond its limit; then nothing is
  // changed.
  absl::Status Add(int64_t time, int64_t delta);
  // Time has come to `now`. Older than now(): no effect. REQUIRES it within limits::kStepMax panes.
  void Advance(int64_t now);

  int64_t now() const { return now_; }
  int64_t exact_since() const;  // from this time on every border can be asked
  int64_t kept_since() const;   // before this time nothing is known

  // Events with from <= time < to. A border before exact_since() must be a pane's. kInvalidArgument: from >
  // to, or a border inside a pane whose times are gone; kOutOfRange: `from` before kept_since().
  absl::StatusOr<int64_t> Count(int64_t from, int64_t to) const;
  // The same for the `window` that ends with, and includes, now().
  absl::StatusOr<int64_t> CountLast(int64_t window) const { return Count(now_ - window + 1, now_ + 1); }
  // Totals of panes, the newest being the one of now().
  const StepCounts& panes() const { return panes_; }
  int64_t PaneOf(int64_t time) const;

  std::string Serialize() const;
  // kDataLoss: bytes that Serialize() did not write.
  static absl::StatusOr<WindowCounts> Parse(std::string_view bytes);

 private:
  explicit WindowCounts(const WindowOptions& options);
  int64_t CountExact(int64_t from, int64_t to) const;
  void Fold();

  WindowOptions options_;
  int64_t now_;
  StepCounts panes_;
  absl::btree_map<int64_t, int64_t> times_;  // of the exact panes; no zeros
};

}  // namespace zaojing::stats
