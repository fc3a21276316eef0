// `analyze sequential`: the critical value of a sequential test, and a monitored series against it. The test
// and its source are in processors/stats/sequential; this file reads options and files.
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "absl/strings/str_cat.h"
#include "app/analyze_commands.h"
#include "app/commands.h"
#include "app/table_csv.h"
#include "processors/stats/sequential/max_sprt.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr const char* kMethod = "poisson-maxsprt";

struct Options {
  std::string method = kMethod;
  std::string input;  // empty: the critical value alone
  std::string output = "-";
  std::vector<std::string> columns;
  uint64_t max_rejected = 0;
  bool skip_bad = false;
  stats::MaxSprtOptions test;
};

void Say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

struct DatedSteps {
  std::vector<std::string> dates;
  std::vector<stats::SequentialStep> steps;
};

absl::StatusOr<DatedSteps> ReadSteps(const Options& options) {
  TableSource source{.path = options.input};
  ASSIGN_OR_RETURN(source.columns, ParseColumns(options.columns, {"date", "observed", "expected"}));
  source.rejected_max = options.skip_bad ? std::numeric_limits<uint64_t>::max() : options.max_rejected;
  source.progress = [](uint64_t rows) { Say(absl::StrCat(rows, " rows read")); };
  if (source.rejected_max > 0) source.report_bad = Say;
  DatedSteps series;
  const TakeRow take = [&](const std::vector<std::optional<std::string_view>>& cells) {
    ASSIGN_OR_RETURN(const int64_t observed, ParseCount(*cells[1], "observed"));
    ASSIGN_OR_RETURN(const double expected, ParseNumber(*cells[2], "expected"));
    if (observed < 0 || observed > limits::kSeriesCountMax) return absl::InvalidArgumentError("observed out of range");
    if (!(expected >= 0 && std::isfinite(expected))) return absl::InvalidArgumentError("expected out of range");
    series.dates.emplace_back(*cells[0]);
    series.steps.push_back({observed, expected});
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const TableSummary summary, ReadTable(source, {{"date"}, {"observed"}, {"expected"}}, take));
  Say(absl::StrCat(summary.rows, " rows, ", summary.rejected, " bad"));
  return series;
}

std::string Parameters(const Options& options) {
  return absl::StrCat(options.method, ": alpha=", NumberText(options.test.alpha),
                      " horizon=", NumberText(options.test.horizon), " min_cases=", options.test.cases_min);
}

absl::Status WriteCriticalValue(const Options& options, const absl::StatusOr<double>& critical) {
  TableWriter writer(options.output);
  RETURN_IF_ERROR(writer.Open());
  writer.Comment(Parameters(options));
  writer.Header("method,alpha,horizon,min_cases,critical_value");
  writer.Text(options.method).Number(options.test.alpha).Number(options.test.horizon).Count(options.test.cases_min);
  writer.Number(critical.ok() ? *critical : std::nan(""));
  RETURN_IF_ERROR(writer.EndRow());
  return writer.Close();
}

absl::Status WriteSeries(const Options& options, const DatedSteps& series, double critical) {
  ASSIGN_OR_RETURN(const std::vector<stats::SequentialVerdict> verdicts,
                   stats::MaxSprtMonitor(series.steps, critical, options.test));
  TableWriter writer(options.output);
  RETURN_IF_ERROR(writer.Open());
  writer.Comment(absl::StrCat(Parameters(options), " critical_value=", NumberText(critical)));
  writer.Header("date,observed,expected,cumulative_observed,cumulative_expected,llr,critical_value,signal,ended");
  std::string first;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    const stats::SequentialVerdict& verdict = verdicts[i];
    if (verdict.signal && first.empty()) first = series.dates[i];
    writer.Text(series.dates[i]).Count(series.steps[i].observed).Number(series.steps[i].expected);
    writer.Count(verdict.observed).Number(verdict.expected).Number(verdict.llr).Number(critical);
    RETURN_IF_ERROR(writer.Count(verdict.signal ? 1 : 0).Count(verdict.horizon_reached ? 1 : 0).EndRow());
  }
  Say(first.empty() ? "no signal" : absl::StrCat("signal at ", first));
  return writer.Close();
}

absl::Status Run(const Options& options) {
  if (options.method != kMethod) {
    return absl::InvalidArgumentError(absl::StrCat("--method ", options.method, ": must be ", kMethod));
  }
  const absl::StatusOr<double> critical = stats::MaxSprtCriticalValue(options.test);
  if (!critical.ok() && !absl::IsNotFound(critical.status())) return critical.status();
  if (!critical.ok()) Say(std::string(critical.status().message()));
  if (options.input.empty()) return WriteCriticalValue(options, critical);
  RETURN_IF_ERROR(critical.status());
  ASSIGN_OR_RETURN(const DatedSteps series, ReadSteps(options));
  return WriteSeries(options, series, *critical);
}

}  // namespace

void AddAnalyzeSequential(CLI::App& analyze, int* exit_code) {
  CLI::App* const command = analyze.add_subcommand(
      "sequential", "Sequential test: its critical value, and when a series of observed and expected counts signals");
  const auto options = std::make_shared<Options>();
  command->add_option("--method", options->method, kMethod)->capture_default_str();
  command->add_option("--alpha", options->test.alpha, "Probability of a false signal")->capture_default_str();
  command->add_option("--horizon", options->test.horizon, "Expected events at which monitoring ends")->required();
  command->add_option("--min-cases", options->test.cases_min, "Least events of a signal")->capture_default_str();
  command->add_option("--input", options->input, "CSV (or .gz, or -): date,observed,expected");
  command->add_option("--output", options->output, "CSV (or -)")->capture_default_str();
  command->add_option("--columns", options->columns, "Other header names: date=WEEK,observed=N")->delimiter(',');
  CLI::Option* const skip =
      command->add_flag("--skip-bad", options->skip_bad, "Pass over bad rows, however many, and count them");
  command->add_option("--max-rejected", options->max_rejected, "Bad rows passed over before exit code 3")
      ->capture_default_str()
      ->excludes(skip);
  command->callback([options, exit_code] {
    const absl::Status status = Run(*options);
    if (!status.ok()) Say(absl::StrCat("zaojing analyze sequential: ", status.message()));
    *exit_code = ExitCodeOf(status);
  });
}

}  // namespace zaojing
