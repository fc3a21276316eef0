// `analyze scan`: space-time scan statistics. The statistics and their sources are in processors/stats/scan;
// this file reads options and files.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "app/analyze_commands.h"
#include "app/commands.h"
#include "app/space_time_csv.h"
#include "app/table_csv.h"
#include "processors/stats/scan/scan.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

struct Options {
  std::string counts;
  std::string zones;
  std::string baselines;
  std::string population;
  std::string output = "-";
  stats::ScanOptions scan;
};

void Say(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

std::string LocationsOf(const std::vector<uint32_t>& zone, const NamedCounts& counts) {
  std::string names;
  for (const uint32_t location : zone) names += (names.empty() ? "" : " ") + counts.locations[location];
  return names;
}

// Share of the replicates, and the data themselves, whose best score reaches this one.
class PValues {
 public:
  explicit PValues(std::vector<double> replicates) : sorted_(std::move(replicates)) {
    std::sort(sorted_.begin(), sorted_.end());
  }
  double Of(double score) const {
    if (sorted_.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto reached = sorted_.end() - std::lower_bound(sorted_.begin(), sorted_.end(), score);
    return (1 + static_cast<double>(reached)) / (1 + static_cast<double>(sorted_.size()));
  }

 private:
  std::vector<double> sorted_;
};

absl::Status Write(const Options& options, const NamedCounts& counts, const stats::Zones& zones,
                   const stats::ScanResult& result) {
  const bool population = options.scan.model == stats::ScanModel::kPopulation;
  const PValues p_values(result.replicates);
  TableWriter writer(options.output);
  RETURN_IF_ERROR(writer.Open());
  writer.Comment(absl::StrCat("model=", population ? "population" : "expectation",
                              " replicates=", options.scan.replicates, " seed=", options.scan.seed,
                              " zones=", zones.size(), " durations=", counts.table.steps));
  if (!result.clusters.empty()) {
    const stats::Cluster& best = result.clusters.front();
    const std::string summary =
        absl::StrCat("most likely cluster: zone ", best.zone + 1, " (", LocationsOf(zones[best.zone], counts),
                     "), duration ", best.duration, ", score ", NumberText(best.score), ", relative risk ",
                     NumberText(best.risk_inside), ", p ", NumberText(p_values.Of(best.score)));
    writer.Comment(summary);
    Say(summary);
  }
  writer.Header(population ? "zone,duration,score,relative_risk,relative_risk_outside,p_value,locations"
                           : "zone,duration,score,relative_risk,p_value,locations");
  for (const stats::Cluster& cluster : result.clusters) {
    writer.Count(static_cast<int64_t>(cluster.zone + 1)).Count(static_cast<int64_t>(cluster.duration));
    writer.Number(cluster.score).Number(cluster.risk_inside);
    if (population) writer.Number(cluster.risk_outside);
    writer.Number(p_values.Of(cluster.score)).Text(LocationsOf(zones[cluster.zone], counts));
    RETURN_IF_ERROR(writer.EndRow());
  }
  return writer.Close();
}

absl::Status Run(Options options) {
  if (options.baselines.empty() == options.population.empty()) {
    return absl::InvalidArgumentError("give one of --baselines and --population");
  }
  ASSIGN_OR_RETURN(const NamedCounts counts, ReadCounts(options.counts));
  ASSIGN_OR_RETURN(const stats::Zones zones, ReadZones(options.zones, counts.locations));
  stats::SpaceTime<double> baselines;
  if (options.population.empty()) {
    ASSIGN_OR_RETURN(baselines, ReadBaselines(options.baselines, counts));
  } else {
    options.scan.model = stats::ScanModel::kPopulation;
    ASSIGN_OR_RETURN(const stats::SpaceTime<double> population, ReadPopulation(options.population, counts));
    ASSIGN_OR_RETURN(baselines, stats::PopulationBaselines(counts.table, population));
  }
  ASSIGN_OR_RETURN(const stats::ScanResult result, stats::Scan(counts.table, baselines, zones, options.scan));
  return Write(options, counts, zones, result);
}

}  // namespace

void AddAnalyzeScan(CLI::App& analyze, int* exit_code) {
  CLI::App* const command = analyze.add_subcommand(
      "scan", "Space-time scan: expectation-based with --baselines, population-based with --population");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--counts", options->counts,
                   "CSV: a row a step, oldest first; first column its name, one column a location")
      ->required();
  command->add_option("--zones", options->zones, "CSV: zone,location (name or place from 1)")->required();
  command->add_option("--baselines", options->baselines, "CSV shaped as the counts: expected counts");
  command->add_option("--population", options->population,
                      "CSV shaped as the counts, or long: step, location, ..., population");
  command->add_option("--replicates", options->scan.replicates, "Monte-Carlo replicates")->capture_default_str();
  command->add_option("--seed", options->scan.seed, "Seed of the replicates")->capture_default_str();
  command->add_option("--output", options->output, "CSV (or -) of all zones and durations, best first")
      ->capture_default_str();
  command->callback([options, exit_code] {
    const absl::Status status = Run(*options);
    if (!status.ok()) Say(absl::StrCat("zaojing analyze scan: ", status.message()));
    *exit_code = ExitCodeOf(status);
  });
}

}  // namespace zaojing
