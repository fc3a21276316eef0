// Space-time scan statistics for Poisson counts: which zone, over how many of the latest steps, stands out
// most, and how often chance alone would do as much (as in R scanstatistics scan_eb_poisson,
// scan_pb_poisson). Pure: randomness comes from the seed alone.
//
// For a zone and a duration d, C = its counts over the latest d steps, B = their baselines; N = all counts.
//   kExpectation  score = C ln(C / B) + B - C for C > B, else 0; risk_inside = max(1, C / B)   (Neill et al.
//   2005) kPopulation   score = C ln(C / B) + (N - C) ln((N - C) / (N - B)) for C > B, else 0; risk_inside =
//   C / B,
//                 risk_outside = (N - C) / (N - B), 1 when B reaches N                          (Kulldorff
//                 1997, 2001)
// kPopulation needs baselines that sum to N; PopulationBaselines makes them. 0 ln 0 = 0.
// p value = (1 + replicates whose best score reaches the observed best) / (1 + replicates), the replicates
// drawn under the null: Poisson with the baselines as means, or N events shared out in their proportion.
// Error: scores 1e-12 relative. The same seed gives the same replicates on every machine with the same libm.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing::stats {

enum class ScanModel { kExpectation, kPopulation };

// A table of steps (rows, oldest first) by locations (columns), row after row.
template <typename Value>
struct SpaceTime {
  size_t steps = 0;
  size_t locations = 0;
  std::vector<Value> cells = {};
  Value At(size_t step, size_t location) const { return cells[step * locations + location]; }
};

// A zone is a set of location indices; every zone has at least one.
using Zones = std::vector<std::vector<uint32_t>>;

struct Cluster {
  size_t zone = 0;      // index into Zones
  size_t duration = 0;  // latest steps, >= 1
  double score = 0;
  double risk_inside = 1;
  double risk_outside = 1;  // kPopulation only
};

struct ScanResult {
  std::vector<Cluster> clusters;   // best first; ties by zone, then duration. Empty without steps or zones.
  std::optional<double> p_value;   // without replicates: absent
  std::vector<double> replicates;  // best score of each, in order drawn
};

struct ScanOptions {
  ScanModel model = ScanModel::kExpectation;
  int replicates = 0;  // 0 .. limits::kScanReplicatesMax
  uint64_t seed = 1;
};

// Scans all zones by all durations. kInvalidArgument: tables of different shapes, a negative count, a
// baseline that is not finite and positive (0 is allowed where the count is 0), an empty zone, a location
// beyond the table, an option out of range; for kPopulation baselines that do not sum to the counts within
// 1e-6 relative.
absl::StatusOr<ScanResult> Scan(const SpaceTime<int64_t>& counts, const SpaceTime<double>& baselines,
                                const Zones& zones, const ScanOptions& options);

// Baselines for kPopulation: each step expects the same share of all events, divided by population.
// kInvalidArgument: shapes that differ, a population that is not finite and positive.
absl::StatusOr<SpaceTime<double>> PopulationBaselines(const SpaceTime<int64_t>& counts,
                                                      const SpaceTime<double>& population);

}  // namespace zaojing::stats
