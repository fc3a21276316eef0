#include "processors/stats/sequential/max_sprt.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr int kNewtonRoundsMax = 200;
constexpr int kHalvingsMax = 200;
constexpr double kPoissonTermMin = 1e-25;  // smaller step probabilities cannot move the twelfth digit

// m < n with LLR(n, m) = critical value: with s = 1 - m / n, -s - ln(1 - s) = critical value / n. The left
// side is convex and rises, so Newton from above the root comes down to it without crossing.
double ExpectedAtSignal(double events, double critical_value) {
  const double target = critical_value / events;
  if (target == 0) return events;
  double s = std::fmin(std::sqrt(2 * target), -std::expm1(-1 - target));
  for (int round = 0; round < kNewtonRoundsMax; ++round) {
    const double next = s - (-s - std::log1p(-s) - target) * (1 - s) / s;
    if (!(next < s)) break;
    s = next;
  }
  return events * (1 - s);
}

// Counts at one time given no signal so far: probability[k] = P(k events and no signal).
class NoSignal {
 public:
  // To `elapsed` later, then keeps only fewer than `events_end`.
  void Advance(double elapsed, size_t events_end) {
    steps_.clear();
    double term = std::exp(-elapsed);
    for (size_t k = 0; k < events_end; ++k) {
      steps_.push_back(term);
      term *= elapsed / static_cast<double>(k + 1);
      if (term<kPoissonTermMin&& static_cast<double>(k)> elapsed) break;
    }
    next_.assign(events_end, 0);
    for (size_t from = 0; from < probability_.size(); ++from) {
      const size_t end = std::min(steps_.size(), events_end - from);
      for (size_t step = 0; step < end; ++step) next_[from + step] += probability_[from] * steps_[step];
    }
    probability_.swap(next_);
  }
  double Total() const {
    double total = 0;
    for (const double p : probability_) total += p;
    return total;
  }

 private:
  std::vector<double> probability_ = {1};
  std::vector<double> next_;
  std::vector<double> steps_;
};

absl::Status CheckOptions(const MaxSprtOptions& options) {
  if (!(options.alpha > 1e-7 && options.alpha <= 0.5)) return absl::InvalidArgumentError("alpha outside (1e-7, 0.5]");
  if (!(options.horizon > 0 && options.horizon <= limits::kSprtHorizonMax)) {
    return absl::InvalidArgumentError(absl::StrCat("horizon outside (0, ", limits::kSprtHorizonMax, "]"));
  }
  if (options.cases_min < 1 || options.cases_min > limits::kSprtCasesMax) {
    return absl::InvalidArgumentError(absl::StrCat("min-cases outside 1..", limits::kSprtCasesMax));
  }
  return absl::OkStatus();
}

}  // namespace

double PoissonLlr(double events, double expected) {
  if (events <= expected || events == 0) return 0;
  if (expected == 0) return std::numeric_limits<double>::infinity();
  return events * std::log(events / expected) + expected - events;
}

double MaxSprtSignalProbability(double critical_value, const MaxSprtOptions& options) {
  NoSignal state;
  double now = 0;
  for (size_t events = static_cast<size_t>(options.cases_min);; ++events) {
    const double signal_time = ExpectedAtSignal(static_cast<double>(events), critical_value);
    const double end = std::fmin(signal_time, options.horizon);
    state.Advance(end - now, events);
    now = end;
    if (signal_time >= options.horizon) return 1 - state.Total();
  }
}

absl::StatusOr<double> MaxSprtCriticalValue(const MaxSprtOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  double low = 0;
  if (MaxSprtSignalProbability(low, options) < options.alpha) {
    return absl::NotFoundError("no critical value: too few events are expected for so many cases");
  }
  double high = 1;
  while (MaxSprtSignalProbability(high, options) > options.alpha) high *= 2;
  for (int round = 0; round < kHalvingsMax && high - low > 1e-11; ++round) {
    const double middle = low + (high - low) / 2;
    (MaxSprtSignalProbability(middle, options) > options.alpha ? low : high) = middle;
  }
  return high;
}

absl::StatusOr<std::vector<SequentialVerdict>> MaxSprtMonitor(std::span<const SequentialStep> steps,
                                                              double critical_value, const MaxSprtOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  if (!(critical_value >= 0)) return absl::InvalidArgumentError("critical value below 0");
  std::vector<SequentialVerdict> verdicts;
  SequentialVerdict now;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool sound = steps[i].observed >= 0 && steps[i].observed <= limits::kSeriesCountMax &&
                       steps[i].expected >= 0 && std::isfinite(steps[i].expected);
    if (!sound) return absl::InvalidArgumentError(absl::StrCat("bad observed or expected at step ", i + 1));
    now.observed += steps[i].observed;
    now.expected += steps[i].expected;
    now.llr = PoissonLlr(static_cast<double>(now.observed), now.expected);
    if (!now.signal && !now.horizon_reached) {
      now.horizon_reached = now.expected > options.horizon;
      now.signal = !now.horizon_reached && now.observed >= options.cases_min && now.llr >= critical_value;
    }
    verdicts.push_back(now);
  }
  return verdicts;
}

}  // namespace zaojing::stats
