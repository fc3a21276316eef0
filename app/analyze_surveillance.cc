// `analyze surveillance`: a series of counts judged by one method or all. The methods and their sources are
// in processors/stats/surveillance; this file reads options and files.
#include <cstdio>
#include <limits>
#include <memory>

#include "absl/strings/str_cat.h"
#include "app/analyze_commands.h"
#include "app/commands.h"
#include "app/surveillance_methods.h"
#include "app/table_csv.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

struct Options {
  std::string input;
  std::string output = "-";
  std::string method = "all";
  std::vector<std::string> columns;
  uint64_t max_rejected = 0;
  bool skip_bad = false;
  SurveillanceFlags flags;
};

void Say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

struct DatedSeries {
  std::vector<std::string> dates;
  std::vector<int64_t> counts;
  std::vector<double> population;  // empty: no such column
  TableSummary summary;
};

absl::StatusOr<DatedSeries> ReadSeries(const Options& options) {
  TableSource source{.path = options.input};
  ASSIGN_OR_RETURN(source.columns, ParseColumns(options.columns, {"date", "count", "population"}));
  source.rejected_max = options.skip_bad ? std::numeric_limits<uint64_t>::max() : options.max_rejected;
  source.progress = [](uint64_t rows) { Say(absl::StrCat(rows, " rows read")); };
  if (source.rejected_max > 0) source.report_bad = Say;
  DatedSeries series;
  const std::vector<TableColumn> columns = {{"date"}, {"count"}, {"population", false}};
  const TakeRow take = [&](const std::vector<std::optional<std::string_view>>& cells) {
    ASSIGN_OR_RETURN(const int64_t count, ParseCount(*cells[1], "count"));
    if (count < 0 || count > limits::kSeriesCountMax) return absl::InvalidArgumentError("count out of range");
    if (cells[2]) {
      ASSIGN_OR_RETURN(const double population, ParseNumber(*cells[2], "population"));
      if (!(population > 0 && population < std::numeric_limits<double>::infinity())) {
        return absl::InvalidArgumentError("population is not positive");
      }
      series.population.push_back(population);
    }
    series.dates.emplace_back(*cells[0]);
    series.counts.push_back(count);
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(series.summary, ReadTable(source, columns, take));
  return series;
}

absl::Status WriteSignals(const std::string& method, const DatedSeries& series,
                          const std::vector<stats::Signal>& signals, TableWriter& writer) {
  for (const stats::Signal& signal : signals) {
    writer.Text(series.dates[signal.index]).Text(method);
    writer.Number(signal.expected).Number(signal.statistic).Number(signal.lower_bound).Number(signal.upper_bound);
    RETURN_IF_ERROR(writer.Count(signal.alarm ? 1 : 0).EndRow());
  }
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  const bool all = options.method == "all";
  const std::vector<std::string> methods = all ? SurveillanceMethodNames() : std::vector<std::string>{options.method};
  ASSIGN_OR_RETURN(const DatedSeries series, ReadSeries(options));
  Say(absl::StrCat(series.summary.rows, " rows, ", series.summary.rejected, " bad"));
  std::vector<SurveillanceRun> runs;
  for (const std::string& method : methods) {
    runs.push_back(RunSurveillanceMethod(method, {series.counts, series.population}, options.flags, all));
    const absl::Status& status = runs.back().signals.status();
    // A method that this series cannot serve (too short for its model) does not stop the others.
    if (!status.ok() && !(all && absl::IsFailedPrecondition(status))) {
      return absl::Status(status.code(), absl::StrCat(method, ": ", status.message()));
    }
  }
  TableWriter writer(options.output);
  RETURN_IF_ERROR(writer.Open());
  for (size_t i = 0; i < methods.size(); ++i) {
    const absl::Status& status = runs[i].signals.status();
    writer.Comment(absl::StrCat(methods[i], ": ", runs[i].parameters,
                                status.ok() ? "" : absl::StrCat(" (not run: ", status.message(), ")")));
  }
  writer.Header("date,method,expected,statistic,lower_bound,upper_bound,alarm");
  for (size_t i = 0; i < methods.size(); ++i) {
    if (!runs[i].signals.ok()) continue;
    RETURN_IF_ERROR(WriteSignals(methods[i], series, *runs[i].signals, writer));
  }
  return writer.Close();
}

void AddSharedFlags(CLI::App& command, SurveillanceFlags& flags) {
  command.add_option("--first", flags.first, "First row judged, from 1; else the first the method can judge");
  command.add_option("--frequency", flags.frequency, "Rows a year")->capture_default_str();
  command.add_option("--alpha", flags.alpha,
                     "Error level; else 0.001 (c1, c2), 0.025 (c3), 0.05 (farrington, farrington-flexible, bayes)");
  command.add_option("--baseline", flags.baseline, "EARS: rows of the baseline")->capture_default_str();
  command.add_option("--min-sigma", flags.min_sigma, "EARS: least standard deviation")->capture_default_str();
}

void AddRegressionFlags(CLI::App& command, SurveillanceFlags& flags) {
  command.add_option("--b", flags.b, "Years back; else 5 (farrington, farrington-flexible), 0 (bayes)");
  command.add_option("--w", flags.w, "Half window; else 3 (farrington, farrington-flexible), 6 (bayes)");
  command.add_flag("--no-reweight", flags.no_reweight, "Farrington: past outbreaks keep their weight");
  command.add_flag("--no-trend", flags.no_trend, "Farrington: no trend");
  command.add_option("--limit54", flags.limit54, "Farrington: least cases, in so many last rows")
      ->delimiter(',')
      ->expected(2)
      ->capture_default_str();
  command.add_option("--power-transform", flags.power_transform, "Farrington: none, 1/2 or 2/3")->capture_default_str();
  command.add_flag("--population-offset", flags.population_offset, "Farrington: log population as offset");
  command
      .add_option("--weights-threshold", flags.weights_threshold,
                  "farrington-flexible: residual above which weights fall")
      ->capture_default_str();
  command.add_option("--p-threshold-trend", flags.p_threshold_trend, "farrington-flexible: significance a trend needs")
      ->capture_default_str();
  command.add_option("--no-periods", flags.no_periods, "farrington-flexible: seasonal periods a year")
      ->capture_default_str();
  command.add_option("--past-not-included", flags.past_not_included,
                     "farrington-flexible: last rows left out of the reference; else w");
  command.add_option("--threshold-method", flags.threshold_method, "farrington-flexible: delta, nbPlugin or muan")
      ->capture_default_str();
  command.add_flag("--no-recent", flags.no_recent, "bayes: leave the current year's rows out of the reference");
}

void AddChartFlags(CLI::App& command, SurveillanceFlags& flags) {
  command.add_option("--k", flags.k, "cusum: reference value")->capture_default_str();
  command.add_option("--h", flags.h, "cusum: decision interval")->capture_default_str();
  command
      .add_option("--transform", flags.transform,
                  "cusum: standard, rossi, anscombe, anscombe2nd, pearsonNegBin, moving-range or none")
      ->capture_default_str();
  command.add_option("--mean", flags.mean, "cusum: in-control mean; else that of the leading rows");
  command.add_flag("--seasonal-mean", flags.seasonal_mean, "cusum: in-control mean from a seasonal model");
  command.add_option("--pearson-alpha", flags.pearson_alpha, "cusum, pearsonNegBin: dispersion")->capture_default_str();
  command.add_option("--c-arl", flags.c_arl, "glr-poisson, nbcusum: threshold")->capture_default_str();
  command.add_option("--theta", flags.theta, "glr-poisson, nbcusum: log of the shift to detect; else estimated");
  command.add_option("--window", flags.window, "glr-poisson, nbcusum: rows a shift may lie back; else all");
  command.add_option("--m-tilde", flags.m_tilde, "glr-poisson, nbcusum: least rows of a shift")->capture_default_str();
  command.add_flag("--decrease", flags.decrease, "glr-poisson, nbcusum: look for a fall");
  command.add_option("--harmonics", flags.harmonics, "glr-poisson, nbcusum: harmonics of the in-control mean")
      ->capture_default_str();
  command.add_flag("--baseline-trend", flags.baseline_trend, "glr-poisson, nbcusum: trend in the in-control mean");
  command.add_option("--dispersion", flags.dispersion, "nbcusum: alpha of variance mu + alpha mu^2; else estimated");
  command.add_option("--level-points", flags.level_points, "ewma, shewhart, cusum: leading rows that set the level");
  command.add_option("--width", flags.width, "ewma, shewhart: limits in sigmas")->capture_default_str();
  command.add_option("--lambda", flags.lambda, "ewma: weight of the newest row")->capture_default_str();
  command.add_option("--start", flags.start, "ewma: value before the first row; else the level");
}

}  // namespace

void AddAnalyzeSurveillance(CLI::App& analyze, int* exit_code) {
  CLI::App* const command =
      analyze.add_subcommand("surveillance", "Aberrations in a series of counts, rows at equal steps of time");
  const auto options = std::make_shared<Options>();
  command->add_option("--input", options->input, "CSV (or .gz, or -): date,count[,population]")->required();
  command->add_option("--output", options->output, "CSV (or -) of every row judged")->capture_default_str();
  std::string known = "all";
  for (const std::string& name : SurveillanceMethodNames()) known += "|" + name;
  command->add_option("--method", options->method, known)->capture_default_str();
  command->add_option("--columns", options->columns, "Other header names: date=WEEK,count=CASES")->delimiter(',');
  CLI::Option* const skip =
      command->add_flag("--skip-bad", options->skip_bad,
                        "Pass over bad rows, however many, and count them; the rows around them close up");
  command->add_option("--max-rejected", options->max_rejected, "Bad rows passed over before exit code 3")
      ->capture_default_str()
      ->excludes(skip);
  AddSharedFlags(*command, options->flags);
  AddRegressionFlags(*command, options->flags);
  AddChartFlags(*command, options->flags);
  command->callback([options, exit_code] {
    const absl::Status status = Run(*options);
    if (!status.ok()) Say(absl::StrCat("zaojing analyze surveillance: ", status.message()));
    *exit_code = ExitCodeOf(status);
  });
}

}  // namespace zaojing
