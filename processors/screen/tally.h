// Counters of look-ups, for statistics: how many were answered how, by platform, category of goods and hour, and by
// region and hour; and for certificates that are not valid how often they were shown all the same. They steer nothing.
//
// Increments in memory a look-up (TaskContext::Count), one write an hour, table and commit: a nation's task has some 130
// counters an hour, each of which would otherwise be written, logged, read and dropped by itself. Hours are of engine time.
//
//   byte  key after the byte          cells of the value (v1::CellCounts)
//   'P'   hour (4 bytes, big endian)  action, category (2), platform
//   'G'   hour (4 bytes, big endian)  action, region
//   'U'   certificate number (16)     (one)
//
// Action is one digit (v1::Action), category the first two digits of the product code (the catalogue's chapter), of the
// certificate's number where that has the right form, else as claimed; "--" where neither says. Region is the six
// digits of GB/T 2260, or empty. Pure but for the context.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/lookup_view.h"
#include "processors/runtime/stage.h"
#include "zaojing/v1/codes.pb.h"

namespace zaojing {

// Counts one look-up that was answered. `digits`: of the certificate shown; empty when its form is wrong. `invalid`:
// the registry knows the certificate, and it is suspended, revoked, cancelled or expired.
struct AnsweredLookup {
  const LookupView& lookup;
  std::string_view platform;
  std::string_view digits;
  v1::Action action = v1::ACTION_UNSPECIFIED;
  bool invalid = false;
};
// `scratch` keeps its memory between calls.
void TallyLookup(const AnsweredLookup& answered, std::string* scratch, TaskContext& context);

// Effect: hours older than limits::kTallyDaysKept days before the China day of `now` are deleted, at most
// limits::kTallyDropsMax of each table in one call.
void DropOldTallies(int64_t now, TaskContext& context);

// The hour of a key of 'P' or 'G', since 1970, UTC; nullopt when it is none.
std::optional<int64_t> TallyHour(std::string_view key);
// One of its cells; nullopt when it is none. REQUIRES TallyHour(key).
struct TallyCell {
  v1::Action action = v1::ACTION_UNSPECIFIED;
  std::string_view category;  // 'P' only
  std::string_view name;      // platform or region
};
std::optional<TallyCell> ParseTallyCell(std::string_view key, std::string_view cell);

}  // namespace zaojing
