// Counters of look-ups, for statistics: how many were answered how, by platform, category of goods and hour, and by
// region and hour; and for certificates that are not valid how often they were shown all the same. They steer nothing.
//
// One increment in memory a look-up (TaskContext::Count), one write a counter and commit. Hours are of engine time.
//
//   byte  key after the byte                                             value
//   'P'   hour (4 bytes, big endian), action, category (2), platform     count, decimal
//   'G'   hour (4 bytes, big endian), action, region                     count, decimal
//   'U'   certificate number (16)                                        count, decimal
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

// A key of 'P' or 'G', read back; nullopt when it is none.
struct TallyKey {
  int64_t hour = 0;  // since 1970, UTC
  v1::Action action = v1::ACTION_UNSPECIFIED;
  std::string_view category;  // 'P' only
  std::string_view name;      // platform or region
};
std::optional<TallyKey> ParseTallyKey(std::string_view key);

}  // namespace zaojing
