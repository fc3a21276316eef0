#include "app/surveillance_methods.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "app/table_csv.h"
#include "processors/stats/surveillance/bayes.h"
#include "processors/stats/surveillance/control_charts.h"
#include "processors/stats/surveillance/cusum.h"
#include "processors/stats/surveillance/ears.h"
#include "processors/stats/surveillance/farrington.h"
#include "processors/stats/surveillance/farrington_flexible.h"
#include "processors/stats/surveillance/likelihood_ratio.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

using stats::Signals;

struct Request {
  const stats::Series& series;
  const SurveillanceFlags& flags;
  bool lenient_first;

  // The index the method begins at: the flag, or its own default; not before `earliest` when lenient.
  size_t First(size_t own, size_t earliest) const {
    if (!flags.first) return own;
    const size_t asked = static_cast<size_t>(std::max<uint64_t>(1, *flags.first) - 1);
    return lenient_first ? std::max(asked, earliest) : asked;
  }
};

// "name=value" pairs of the header comment, in the order given.
class Echo {
 public:
  Echo& Add(const char* name, double value) { return Word(name, NumberText(value)); }
  Echo& Count(const char* name, uint64_t value) { return Word(name, std::to_string(value)); }
  Echo& Flag(const char* name, bool value) { return Word(name, value ? "true" : "false"); }
  Echo& Word(const char* name, const std::string& value) {
    text_ += absl::StrCat(text_.empty() ? "" : " ", name, "=", value);
    return *this;
  }
  Echo& Maybe(const char* name, const std::optional<double>& value, const char* absent) {
    return Word(name, value ? NumberText(*value) : absent);
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

template <typename Value>
absl::StatusOr<Value> Choose(const std::map<std::string, Value>& words, const std::string& word, const char* flag) {
  const auto found = words.find(word);
  if (found != words.end()) return found->second;
  std::string known;
  for (const auto& entry : words) known += (known.empty() ? "" : ", ") + entry.first;
  return absl::InvalidArgumentError(absl::StrCat(flag, " ", word, ": must be one of ", known));
}

const std::map<std::string, stats::PowerTransform> kPowers = {{"none", stats::PowerTransform::kNone},
                                                              {"1/2", stats::PowerTransform::kHalf},
                                                              {"2/3", stats::PowerTransform::kTwoThirds}};
const std::map<std::string, stats::ThresholdMethod> kThresholds = {{"delta", stats::ThresholdMethod::kDelta},
                                                                   {"nbPlugin", stats::ThresholdMethod::kNbPlugin},
                                                                   {"muan", stats::ThresholdMethod::kMuan}};
const std::map<std::string, stats::CusumTransform> kTransforms = {
    {"standard", stats::CusumTransform::kStandard},
    {"rossi", stats::CusumTransform::kRossi},
    {"anscombe", stats::CusumTransform::kAnscombe},
    {"anscombe2nd", stats::CusumTransform::kAnscombe2nd},
    {"pearsonNegBin", stats::CusumTransform::kPearsonNegBin},
    {"moving-range", stats::CusumTransform::kMovingRange},
    {"none", stats::CusumTransform::kNone}};

SurveillanceRun RunEars(const Request& request, stats::EarsMethod method) {
  const SurveillanceFlags& flags = request.flags;
  stats::EarsOptions options{
      .method = method, .baseline = flags.baseline, .min_sigma = flags.min_sigma, .alpha = flags.alpha};
  const size_t earliest = stats::EarsFirst(options);
  options.first = request.First(earliest, earliest);
  Echo echo;
  echo.Count("baseline", options.baseline).Add("min_sigma", options.min_sigma);
  echo.Add("alpha", stats::EarsAlpha(options)).Count("first", *options.first + 1);
  return {echo.Take(), stats::Ears(request.series, options)};
}

absl::Status CheckLimit54(const SurveillanceFlags& flags) {
  const bool sound = flags.limit54.size() == 2 && flags.limit54[0] >= 0 && flags.limit54[1] > 0;
  return sound ? absl::OkStatus() : absl::InvalidArgumentError("--limit54: cases >= 0, then steps > 0");
}

absl::StatusOr<stats::FarringtonOptions> FarringtonOptionsOf(const Request& request) {
  const SurveillanceFlags& flags = request.flags;
  RETURN_IF_ERROR(CheckLimit54(flags));
  stats::FarringtonOptions options;
  options.years_back = flags.b.value_or(options.years_back);
  options.half_window = flags.w.value_or(options.half_window);
  options.reweight = !flags.no_reweight;
  options.alpha = flags.alpha.value_or(options.alpha);
  options.trend = !flags.no_trend;
  options.cases_min = flags.limit54[0];
  options.cases_steps = static_cast<size_t>(flags.limit54[1]);
  options.population_offset = flags.population_offset;
  options.period = flags.frequency;
  ASSIGN_OR_RETURN(options.power, Choose(kPowers, flags.power_transform, "--power-transform"));
  const size_t reach = options.years_back * options.period;
  const size_t own = reach > options.half_window ? reach - options.half_window - 1 : 0;
  const size_t earliest = options.period > options.half_window ? options.period - options.half_window : 0;
  options.first = request.First(own, earliest);
  return options;
}

SurveillanceRun RunFarrington(const Request& request) {
  const absl::StatusOr<stats::FarringtonOptions> options = FarringtonOptionsOf(request);
  if (!options.ok()) return {"", options.status()};
  Echo echo;
  echo.Count("b", options->years_back).Count("w", options->half_window).Flag("reweight", options->reweight);
  echo.Add("alpha", options->alpha).Flag("trend", options->trend);
  echo.Word("limit54", absl::StrCat(options->cases_min, ",", options->cases_steps));
  echo.Word("power_transform", request.flags.power_transform).Flag("population_offset", options->population_offset);
  echo.Count("frequency", options->period).Count("first", *options->first + 1);
  return {echo.Take(), stats::Farrington(request.series, *options)};
}

SurveillanceRun RunFlexible(const Request& request) {
  const SurveillanceFlags& flags = request.flags;
  const absl::StatusOr<stats::FarringtonOptions> shared = FarringtonOptionsOf(request);
  const absl::StatusOr<stats::ThresholdMethod> threshold =
      Choose(kThresholds, flags.threshold_method, "--threshold-method");
  if (!shared.ok()) return {"", shared.status()};
  if (!threshold.ok()) return {"", threshold.status()};
  stats::FarringtonFlexibleOptions options{.years_back = shared->years_back,
                                           .half_window = shared->half_window,
                                           .reweight = shared->reweight,
                                           .weights_threshold = flags.weights_threshold,
                                           .alpha = shared->alpha,
                                           .trend = shared->trend,
                                           .trend_significance = flags.p_threshold_trend,
                                           .cases_min = shared->cases_min,
                                           .cases_steps = shared->cases_steps,
                                           .power = shared->power,
                                           .population_offset = shared->population_offset,
                                           .periods = flags.no_periods,
                                           .threshold = *threshold,
                                           .period = shared->period};
  options.past_excluded = flags.past_not_included.value_or(options.half_window);
  const size_t earliest = options.years_back * options.period + options.half_window;
  options.first = request.First(earliest, earliest);
  Echo echo;
  echo.Count("b", options.years_back).Count("w", options.half_window).Flag("reweight", options.reweight);
  echo.Add("weights_threshold", options.weights_threshold).Add("alpha", options.alpha);
  echo.Flag("trend", options.trend).Add("p_threshold_trend", options.trend_significance);
  echo.Word("limit54", absl::StrCat(options.cases_min, ",", options.cases_steps));
  echo.Word("power_transform", flags.power_transform).Flag("population_offset", options.population_offset);
  echo.Count("no_periods", options.periods).Count("past_not_included", *options.past_excluded);
  echo.Word("threshold_method", flags.threshold_method).Count("frequency", options.period);
  echo.Count("first", *options.first + 1);
  return {echo.Take(), stats::FarringtonFlexible(request.series, options)};
}

SurveillanceRun RunCusum(const Request& request) {
  const SurveillanceFlags& flags = request.flags;
  const absl::StatusOr<stats::CusumTransform> transform = Choose(kTransforms, flags.transform, "--transform");
  if (!transform.ok()) return {"", transform.status()};
  stats::CusumOptions options{.first = request.First(flags.frequency, 1),
                              .k = flags.k,
                              .h = flags.h,
                              .mean = flags.mean,
                              .baseline = flags.level_points,
                              .seasonal = flags.seasonal_mean,
                              .period = flags.frequency,
                              .transform = *transform,
                              .alpha = flags.pearson_alpha};
  Echo echo;
  echo.Add("k", options.k).Add("h", options.h).Word("transform", flags.transform);
  echo.Maybe("mean", options.mean, options.seasonal ? "seasonal" : "estimated");
  echo.Count("level_points", options.baseline.value_or(options.first)).Add("pearson_alpha", options.alpha);
  echo.Count("frequency", options.period).Count("first", options.first + 1);
  return {echo.Take(), stats::Cusum(request.series, options)};
}

SurveillanceRun RunLikelihoodRatio(const Request& request, bool poisson) {
  const SurveillanceFlags& flags = request.flags;
  stats::LikelihoodRatioOptions options{.threshold = flags.c_arl,
                                        .theta = flags.theta,
                                        .window = flags.window,
                                        .steps_min = flags.m_tilde,
                                        .decrease = flags.decrease};
  options.baseline = {.harmonics = flags.harmonics, .trend = flags.baseline_trend, .period = flags.frequency};
  if (!poisson) options.baseline.alpha = flags.dispersion;
  options.first = request.First(flags.frequency, 1 + 2 * flags.harmonics + (flags.baseline_trend ? 1 : 0));
  Echo echo;
  echo.Add("c_arl", options.threshold).Maybe("theta", options.theta, "estimated");
  echo.Word("window", options.window ? std::to_string(*options.window) : "none").Count("m_tilde", options.steps_min);
  echo.Flag("decrease", options.decrease).Count("harmonics", options.baseline.harmonics);
  echo.Flag("baseline_trend", options.baseline.trend);
  if (!poisson) echo.Maybe("dispersion", options.baseline.alpha, "estimated");
  echo.Count("frequency", options.baseline.period).Count("first", options.first + 1);
  return {echo.Take(), stats::LikelihoodRatioChart(request.series, options)};
}

SurveillanceRun RunBayes(const Request& request) {
  const SurveillanceFlags& flags = request.flags;
  stats::BayesOptions options;
  options.years_back = flags.b.value_or(options.years_back);
  options.half_window = flags.w.value_or(options.half_window);
  options.recent = !flags.no_recent;
  options.alpha = flags.alpha.value_or(options.alpha);
  options.period = flags.frequency;
  const size_t earliest = options.years_back * options.period + options.half_window;
  options.first = request.First(earliest, earliest);
  Echo echo;
  echo.Count("b", options.years_back).Count("w", options.half_window).Flag("recent", options.recent);
  echo.Add("alpha", options.alpha).Count("frequency", options.period).Count("first", *options.first + 1);
  return {echo.Take(), stats::Bayes(request.series, options)};
}

SurveillanceRun RunChart(const Request& request, bool ewma) {
  const SurveillanceFlags& flags = request.flags;
  const stats::ChartOptions options{.first = request.First(flags.frequency, flags.level_points ? 0 : 2),
                                    .baseline = flags.level_points,
                                    .width = flags.width,
                                    .lambda = flags.lambda,
                                    .start = flags.start};
  Echo echo;
  echo.Add("width", options.width);
  if (ewma) echo.Add("lambda", options.lambda).Maybe("start", options.start, "level");
  echo.Count("level_points", options.baseline.value_or(options.first)).Count("first", options.first + 1);
  return {echo.Take(), ewma ? stats::Ewma(request.series, options) : stats::Shewhart(request.series, options)};
}

struct Method {
  std::string name;
  std::function<SurveillanceRun(const Request&)> run;
};

const std::vector<Method>& Methods() {
  static const std::vector<Method>* const methods = new std::vector<Method>{
      {"c1", [](const Request& r) { return RunEars(r, stats::EarsMethod::kC1); }},
      {"c2", [](const Request& r) { return RunEars(r, stats::EarsMethod::kC2); }},
      {"c3", [](const Request& r) { return RunEars(r, stats::EarsMethod::kC3); }},
      {"farrington", RunFarrington},
      {"farrington-flexible", RunFlexible},
      {"cusum", RunCusum},
      {"glr-poisson", [](const Request& r) { return RunLikelihoodRatio(r, true); }},
      {"bayes", RunBayes},
      {"ewma", [](const Request& r) { return RunChart(r, true); }},
      {"shewhart", [](const Request& r) { return RunChart(r, false); }},
      {"nbcusum", [](const Request& r) { return RunLikelihoodRatio(r, false); }},
  };
  return *methods;
}

}  // namespace

const std::vector<std::string>& SurveillanceMethodNames() {
  static const std::vector<std::string>* const names = [] {
    auto* list = new std::vector<std::string>;
    for (const Method& method : Methods()) list->push_back(method.name);
    return list;
  }();
  return *names;
}

SurveillanceRun RunSurveillanceMethod(const std::string& name, const stats::Series& series,
                                      const SurveillanceFlags& flags, bool lenient_first) {
  for (const Method& method : Methods()) {
    if (method.name == name) return method.run({series, flags, lenient_first});
  }
  return {"", absl::InvalidArgumentError(absl::StrCat("unknown method ", name))};
}

}  // namespace zaojing
