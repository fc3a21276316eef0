#include "processors/stats/sliding/ears_stream.h"

#include <cmath>
#include <cstdlib>
#include <utility>

#include "processors/stats/surveillance/count_quantiles.h"
#include "processors/stats/surveillance/ears.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

constexpr size_t kLag = 3;  // C2: the newest count of the baseline is three steps back

absl::Status CheckOptions(const EarsStreamOptions& options) {
  RETURN_IF_ERROR(CheckParameter(options.baseline >= 3 && options.baseline <= limits::kBaselineMax, "baseline"));
  RETURN_IF_ERROR(CheckParameter(options.min_sigma >= 0 && std::isfinite(options.min_sigma), "min-sigma"));
  RETURN_IF_ERROR(CheckParameter(options.alpha > 0 && options.alpha < 1, "alpha"));
  return CheckParameter(options.depth <= limits::kBaselineMax, "depth");
}

size_t KeptSteps(const EarsStreamOptions& options) { return options.baseline + kLag + options.depth; }

}  // namespace

EarsStream::EarsStream(const EarsStreamOptions& options, StepCounts counts)
    : options_(options), z_(NormalQuantile(1 - options.alpha)), counts_(std::move(counts)) {}

absl::StatusOr<EarsStream> EarsStream::Create(const EarsStreamOptions& options, int64_t first_step) {
  RETURN_IF_ERROR(CheckOptions(options));
  RETURN_IF_ERROR(CheckParameter(std::abs(first_step) <= limits::kStepMax, "first step"));
  return EarsStream(options, StepCounts(first_step, KeptSteps(options)));
}

std::optional<Signal> EarsStream::Judge(int64_t step) const {
  const int64_t reach = static_cast<int64_t>(options_.baseline + kLag - 1);
  if (step > counts_.newest() || step < counts_.oldest() + reach) return std::nullopt;
  int64_t sum = 0;
  __int128 sum_of_squares = 0;
  for (int64_t at = step - reach; at <= step - static_cast<int64_t>(kLag); ++at) {
    const int64_t y = counts_.At(at);
    sum += y;
    sum_of_squares += static_cast<__int128>(y) * y;
  }
  const EarsBaseline baseline =
      EarsBaselineOf(sum, sum_of_squares, static_cast<int64_t>(options_.baseline), options_.min_sigma);
  const double y = static_cast<double>(counts_.At(step));
  Signal signal{.index = static_cast<size_t>(step - counts_.first_step()), .expected = baseline.mean};
  signal.statistic = EarsScore(y, baseline);
  signal.upper_bound = baseline.mean + z_ * baseline.deviation;
  signal.alarm = y > signal.upper_bound;
  return signal;
}

absl::StatusOr<EarsStream> EarsStream::Parse(const EarsStreamOptions& options, std::string_view bytes) {
  RETURN_IF_ERROR(CheckOptions(options));
  ASSIGN_OR_RETURN(StepCounts counts, StepCounts::Parse(bytes));
  if (counts.kept() != KeptSteps(options)) return absl::DataLossError("state of other options");
  return EarsStream(options, std::move(counts));
}

}  // namespace zaojing::stats
