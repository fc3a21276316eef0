// `analyze disproportionality`: product-event pairs of a case file with every disproportionality figure. The
// figures and their sources are in processors/stats/disproportionality; this file reads options and says what
// was done.
#include <charconv>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "app/analyze_commands.h"
#include "app/commands.h"
#include "app/pair_csv.h"
#include "processors/stats/disproportionality/prior_fit.h"
#include "processors/stats/disproportionality/squash.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

struct Options {
  std::string input;
  std::string output = "-";
  std::vector<std::string> columns;  // ours=theirs
  std::vector<double> theta;         // alpha1, beta1, alpha2, beta2, P
  std::vector<std::string> squash;   // auto, or n11:bin:keep
  int64_t min_n = 1;
  uint64_t max_rejected = 0;
  bool skip_bad = false;
};

void Say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

std::string Shown(const stats::GammaMixture& prior) {
  return absl::StrFormat("%.10g,%.10g,%.10g,%.10g,%.10g", prior.alpha1, prior.beta1, prior.alpha2, prior.beta2,
                         prior.weight);
}

void SayRun(const char* what, const stats::PriorFitRun& run) {
  Say(absl::StrFormat("  %s: theta %s, -log L %.7f, %s after %d steps from %s%s", what, Shown(run.prior),
                      run.negative_log_likelihood, run.converged ? "converged" : "NOT CONVERGED", run.iterations,
                      Shown(run.start), run.at_bound ? "; a parameter is at its bound" : ""));
}

absl::Status SquashPoints(const std::vector<std::string>& rules, std::vector<stats::WeightedPoint>* points) {
  for (const std::string& text : rules) {
    if (text == "auto") {
      *points = stats::AutoSquash(std::move(*points));
      continue;
    }
    stats::SquashRule rule;
    const std::vector<std::string> parts = absl::StrSplit(text, ':');
    if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &rule.n11) || !absl::SimpleAtoi(parts[1], &rule.bin_size) ||
        !absl::SimpleAtoi(parts[2], &rule.keep)) {
      return absl::InvalidArgumentError(absl::StrCat("--squash ", text, ": neither auto nor n11:bin:keep"));
    }
    if (const absl::Status done = stats::Squash(rule, points); !done.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--squash ", text, ": ", done.message()));
    }
  }
  return absl::OkStatus();
}

// The prior to use: the given one, or the fitted one; nullopt when the pairs are too few to fit one.
absl::StatusOr<std::optional<stats::GammaMixture>> ChoosePrior(const Options& options,
                                                               const stats::PairCounts& counts) {
  std::vector<stats::WeightedPoint> pairs;
  pairs.reserve(counts.pairs.size());
  for (size_t i = 0; i < counts.pairs.size(); ++i) pairs.push_back({counts.pairs[i].n11, counts.Expected(i), 1});
  if (!options.theta.empty()) {
    const stats::GammaMixture prior = {options.theta[0], options.theta[1], options.theta[2], options.theta[3],
                                       options.theta[4]};
    RETURN_IF_ERROR(stats::CheckPrior(prior));
    Say(absl::StrFormat("prior given: theta %s, -log L %.7f", Shown(prior),
                        stats::NegativeLogLikelihood(prior, pairs)));
    return std::make_optional(prior);
  }
  std::vector<stats::WeightedPoint> points = pairs;
  RETURN_IF_ERROR(SquashPoints(options.squash, &points));
  const absl::StatusOr<stats::PriorFit> fit = stats::FitPrior(points, stats::DefaultPriorStarts());
  if (absl::IsFailedPrecondition(fit.status())) {
    Say(absl::StrFormat("prior not fitted: %s; ebgm, eb05 and eb95 are NA", fit.status().message()));
    return std::optional<stats::GammaMixture>();
  }
  RETURN_IF_ERROR(fit.status());
  Say(absl::StrFormat("prior fitted to %d points (%d pairs) from %d starts%s; optima, best first:", points.size(),
                      pairs.size(), fit->runs.size(), fit->starts_squashed ? ", tried on squashed points" : ""));
  for (const stats::PriorFitRun& run : fit->optima) SayRun("optimum", run);
  if (!options.squash.empty()) {
    Say(absl::StrFormat("  -log L of the best on all %d pairs: %.7f", pairs.size(),
                        stats::NegativeLogLikelihood(fit->best().prior, pairs)));
  }
  return std::make_optional(fit->best().prior);
}

absl::StatusOr<PairInputOptions> InputOptions(const Options& options) {
  PairInputOptions input;
  input.path = options.input;
  for (const std::string& mapping : options.columns) {
    const std::vector<std::string> names = absl::StrSplit(mapping, absl::MaxSplits('=', 1));
    const bool known = names[0] == "case_id" || names[0] == "product" || names[0] == "event" || names[0] == "stratum" ||
                       names[0] == "n11";
    if (names.size() != 2 || !known || names[1].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--columns ", mapping, ": must be case_id, product, event, stratum or n11, then =name"));
    }
    input.columns[names[0]] = names[1];
  }
  input.rejected_max = options.skip_bad ? std::numeric_limits<uint64_t>::max() : options.max_rejected;
  input.progress = [](uint64_t rows) { Say(absl::StrFormat("%d rows read", rows)); };
  if (input.rejected_max > 0) input.report_bad = Say;
  return input;
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const PairInputOptions input_options, InputOptions(options));
  ASSIGN_OR_RETURN(const PairInput input, ReadPairs(input_options));
  const stats::PairCounts& counts = input.counts;
  Say(absl::StrFormat("%d rows, %d bad; %d pairs of %d products and %d events; n = %d (%s)%s", input.rows,
                      input.rejected, counts.pairs.size(), counts.products.size(), counts.events.size(), counts.n,
                      input.of_cases ? "distinct cases" : "sum of n11", input.stratified ? "; stratified" : ""));
  ASSIGN_OR_RETURN(const std::optional<stats::GammaMixture> prior, ChoosePrior(options, counts));
  stats::FigureCalculator calculator(prior);
  ASSIGN_OR_RETURN(const uint64_t written, WritePairs(counts, calculator, options.min_n, options.output));
  Say(absl::StrFormat("%d pairs written", written));
  return absl::OkStatus();
}

int ExitCode(const absl::Status& status) {
  if (status.ok()) return kExitDone;
  if (absl::IsInvalidArgument(status)) return kExitUsage;
  return absl::IsOutOfRange(status) ? kExitRejected : kExitFailed;
}

}  // namespace

void AddAnalyzeDisproportionality(CLI::App& analyze, int* exit_code) {
  CLI::App* const command = analyze.add_subcommand(
      "disproportionality", "Product-event pairs with PRR, ROR, Yule's Q, chi-square, Evans, IC, BCPNN and EBGM");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--input", options->input,
                   "CSV (or .gz, or -): case_id,product,event[,stratum] or product,event,n11")
      ->required();
  command->add_option("--output", options->output, "CSV (or -) of pairs, sorted by product, event")
      ->capture_default_str();
  command->add_option("--columns", options->columns, "Other header names: case_id=CASEID,product=DRUG,event=AE")
      ->delimiter(',');
  CLI::Option* const theta =
      command->add_option("--theta", options->theta, "Prior alpha1,beta1,alpha2,beta2,P instead of the fitted one")
          ->delimiter(',')
          ->expected(5);
  command->add_option("--squash", options->squash, "Fit to squashed pairs: auto, or n11:bin:keep (repeatable)")
      ->excludes(theta);
  command->add_option("--min-n", options->min_n, "Write only pairs with so many reports; all are counted and fitted")
      ->capture_default_str();
  CLI::Option* const skip =
      command->add_flag("--skip-bad", options->skip_bad, "Pass over bad rows, however many, and count them");
  command
      ->add_option("--max-rejected", options->max_rejected,
                   "Bad rows passed over before the run fails with exit code 3")
      ->capture_default_str()
      ->excludes(skip);
  command->callback([options, exit_code] {
    const absl::Status status = Run(*options);
    if (!status.ok()) Say(absl::StrFormat("zaojing analyze disproportionality: %s", status.message()));
    *exit_code = ExitCode(status);
  });
}

}  // namespace zaojing
