// The files of `analyze scan`. A space-time table is wide: the first column names the step (oldest first),
// every other one a location. Populations may also be long: a column `population`, steps in the first column,
// locations in the second. Zones: zone,location, a location by its name or its place from 1; zones are
// numbered from 1 without gaps. One owner, one thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/stats/scan/scan.h"

namespace zaojing {

struct NamedCounts {
  std::vector<std::string> steps;
  std::vector<std::string> locations;
  stats::SpaceTime<int64_t> table;
};

// Errors of all: as ReadTable; any bad row is one too many, since a table must be whole. kInvalidArgument
// also for steps or locations that are not those of the counts.
absl::StatusOr<NamedCounts> ReadCounts(const std::string& path);
absl::StatusOr<stats::SpaceTime<double>> ReadBaselines(const std::string& path, const NamedCounts& counts);
absl::StatusOr<stats::SpaceTime<double>> ReadPopulation(const std::string& path, const NamedCounts& counts);
absl::StatusOr<stats::Zones> ReadZones(const std::string& path, const std::vector<std::string>& locations);

}  // namespace zaojing
