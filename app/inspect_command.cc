// zaojing inspect: reads a task's state directory offline.
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "app/commands.h"
#include "processors/screen/listing_index.h"
#include "processors/screen/tally.h"
#include "processors/state/digest.h"
#include "processors/state/rocksdb/rocksdb_store.h"
#include "processors/state/state_check.h"
#include "processors/state/tables.h"
#include "proto/status_util.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

struct Options {
  std::string state;
  bool verify = false;
  uint64_t limit = 100;
  std::string table;  // empty: all
};

const char* TableName(char table) {
  switch (static_cast<Table>(table)) {
    case Table::kMarker:
      return "marker";
    case Table::kListing:
      return "listing";
    case Table::kIndex:
      return "index";
    case Table::kJob:
      return "job";
    case Table::kPlates:
      return "plates";
    case Table::kDates:
      return "dates";
    case Table::kPlatformTally:
      return "platform_tally";
    case Table::kRegionTally:
      return "region_tally";
    case Table::kInvalidTally:
      return "invalid_tally";
    case Table::kCase:
      return "case";
    case Table::kSeries:
      return "series";
    case Table::kEpisode:
      return "episode";
    case Table::kReach:
      return "reach";
    case Table::kFeed:
      return "feed";
    case Table::kPlateTotal:
      return "plate_total";
    case Table::kVehicle:
      return "vehicle";
    case Table::kEvasion:
      return "evasion";
    case Table::kStopped:
      return "stopped";
    case Table::kAsked:
      return "asked";
    case Table::kReached:
      return "reached";
  }
  return "unknown";
}

// Keys hold separators and counts: everything outside printable ASCII is shown as \xNN.
std::string Printable(std::string_view key) {
  std::string out;
  for (char c : key) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      out.push_back(c);
    } else {
      char hex[5];
      std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out.append(hex);
    }
  }
  return out;
}

absl::StatusOr<v1::Marker> ReadMarker(Store& store) {
  std::string bytes;
  ASSIGN_OR_RETURN(const bool present, store.Get(kMarkerKey, &bytes));
  v1::Marker marker;
  if (!present) return absl::NotFoundError("no marker: this task has never committed, or never flushed");
  if (!marker.ParseFromString(bytes)) return absl::DataLossError("the marker is not readable");
  return marker;
}

absl::Status ShowMarker(Store& store) {
  ASSIGN_OR_RETURN(const v1::Marker marker, ReadMarker(store));
  std::string text;
  google::protobuf::TextFormat::PrintToString(marker, &text);
  std::printf("%s", text.c_str());
  return absl::OkStatus();
}

absl::Status ShowTables(Store& store) {
  struct Size {
    uint64_t entries = 0;
    uint64_t bytes = 0;
  };
  std::map<char, Size> tables;
  const auto entry = store.Seek("");
  for (; entry->Valid(); entry->Next()) {
    Size& size = tables[entry->key().empty() ? '\0' : entry->key()[0]];
    ++size.entries;
    size.bytes += entry->key().size() + entry->value().size();
  }
  RETURN_IF_ERROR(entry->status());
  for (const auto& [table, size] : tables) {
    std::printf("%-14s %12llu entries %14llu bytes\n", TableName(table), static_cast<unsigned long long>(size.entries),
                static_cast<unsigned long long>(size.bytes));
  }
  return absl::OkStatus();
}

// "2024-03-04T08Z east-mall 09 BLOCK": whose counter it is.
std::string TallyText(std::string_view key, std::string_view cell) {
  const std::optional<int64_t> hours = TallyHour(key);
  if (!hours) return Printable(key.substr(1));
  std::string text = absl::FormatTime("%Y-%m-%dT%HZ ", absl::FromUnixSeconds(*hours * 3600), absl::UTCTimeZone());
  const std::optional<TallyCell> tally = ParseTallyCell(key, cell);
  if (!tally) return text + Printable(cell);
  text += tally->name.empty() ? "-" : Printable(tally->name);
  if (!tally->category.empty()) text += " " + std::string(tally->category);
  return text + " " + v1::Action_Name(tally->action).substr(sizeof "ACTION_" - 1);
}

void ShowEntry(const StoreIterator& entry) {
  const std::string_view key = entry.key();
  if (!TallyHour(key) && key[0] != static_cast<char>(Table::kInvalidTally)) {
    std::printf("%-14s %s (%zu bytes)\n", TableName(key[0]), Printable(key.substr(1)).c_str(), entry.value().size());
    return;
  }
  v1::CellCounts counts;
  counts.ParseFromArray(entry.value().data(), static_cast<int>(entry.value().size()));
  for (int i = 0; i < std::min(counts.cells_size(), counts.counts_size()); ++i) {
    std::printf("%-14s %s: %llu\n", TableName(key[0]), TallyText(key, counts.cells(i)).c_str(),
                static_cast<unsigned long long>(counts.counts(i)));
  }
}

absl::Status ShowKeys(Store& store, const Options& options) {
  uint64_t shown = 0;
  const auto entry = store.Seek("");
  for (; entry->Valid() && shown < options.limit; entry->Next()) {
    if (!options.table.empty() && options.table != TableName(entry->key()[0])) continue;
    ShowEntry(*entry);
    ++shown;
  }
  if (entry->Valid()) std::printf("... more; --limit shows them\n");
  return entry->status();
}

// The digest as the marker has it; with --verify also as a scan gives it.
absl::Status ShowDigest(Store& store, bool verify) {
  ASSIGN_OR_RETURN(const v1::Marker marker, ReadMarker(store));
  const Digest stored{marker.digest_high(), marker.digest_low()};
  std::printf("%s-%u commit %llu digest %s\n", marker.stage().c_str(), marker.task(),
              static_cast<unsigned long long>(marker.sequence()), ToHex(stored).c_str());
  if (!verify) return absl::OkStatus();
  const ListingIndex index;
  StateCheck check(marker.stage() == "screen" ? &index : nullptr);
  const auto entry = store.Seek("");
  for (; entry->Valid(); entry->Next()) check.Add(entry->key(), entry->value());
  RETURN_IF_ERROR(entry->status());
  constexpr const char* kWhatToDo = ": remove the directory; the worker rebuilds it from the changelog";
  if (check.digest() != stored) {
    return absl::DataLossError("the state sums to " + ToHex(check.digest()) + ", which is not the marker's digest" +
                               kWhatToDo);
  }
  if (!check.derived_fits()) {
    return absl::DataLossError(std::string("the index is not the one that follows from the listings") + kWhatToDo);
  }
  std::printf("verified: the state sums to the marker's digest, and its index follows from it\n");
  return absl::OkStatus();
}

int Inspect(const Options& options, const std::function<absl::Status(Store&)>& show) {
  absl::Status status;
  absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksStoreReadOnly(options.state);
  status = store.ok() ? show(**store) : store.status();
  if (status.ok()) return kExitDone;
  std::fprintf(stderr, "inspect: %s: %s\n", options.state.c_str(), std::string(status.message()).c_str());
  return kExitFailed;
}

}  // namespace

void AddInspect(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("inspect", "Read a task's state directory (<state_dir>/<stage>-<task>) offline");
  command->add_option("--state", options->state, "The task's directory")->required()->check(CLI::ExistingDirectory);
  command->add_flag("--verify", options->verify, "Recompute the digest from every entry");
  command->require_subcommand(0, 1);
  const auto add = [&](const char* name, const char* about, const std::function<absl::Status(Store&)>& show) {
    CLI::App* verb = command->add_subcommand(name, about);
    verb->callback([options, exit_code, show] { *exit_code = Inspect(*options, show); });
    return verb;
  };
  add("tables", "Entries and bytes of every table", ShowTables);
  add("marker", "The task's progress", ShowMarker);
  add("digest", "The marker's digest", [](Store& store) { return ShowDigest(store, false); });
  CLI::App* keys = add("keys", "Keys, in order", [options](Store& store) { return ShowKeys(store, *options); });
  keys->add_option("--limit", options->limit, "How many")->capture_default_str();
  keys->add_option("--table", options->table, "Of this table only, named as `tables` names it");
  keys->footer(
      "The tallies are counters of look-ups, and shown with their counts: platform_tally by UTC hour, platform,\n"
      "chapter of the product code and answer; region_tally by hour, region and answer; invalid_tally by\n"
      "certificate, while it was suspended, revoked, cancelled or expired.");
  command->callback([command, options, exit_code] {
    if (!command->get_subcommands().empty()) return;
    *exit_code = Inspect(*options, [options](Store& store) { return ShowDigest(store, options->verify); });
  });
}

}  // namespace zaojing
