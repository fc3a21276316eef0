#include "processors/stats/scan/scan.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "processors/stats/scan/replicate.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

// events ln(events / expected) with 0 ln 0 = 0.
double Gain(double events, double expected) { return events > 0 ? events * std::log(events / expected) : 0; }

// Sums of the latest steps: cell (d - 1, l) = the latest d steps of location l.
template <typename Value>
std::vector<Value> LatestSums(const SpaceTime<Value>& table) {
  std::vector<Value> sums(table.cells.size());
  for (size_t d = 0; d < table.steps; ++d) {
    for (size_t l = 0; l < table.locations; ++l) {
      const Value older = d > 0 ? sums[(d - 1) * table.locations + l] : Value(0);
      sums[d * table.locations + l] = older + table.At(table.steps - 1 - d, l);
    }
  }
  return sums;
}

template <typename Value>
Value Total(const SpaceTime<Value>& table) {
  Value total = 0;
  for (const Value value : table.cells) total += value;
  return total;
}

// All zones by all durations over one table of counts. The baselines' sums are made once for all replicates.
class Scanner {
 public:
  Scanner(const SpaceTime<double>& baselines, const Zones& zones, ScanModel model)
      : zones_(zones), steps_(baselines.steps), locations_(baselines.locations), model_(model) {
    const std::vector<double> latest = LatestSums(baselines);
    baseline_sums_.resize(steps_ * zones.size());
    for (size_t d = 0; d < steps_; ++d) {
      for (size_t z = 0; z < zones.size(); ++z) {
        double sum = 0;
        for (const uint32_t location : zones[z]) sum += latest[d * locations_ + location];
        baseline_sums_[d * zones.size() + z] = sum;
      }
    }
  }

  // Calls visit(zone, duration, events, baseline, total events) for each.
  template <typename Visit>
  void ForEach(const SpaceTime<int64_t>& counts, const Visit& visit) const {
    const std::vector<int64_t> latest = LatestSums(counts);
    const double total = static_cast<double>(Total(counts));
    for (size_t d = 0; d < steps_; ++d) {
      const int64_t* row = &latest[d * locations_];
      for (size_t z = 0; z < zones_.size(); ++z) {
        int64_t events = 0;
        for (const uint32_t location : zones_[z]) events += row[location];
        visit(z, d + 1, static_cast<double>(events), baseline_sums_[d * zones_.size() + z], total);
      }
    }
  }

  double Score(double events, double baseline, double total) const {
    if (!(events > baseline)) return 0;
    if (model_ == ScanModel::kExpectation) return Gain(events, baseline) + baseline - events;
    // Above its baseline, a zone leaves the rest below theirs; rounding must not make that 0.
    const double rest = total - baseline;
    return Gain(events, baseline) + (rest > 0 ? Gain(total - events, rest) : 0);
  }

  double BestScore(const SpaceTime<int64_t>& counts) const {
    double best = 0;
    ForEach(counts, [&](size_t, size_t, double events, double baseline, double total) {
      if (events > baseline) best = std::fmax(best, Score(events, baseline, total));
    });
    return best;
  }

  std::vector<Cluster> Clusters(const SpaceTime<int64_t>& counts) const {
    std::vector<Cluster> clusters;
    clusters.reserve(baseline_sums_.size());
    ForEach(counts, [&](size_t zone, size_t duration, double events, double baseline, double total) {
      Cluster cluster{zone, duration, Score(events, baseline, total), 1, 1};
      const double risk = events == baseline ? 1 : events / baseline;
      if (model_ == ScanModel::kExpectation) {
        cluster.risk_inside = std::fmax(1, risk);
      } else {
        cluster.risk_inside = risk;
        // The baselines sum to the counts, to rounding; a zone of everything has no outside.
        const bool everything = total - baseline <= 1e-9 * total;
        cluster.risk_outside = everything ? 1 : (total - events) / (total - baseline);
      }
      clusters.push_back(cluster);
    });
    std::stable_sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) {
      if (a.score != b.score) return a.score > b.score;
      return a.zone != b.zone ? a.zone < b.zone : a.duration < b.duration;
    });
    return clusters;
  }

 private:
  const Zones& zones_;
  const size_t steps_;
  const size_t locations_;
  const ScanModel model_;
  std::vector<double> baseline_sums_;  // [duration - 1][zone]
};

template <typename A, typename B>
bool SameShape(const SpaceTime<A>& a, const SpaceTime<B>& b) {
  return a.steps == b.steps && a.locations == b.locations && a.cells.size() == a.steps * a.locations &&
         b.cells.size() == a.cells.size();
}

absl::Status CheckTables(const SpaceTime<int64_t>& counts, const SpaceTime<double>& baselines) {
  if (!SameShape(counts, baselines)) return absl::InvalidArgumentError("counts and baselines differ in shape");
  if (counts.cells.size() > limits::kScanCellsMax) return absl::InvalidArgumentError("too many steps and locations");
  for (size_t i = 0; i < counts.cells.size(); ++i) {
    const int64_t count = counts.cells[i];
    const double baseline = baselines.cells[i];
    if (count < 0 || count > limits::kSeriesCountMax) {
      return absl::InvalidArgumentError(absl::StrCat("count out of range in cell ", i + 1));
    }
    if (!std::isfinite(baseline) || baseline < 0 || (baseline == 0 && count > 0)) {
      return absl::InvalidArgumentError(absl::StrCat("baseline not positive in cell ", i + 1));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckZones(const Zones& zones, size_t locations, size_t steps) {
  if (zones.size() > limits::kScanCellsMax / std::max<size_t>(1, steps)) {
    return absl::InvalidArgumentError("too many zones");
  }
  for (size_t z = 0; z < zones.size(); ++z) {
    if (zones[z].empty()) return absl::InvalidArgumentError(absl::StrCat("zone ", z + 1, " is empty"));
    for (const uint32_t location : zones[z]) {
      if (location >= locations) return absl::InvalidArgumentError(absl::StrCat("unknown location in zone ", z + 1));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScanResult> Scan(const SpaceTime<int64_t>& counts, const SpaceTime<double>& baselines,
                                const Zones& zones, const ScanOptions& options) {
  RETURN_IF_ERROR(CheckTables(counts, baselines));
  RETURN_IF_ERROR(CheckZones(zones, counts.locations, counts.steps));
  if (options.replicates < 0 || options.replicates > limits::kScanReplicatesMax) {
    return absl::InvalidArgumentError("replicates out of range");
  }
  const int64_t total = Total(counts);
  if (options.model == ScanModel::kPopulation) {
    const double expected = Total(baselines);
    if (std::fabs(expected - static_cast<double>(total)) > 1e-6 * static_cast<double>(total)) {
      return absl::InvalidArgumentError("baselines do not sum to the counts");
    }
  }
  const Scanner scanner(baselines, zones, options.model);
  ScanResult result;
  result.clusters = scanner.Clusters(counts);
  if (options.replicates == 0 || result.clusters.empty()) return result;
  Replicator replicator(options.seed);
  SpaceTime<int64_t> drawn = counts;
  int reached = 0;
  for (int i = 0; i < options.replicates; ++i) {
    if (options.model == ScanModel::kExpectation) {
      replicator.DrawPoisson(baselines, drawn);
    } else {
      replicator.DrawMultinomial(baselines, total, drawn);
    }
    result.replicates.push_back(scanner.BestScore(drawn));
    reached += result.replicates.back() >= result.clusters.front().score ? 1 : 0;
  }
  result.p_value = (1.0 + reached) / (1.0 + options.replicates);
  return result;
}

absl::StatusOr<SpaceTime<double>> PopulationBaselines(const SpaceTime<int64_t>& counts,
                                                      const SpaceTime<double>& population) {
  if (!SameShape(counts, population)) return absl::InvalidArgumentError("counts and population differ in shape");
  SpaceTime<double> baselines = population;
  const double each_step = static_cast<double>(Total(counts)) / static_cast<double>(counts.steps);
  for (size_t step = 0; step < counts.steps; ++step) {
    double persons = 0;
    for (size_t l = 0; l < counts.locations; ++l) {
      const double here = population.At(step, l);
      if (!std::isfinite(here) || here <= 0) {
        return absl::InvalidArgumentError(absl::StrCat("population not positive at step ", step + 1));
      }
      persons += here;
    }
    for (size_t l = 0; l < counts.locations; ++l) {
      baselines.cells[step * counts.locations + l] *= each_step / persons;
    }
  }
  return baselines;
}

}  // namespace zaojing::stats
