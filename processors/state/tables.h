// Every table of every stage: its first key byte, whether it is scanned, what key and value are. One table, one writer:
// the stage named, or none where the entries follow from another table's (derivation.h). A change of a key or value layout
// raises kStateFormatVersion and adds a golden file.
//
//   byte  table     stage   key after the byte                      value (proto/zaojing/v1/state.proto)
//   '\0'  (marker)  both    "marker"                                Marker; not in the digest
//   'L'   listing   screen  look-up key "<platform>/<listing id>"   ListingState
//   'I'   index     derived index key (16), listing                 processors/screen/listing_index.h
//   'J'   job       screen  certificate, code or statement key (16) FanoutJob
//   'V'   plates    screen  certificate key (16), year              PlateCount
//   'D'   dates     screen  (nothing)                               instant up to which dates were rolled, decimal
//   'P'   platform_tally, 'G' region_tally, 'U' invalid_tally: screen's counters of look-ups (processors/screen/tally.h)
//   'C'   case      risk    source '\0' case number                 CaseState
//   'S'   series    risk    rule id '\0' subject                    SeriesState
//   'E'   episode   risk    rule id '\0' subject                    EpisodeState
//   'R'   reach     risk    cause                                   ReachState
//   'F'   feed      risk    topic                                   FeedState
//   'T'   plate_total risk  certificate key, year                   PlateTotalState
//   'B'   vehicle   risk    vehicle code                            VehicleState
//   'N'   evasion   risk    signal kind (1), subject                EvasionState
//   'K'   stopped   risk    goods (16 hex)                          StoppedState
//   'A'   asked     screen  job key (16)                            AskedState
//   'Q'   reached   risk    cause                                   ReachState, every task done
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zaojing {

inline constexpr uint32_t kStateFormatVersion = 3;

enum class Table : char {
  kMarker = '\0',
  kListing = 'L',
  kIndex = 'I',
  kJob = 'J',
  kPlates = 'V',
  kDates = 'D',
  kPlatformTally = 'P',
  kRegionTally = 'G',
  kInvalidTally = 'U',
  kCase = 'C',
  kSeries = 'S',
  kEpisode = 'E',
  kReach = 'R',
  kFeed = 'F',
  kPlateTotal = 'T',
  kVehicle = 'B',
  kEvasion = 'N',
  kStopped = 'K',
  kAsked = 'A',
  kReached = 'Q',
};

// Ordered tables are scanned and keep their overlay sorted; the rest are read by point only.
constexpr bool IsOrdered(Table table) {
  return table == Table::kIndex || table == Table::kJob || table == Table::kEpisode || table == Table::kReach ||
         table == Table::kPlatformTally || table == Table::kRegionTally;
}
// Entries follow from another table's: derivation.h.
constexpr bool IsDerived(Table table) { return table == Table::kIndex; }
constexpr bool IsDerivedKey(std::string_view key) { return !key.empty() && IsDerived(static_cast<Table>(key[0])); }
// Most keys that are asked for have no entry, and are asked for again: that there is none is kept like an entry.
constexpr bool IsOftenAbsent(Table table) { return table == Table::kJob || table == Table::kAsked; }
constexpr bool IsOrderedKey(std::string_view key) { return !key.empty() && IsOrdered(static_cast<Table>(key[0])); }

// What a scan of a table that is scanned by subject begins with, the table's byte included: of the index, by index key.
// Empty: not such a table, or less than that.
constexpr size_t kIndexSubjectBytes = 1 + 16;
constexpr std::string_view SubjectOf(std::string_view key) {
  const bool has = key.size() >= kIndexSubjectBytes && key[0] == static_cast<char>(Table::kIndex);
  return key.substr(0, has ? kIndexSubjectBytes : 0);
}

inline std::string TableKey(Table table, std::string_view rest) {
  std::string key(1, static_cast<char>(table));
  key.append(rest);
  return key;
}

inline const std::string kMarkerKey("\0marker", 7);
// Local to one directory, never in the changelog: where in the changelog the store stands (decimal text).
inline const std::string kChangelogPositionKey("\0changelog", 10);

// Likewise local: whose state this is, written once its content was compared with the digest of a marker.
inline const std::string kVouchedKey("\0vouched", 8);

}  // namespace zaojing
