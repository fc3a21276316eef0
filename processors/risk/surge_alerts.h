// The life of surge alerts: one episode (table episode) a rule and subject at a time, one alert an episode.
//
//   (none) ──signal──▶ FOUND ──episode_closes_after_weeks without a signal──▶ CLOSED ──signal──▶ FOUND (next episode)
//                        └──no signalling week is left after a correction──▶ RETRACTED ──signal──▶ FOUND (next episode)
//
// Messages: ALERT when raised; UPDATE when a further week signals, the evidence has doubled since the last message, or
// the risk level rises; UPDATE with stage CLOSED; CANCEL when retracted. Pure but for the context it is handed.
#pragma once

#include <cstdint>
#include <string_view>

#include "processors/risk/series.h"
#include "processors/runtime/stage.h"
#include "zaojing/v1/alert.pb.h"

namespace zaojing {

// One rule's view of one subject at one moment.
struct SurgeSubject {
  const v1::SurgeRule& rule;
  const v1::Subject& subject;
  const v1::SeriesState& series;
  int64_t first_week;  // of the feed
};

// A case of `week` was counted: raises or updates as the diagram says. `evidence` is its event_id.
void OnCounted(const SurgeSubject& at, int64_t week, std::string_view evidence, int64_t occurred_at,
               TaskContext& context);
// A case of `week` was taken out: updates or retracts.
void OnRemoved(const SurgeSubject& at, int64_t week, std::string_view evidence, TaskContext& context);
// A case was taken out that is about to be counted again, in the same week and of the same subject (a follow-up): effect:
// it is evidence no more.
void OnRenewed(const SurgeSubject& at, std::string_view evidence, TaskContext& context);
// Engine time enters `week`: closes what is due. `rules` are all surge rules.
void CloseEpisodes(const v1::RuleSet& rules, int64_t first_week, int64_t week, TaskContext& context);

}  // namespace zaojing
