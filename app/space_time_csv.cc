#include "app/space_time_csv.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "app/table_csv.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

using Cells = std::vector<std::optional<std::string_view>>;

std::map<std::string, size_t> PlacesOf(const std::vector<std::string>& names) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < names.size(); ++i) places.emplace(names[i], i);
  return places;
}

template <typename Value>
struct WideTable {
  std::vector<std::string> steps;
  std::vector<std::string> locations;
  stats::SpaceTime<Value> table;
};

absl::StatusOr<int64_t> ParseCell(std::string_view text, const char* what, int64_t) { return ParseCount(text, what); }
absl::StatusOr<double> ParseCell(std::string_view text, const char* what, double) { return ParseNumber(text, what); }

template <typename Value>
absl::StatusOr<WideTable<Value>> ReadWide(const std::string& path, const char* what) {
  WideTable<Value> wide;
  const TakeRow take = [&](const Cells& cells) {
    wide.steps.emplace_back(*cells[0]);
    for (size_t i = 1; i < cells.size(); ++i) {
      ASSIGN_OR_RETURN(const Value value, ParseCell(*cells[i], what, Value()));
      wide.table.cells.push_back(value);
    }
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const TableSummary summary, ReadWholeTable({.path = path}, take));
  wide.locations.assign(summary.header.begin() + 1, summary.header.end());
  if (PlacesOf(wide.locations).size() != wide.locations.size()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": a location is there twice"));
  }
  wide.table.steps = wide.steps.size();
  wide.table.locations = wide.locations.size();
  return wide;
}

absl::Status SameNames(const std::string& path, const NamedCounts& counts, const WideTable<double>& other) {
  if (other.steps != counts.steps)
    return absl::InvalidArgumentError(absl::StrCat(path, ": other steps than the counts"));
  if (other.locations != counts.locations) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": other locations than the counts"));
  }
  return absl::OkStatus();
}

// Rows of other steps than those of the counts are passed over: the file may cover more years.
absl::StatusOr<stats::SpaceTime<double>> ReadLong(const std::string& path, const TableSummary& shape,
                                                  const NamedCounts& counts) {
  const std::map<std::string, size_t> steps = PlacesOf(counts.steps);
  const std::map<std::string, size_t> locations = PlacesOf(counts.locations);
  const double absent = std::numeric_limits<double>::quiet_NaN();
  stats::SpaceTime<double> population{counts.table.steps, counts.table.locations,
                                      std::vector<double>(counts.table.cells.size(), absent)};
  const TakeRow take = [&](const Cells& cells) {
    const auto step = steps.find(std::string(*cells[0]));
    if (step == steps.end()) return absl::OkStatus();
    const auto location = locations.find(std::string(*cells[1]));
    if (location == locations.end()) return absl::InvalidArgumentError("a location that the counts have not");
    ASSIGN_OR_RETURN(population.cells[step->second * counts.table.locations + location->second],
                     ParseNumber(*cells[2], "population"));
    return absl::OkStatus();
  };
  const std::vector<TableColumn> columns = {{shape.header[0]}, {shape.header[1]}, {"population"}};
  RETURN_IF_ERROR(ReadTable({.path = path}, columns, take).status());
  const bool whole = std::none_of(population.cells.begin(), population.cells.end(), [](double p) { return p != p; });
  if (!whole) return absl::InvalidArgumentError(absl::StrCat(path, ": a step and location without population"));
  return population;
}

}  // namespace

absl::StatusOr<NamedCounts> ReadCounts(const std::string& path) {
  ASSIGN_OR_RETURN(WideTable<int64_t> wide, ReadWide<int64_t>(path, "count"));
  return NamedCounts{std::move(wide.steps), std::move(wide.locations), std::move(wide.table)};
}

absl::StatusOr<stats::SpaceTime<double>> ReadBaselines(const std::string& path, const NamedCounts& counts) {
  ASSIGN_OR_RETURN(WideTable<double> wide, ReadWide<double>(path, "baseline"));
  RETURN_IF_ERROR(SameNames(path, counts, wide));
  return std::move(wide.table);
}

absl::StatusOr<stats::SpaceTime<double>> ReadPopulation(const std::string& path, const NamedCounts& counts) {
  const TakeRow pass_over = [](const Cells&) { return absl::OkStatus(); };
  ASSIGN_OR_RETURN(const TableSummary shape, ReadWholeTable({.path = path}, pass_over));
  const bool is_long = std::find(shape.header.begin(), shape.header.end(), "population") != shape.header.end();
  if (is_long && shape.header.size() >= 3) return ReadLong(path, shape, counts);
  ASSIGN_OR_RETURN(WideTable<double> wide, ReadWide<double>(path, "population"));
  RETURN_IF_ERROR(SameNames(path, counts, wide));
  return std::move(wide.table);
}

absl::StatusOr<stats::Zones> ReadZones(const std::string& path, const std::vector<std::string>& locations) {
  const std::map<std::string, size_t> places = PlacesOf(locations);
  std::map<int64_t, std::vector<uint32_t>> zones;
  const TakeRow take = [&](const Cells& cells) {
    ASSIGN_OR_RETURN(const int64_t zone, ParseCount(*cells[0], "zone"));
    size_t place = 0;
    if (const auto named = places.find(std::string(*cells[1])); named != places.end()) {
      place = named->second;
    } else {
      ASSIGN_OR_RETURN(const int64_t number, ParseCount(*cells[1], "location"));
      if (number < 1 || static_cast<size_t>(number) > locations.size()) {
        return absl::InvalidArgumentError("a location that the counts have not");
      }
      place = static_cast<size_t>(number - 1);
    }
    std::vector<uint32_t>& members = zones[zone];
    if (std::find(members.begin(), members.end(), place) != members.end()) {
      return absl::InvalidArgumentError("a location twice in one zone");
    }
    members.push_back(static_cast<uint32_t>(place));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ReadTable({.path = path}, {{"zone"}, {"location"}}, take).status());
  stats::Zones list;
  for (auto& [number, members] : zones) {
    if (number != static_cast<int64_t>(list.size()) + 1) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": zones must be numbered from 1 without gaps"));
    }
    list.push_back(std::move(members));
  }
  return list;
}

}  // namespace zaojing
