// The streaming forms against the batch forms: at every cut of a random history of events, late events,
// corrections, retractions and silence, figures and state must be equal bit for bit.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <numeric>
#include <sstream>
#include <vector>

#include "processors/stats/sliding/ears_stream.h"
#include "processors/stats/sliding/surge.h"
#include "processors/stats/sliding/window_counts.h"
#include "processors/stats/surveillance/ears.h"

namespace zaojing::stats {
namespace {

constexpr int kHistories = 10'000;

// One thing that happens. `place` picks a step relative to the newest, or an event to take back.
struct Happening {
  int kind;    // 0-5 event, 6 retraction, 7 correction, 8 silence, 9 save and restore
  int place;   // 0..39
  int amount;  // 1..6
};

std::ostream& operator<<(std::ostream& out, const Happening& h) {
  return out << '(' << h.kind << ' ' << h.place << ' ' << h.amount << ')';
}

// RapidCheck narrows ranges at small sizes; the kinds and places must be spread over theirs from the first
// case on.
rc::Gen<int> Below(int end) { return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end)); }

rc::Gen<std::vector<Happening>> Histories() {
  return rc::gen::container<std::vector<Happening>>(
      rc::gen::construct<Happening>(Below(10), Below(40), rc::gen::map(Below(6), [](int below) { return below + 1; })));
}

template <typename Property>
void ForTenThousandHistories(const char* name, const Property& property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = std::max(params.maxSuccess, kHistories);
  params.maxSize = 60;
  const auto result =
      rc::detail::checkTestable([&] { property(*Histories()); }, rc::detail::TestMetadata{name, name}, params);
  if (!result.template is<rc::detail::SuccessResult>()) {
    std::ostringstream message;
    rc::detail::printResultMessage(result, message);
    FAIL() << message.str();
  }
}

struct Event {
  int64_t at;
  int64_t count;
};

// What happened, kept the naive way: every live event, and the newest step or time.
class History {
 public:
  explicit History(int64_t first) : first_(first), newest_(first) {}

  // Events added and taken back by this happening, in order, `late` steps into the past at most.
  std::vector<Event> Apply(const Happening& h, int64_t late, int64_t ahead) {
    std::vector<Event> changes;
    if (h.kind >= 6 && h.kind <= 7 && !live_.empty()) {
      const size_t i = static_cast<size_t>(h.place) % live_.size();
      changes.push_back({live_[i].at, -live_[i].count});
      live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (h.kind <= 5 || h.kind == 7) {
      const Event event{newest_ + ahead - h.place % (late + ahead), h.amount};
      changes.push_back(event);
      live_.push_back(event);
      newest_ = std::max(newest_, event.at);
    }
    if (h.kind == 8) newest_ += h.place % 7;
    return changes;
  }

  int64_t newest() const { return newest_; }
  std::vector<int64_t> Counts() const {
    std::vector<int64_t> counts(static_cast<size_t>(newest_ - first_ + 1), 0);
    for (const Event& event : live_) {
      if (event.at >= first_) counts[static_cast<size_t>(event.at - first_)] += event.count;
    }
    return counts;
  }
  int64_t Count(int64_t from, int64_t to) const {
    int64_t count = 0;
    for (const Event& event : live_) count += event.at >= from && event.at < to ? event.count : 0;
    return count;
  }

 private:
  const int64_t first_;
  int64_t newest_;
  std::vector<Event> live_;
};

bool SameBits(double a, double b) { return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b); }

bool SameSignal(const Signal& a, const Signal& b) {
  return a.index == b.index && SameBits(a.expected, b.expected) && SameBits(a.statistic, b.statistic) &&
         SameBits(a.upper_bound, b.upper_bound) && a.alarm == b.alarm;
}

// Every step that can be judged, against the batch form over the whole series as it now stands; and nothing
// else.
template <typename Stream>
void CompareWithBatch(const Stream& stream, const Signals& batch, int64_t first, int64_t newest, size_t depth) {
  RC_ASSERT(batch.ok());
  for (int64_t step = newest - static_cast<int64_t>(depth); step <= newest + 1; ++step) {
    const std::optional<Signal> ours = stream.Judge(step);
    const Signal* theirs = nullptr;
    for (const Signal& signal : *batch) {
      if (static_cast<int64_t>(signal.index) == step - first) theirs = &signal;
    }
    RC_ASSERT(ours.has_value() == (theirs != nullptr));
    if (ours) RC_ASSERT(SameSignal(*ours, *theirs));
  }
}

// Runs one history through a stream one by one, and through a second one that is saved and restored at random
// cuts.
template <typename Stream, typename Options, typename Batch>
void CheckStream(const std::vector<Happening>& happenings, const Options& options, const Batch& batch) {
  const int64_t first = -3;
  History history(first);
  absl::StatusOr<Stream> stream = Stream::Create(options, first);
  absl::StatusOr<Stream> restored = Stream::Create(options, first);
  RC_ASSERT(stream.ok() && restored.ok());
  for (const Happening& h : happenings) {
    for (const Event& change : history.Apply(h, 14, 3)) {
      RC_ASSERT(stream->Add(change.at, change.count).ok());
      RC_ASSERT(restored->Add(change.at, change.count).ok());
    }
    stream->Advance(history.newest());
    restored->Advance(history.newest());
    if (h.kind == 9) {
      restored = Stream::Parse(options, restored->Serialize());
      RC_ASSERT(restored.ok());
    }
    RC_ASSERT(stream->Serialize() == restored->Serialize());
    const std::vector<int64_t> counts = history.Counts();
    CompareWithBatch(*stream, batch(Series{counts, {}}), first, history.newest(), options.depth);
  }
}

// A lost correction, a slot not cleared, or sums in floating point would differ at some cut.
TEST(StreamPropertyTest, EarsC2EqualsBatchAtEveryCut) {
  const EarsStreamOptions options{.baseline = 4, .alpha = 0.05, .depth = 3};
  ForTenThousandHistories("EARS C2", [&](const std::vector<Happening>& happenings) {
    CheckStream<EarsStream>(happenings, options, [](const Series& series) {
      return Ears(series, {.method = EarsMethod::kC2, .baseline = 4, .alpha = 0.05});
    });
  });
}

TEST(StreamPropertyTest, SurgeEqualsBatchAtEveryCut) {
  const SurgeOptions options{.baseline = 5, .lag = 2, .alpha = 0.05, .depth = 2};
  ForTenThousandHistories("surge", [&](const std::vector<Happening>& happenings) {
    CheckStream<SurgeStream>(happenings, options,
                             [&](const Series& series) { return NegativeBinomialSurge(series, options); });
  });
}

// Every window that can be asked, counted from the live events one by one.
void CompareWindows(const WindowCounts& counts, const History& history, int64_t pane) {
  const int64_t now = history.newest();
  for (int64_t from = counts.kept_since(); from <= now; ++from) {
    const bool askable = from >= counts.exact_since() || from % pane == 0;
    const absl::StatusOr<int64_t> ours = counts.Count(from, now + 1);
    RC_ASSERT(ours.ok() == askable);
    if (askable) RC_ASSERT(*ours == history.Count(from, now + 1));
    const int64_t to = from + 1 + (from % 3 + 3) % 3 * 2;
    if (from >= counts.exact_since()) RC_ASSERT(*counts.Count(from, to) == history.Count(from, to));
  }
  for (int64_t from = counts.kept_since(); from + 2 * pane <= now; from += pane) {
    RC_ASSERT(*counts.Count(from, from + 2 * pane) == history.Count(from, from + 2 * pane));
  }
}

// A time folded too early or late, a pane forgotten, or a border off by one would miscount some window.
TEST(StreamPropertyTest, WindowsEqualTheEventsAtEveryCut) {
  const WindowOptions options{.pane = 5, .panes = 6, .exact_panes = 2, .first_time = -7};
  ForTenThousandHistories("windows", [&](const std::vector<Happening>& happenings) {
    History history(options.first_time);
    absl::StatusOr<WindowCounts> counts = WindowCounts::Create(options);
    absl::StatusOr<WindowCounts> restored = WindowCounts::Create(options);
    RC_ASSERT(counts.ok() && restored.ok());
    for (const Happening& h : happenings) {
      for (const Event& change : history.Apply(h, 36, 4)) {
        RC_ASSERT(counts->Add(change.at, change.count).ok());
        RC_ASSERT(restored->Add(change.at, change.count).ok());
      }
      counts->Advance(history.newest());
      restored->Advance(history.newest());
      if (h.kind == 9) {
        restored = WindowCounts::Parse(restored->Serialize());
        RC_ASSERT(restored.ok());
      }
      RC_ASSERT(counts->Serialize() == restored->Serialize());
      CompareWindows(*counts, history, options.pane);
    }
  });
}

// The same net events in another order, with detours that cancel out, leave the same bytes.
TEST(StreamPropertyTest, StateDoesNotDependOnOrderOrDetours) {
  ForTenThousandHistories("order", [](const std::vector<Happening>& happenings) {
    WindowCounts forwards = *WindowCounts::Create({.pane = 5, .panes = 12, .exact_panes = 3});
    WindowCounts backwards = forwards;
    std::vector<Event> events;
    events.reserve(happenings.size());
    for (const Happening& h : happenings) events.push_back({h.place, h.amount});
    forwards.Advance(40);
    backwards.Advance(40);
    for (const Event& event : events) RC_ASSERT(forwards.Add(event.at, event.count).ok());
    for (size_t i = events.size(); i-- > 0;) {
      RC_ASSERT(backwards.Add(events[i].at, events[i].count + 2).ok());
      RC_ASSERT(backwards.Add(events[i].at, -2).ok());
    }
    RC_ASSERT(forwards.Serialize() == backwards.Serialize());
  });
}

}  // namespace
}  // namespace zaojing::stats
