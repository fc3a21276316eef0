#include "processors/stats/surveillance/bayes.h"

#include "processors/stats/surveillance/count_quantiles.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {

Signals Bayes(const Series& series, const BayesOptions& options) {
  RETURN_IF_ERROR(CheckSeries(series));
  const size_t w = options.half_window;
  const size_t b = options.years_back;
  RETURN_IF_ERROR(CheckParameter(options.alpha > 0 && options.alpha < 1, "alpha"));
  RETURN_IF_ERROR(CheckParameter(options.period >= 1 && options.period <= limits::kPeriodMax, "period"));
  RETURN_IF_ERROR(CheckParameter(b <= limits::kYearsBackMax, "years-back"));
  RETURN_IF_ERROR(CheckParameter(w <= limits::kBaselineMax && (b > 0 || (w > 0 && options.recent)), "half-window"));
  RETURN_IF_ERROR(CheckParameter(b == 0 || w < options.period, "half-window"));
  const size_t first = options.first.value_or(b * options.period + w);
  RETURN_IF_ERROR(CheckParameter(first >= b * options.period + w, "first"));

  std::vector<int64_t> sums(series.counts.size() + 1, 0);  // sums[t] = counts before t
  for (size_t t = 0; t < series.counts.size(); ++t) sums[t + 1] = sums[t] + series.counts[t];
  std::vector<Signal> signals;
  for (size_t t = first; t < series.counts.size(); ++t) {
    int64_t total = options.recent ? sums[t] - sums[t - w] : 0;
    size_t references = options.recent ? w : 0;
    for (size_t i = 1; i <= b; ++i) {
      const size_t centre = t - i * options.period;
      total += sums[centre + w + 1] - sums[centre - w];
      references += 2 * w + 1;
    }
    const double size = static_cast<double>(total) + 0.5;
    const double y = static_cast<double>(series.counts[t]);
    Signal signal{.index = t, .expected = size / static_cast<double>(references)};
    signal.upper_bound = NegativeBinomialQuantile(1 - options.alpha, signal.expected, size);
    signal.statistic = NegativeBinomialUpperTail(y, signal.expected, size);
    signal.alarm = y > signal.upper_bound;
    signals.push_back(signal);
  }
  return signals;
}

}  // namespace zaojing::stats
