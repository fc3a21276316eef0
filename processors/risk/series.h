// Weekly counts of one subject under one surge rule (table series), and what the rule makes of one week. Pure but for
// the task state it is handed. Weeks are ChinaWeek numbers.
#pragma once

#include <cstdint>
#include <string>

#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {

// The subject of a case at the rule's roll-up; fields outside it are empty.
v1::Subject SubjectOf(const v1::CaseState& view, v1::RollUp roll_up);
// The subject as key bytes: every field length-prefixed, so that no two subjects share them.
std::string SubjectKey(const v1::Subject& subject);

// Effect: the case is in (or out of) the series. `memory_weeks` older than the case's week, or the newest week held if
// that is later, are dropped from `weeks` and stay in `total`.
void AddToSeries(const v1::CaseState& view, int64_t memory_weeks, v1::SeriesState& series);
void RemoveFromSeries(const v1::CaseState& view, v1::SeriesState& series);

uint64_t CountOf(const v1::SeriesState& series, int64_t week);

// The rule's answer for one week.
struct SurgeFinding {
  bool signals = false;
  uint64_t count = 0;
  uint32_t baseline_weeks = 0;  // whole weeks the baseline rests on
  int64_t mean_e6 = 0;
  int64_t score_e6 = 0;
};
// Baseline: the weeks week-gap-1, week-gap-2, ... at most baseline_weeks of them and none before the feed's first.
SurgeFinding FindSurge(const v1::SurgeRule& rule, const v1::SeriesState& series, int64_t first_week, int64_t week);

// How many weeks back a series must remember for the rule.
int64_t MemoryWeeks(const v1::SurgeRule& rule);

}  // namespace zaojing
