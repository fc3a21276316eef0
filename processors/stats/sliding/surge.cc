#include "processors/stats/sliding/surge.h"

#include <cmath>
#include <cstdlib>
#include <utility>

#include "processors/stats/surveillance/count_quantiles.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

absl::Status CheckOptions(const SurgeOptions& options) {
  RETURN_IF_ERROR(CheckParameter(options.baseline >= 2 && options.baseline <= limits::kBaselineMax, "baseline"));
  RETURN_IF_ERROR(CheckParameter(options.lag <= limits::kBaselineMax, "lag"));
  RETURN_IF_ERROR(CheckParameter(options.alpha > 0 && options.alpha < 1, "alpha"));
  return CheckParameter(options.depth <= limits::kBaselineMax, "depth");
}

size_t KeptSteps(const SurgeOptions& options) { return options.baseline + options.lag + 1 + options.depth; }

void Include(int64_t count, int sign, PaneSums& sums) {
  sums.sum += sign * count;
  sums.sum_of_squares += sign * static_cast<__int128>(count) * count;
}

}  // namespace

Signal SurgeOf(int64_t count, const PaneSums& baseline, double ratio, double alpha) {
  const double n = static_cast<double>(baseline.panes);
  const double sum = static_cast<double>(baseline.sum);
  double dispersion = 0;
  if (baseline.sum > 0) {
    // (s^2 - m) / m^2 with one rounding of the exact numerator: n^2 (n - 1) times it over n^2 (n - 1) m^2.
    const __int128 total = baseline.sum;
    const __int128 excess = baseline.panes * (baseline.panes * baseline.sum_of_squares - total * total) -
                            static_cast<__int128>(baseline.panes) * (baseline.panes - 1) * total;
    if (excess > 0) dispersion = static_cast<double>(excess) / ((n - 1) * sum * sum);
  }
  Signal signal{.expected = ratio * (sum + 0.5) / n};
  const double size = 1 / (dispersion + 1 / (sum + 0.5));
  signal.statistic = NegativeBinomialUpperTail(static_cast<double>(count), signal.expected, size);
  signal.upper_bound = NegativeBinomialQuantile(1 - alpha, signal.expected, size);
  signal.alarm = static_cast<double>(count) > signal.upper_bound;
  return signal;
}

Signals NegativeBinomialSurge(const Series& series, const SurgeOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  RETURN_IF_ERROR(CheckOptions(options));
  std::vector<Signal> signals;
  PaneSums sums{.panes = static_cast<int64_t>(options.baseline)};
  const size_t reach = options.baseline + options.lag;
  for (size_t t = 0; t < series.counts.size(); ++t) {
    if (t >= options.lag + 1) Include(series.counts[t - options.lag - 1], 1, sums);
    if (t >= reach + 1) Include(series.counts[t - reach - 1], -1, sums);
    if (t < reach) continue;
    signals.push_back(SurgeOf(series.counts[t], sums, 1, options.alpha));
    signals.back().index = t;
  }
  return signals;
}

SurgeStream::SurgeStream(const SurgeOptions& options, StepCounts counts)
    : options_(options), counts_(std::move(counts)) {}

absl::StatusOr<SurgeStream> SurgeStream::Create(const SurgeOptions& options, int64_t first_step) {
  RETURN_IF_ERROR(CheckOptions(options));
  RETURN_IF_ERROR(CheckParameter(std::abs(first_step) <= limits::kStepMax, "first step"));
  return SurgeStream(options, StepCounts(first_step, KeptSteps(options)));
}

std::optional<Signal> SurgeStream::Judge(int64_t step) const {
  const int64_t reach = static_cast<int64_t>(options_.baseline + options_.lag);
  if (step > counts_.newest() || step < counts_.oldest() + reach) return std::nullopt;
  PaneSums sums{.panes = static_cast<int64_t>(options_.baseline)};
  for (int64_t at = step - reach; at < step - static_cast<int64_t>(options_.lag); ++at) {
    Include(counts_.At(at), 1, sums);
  }
  Signal signal = SurgeOf(counts_.At(step), sums, 1, options_.alpha);
  signal.index = static_cast<size_t>(step - counts_.first_step());
  return signal;
}

absl::StatusOr<SurgeStream> SurgeStream::Parse(const SurgeOptions& options, std::string_view bytes) {
  RETURN_IF_ERROR(CheckOptions(options));
  ASSIGN_OR_RETURN(StepCounts counts, StepCounts::Parse(bytes));
  if (counts.kept() != KeptSteps(options)) return absl::DataLossError("state of other options");
  return SurgeStream(options, std::move(counts));
}

}  // namespace zaojing::stats
