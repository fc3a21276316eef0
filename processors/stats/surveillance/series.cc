#include "processors/stats/surveillance/series.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "proto/limits.h"

namespace zaojing::stats {

absl::Status CheckSeries(const Series& series) {
  if (!series.population.empty() && series.population.size() != series.counts.size()) {
    return absl::InvalidArgumentError("population and counts differ in length");
  }
  for (size_t t = 0; t < series.counts.size(); ++t) {
    if (series.counts[t] < 0 || series.counts[t] > limits::kSeriesCountMax) {
      return absl::InvalidArgumentError(absl::StrCat("count out of range at point ", t + 1));
    }
    if (!series.population.empty() && !(std::isfinite(series.population[t]) && series.population[t] > 0)) {
      return absl::InvalidArgumentError(absl::StrCat("population not positive at point ", t + 1));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckParameter(bool valid, const char* parameter) {
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("parameter out of range: ", parameter));
}

}  // namespace zaojing::stats
