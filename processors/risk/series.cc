#include "processors/risk/series.h"

#include <algorithm>

#include "processors/rules/surge_score.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

void AppendField(std::string& key, const std::string& field) {
  const auto size = static_cast<uint32_t>(field.size());
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>((size >> shift) & 0xff));
  key.append(field);
}

// The entry of a week, put in its place when it is new.
v1::WeekCount& EntryOf(v1::SeriesState& series, int64_t week) {
  int at = series.weeks_size();
  while (at > 0 && series.weeks(at - 1).week() > week) --at;
  if (at > 0 && series.weeks(at - 1).week() == week) return *series.mutable_weeks(at - 1);
  series.add_weeks()->set_week(week);
  for (int i = series.weeks_size() - 1; i > at; --i) series.mutable_weeks()->SwapElements(i, i - 1);
  return *series.mutable_weeks(at);
}

}  // namespace

v1::Subject SubjectOf(const v1::CaseState& view, v1::RollUp roll_up) {
  v1::Subject subject;
  subject.set_maker(view.maker());
  subject.set_model(view.model());
  subject.set_problem(view.problem());
  if (roll_up == v1::ROLL_UP_MAKER_MODEL_PROBLEM_REGION) subject.set_region(view.region());
  return subject;
}

std::string SubjectKey(const v1::Subject& subject) {
  std::string key;
  AppendField(key, subject.maker());
  AppendField(key, subject.model());
  AppendField(key, subject.problem());
  AppendField(key, subject.region());
  AppendField(key, subject.certificate_number());
  return key;
}

void AddToSeries(const v1::CaseState& view, int64_t memory_weeks, v1::SeriesState& series) {
  v1::WeekCount& entry = EntryOf(series, view.week());
  entry.set_count(entry.count() + 1);
  series.set_total(series.total() + 1);
  series.set_injured(series.injured() + view.injured());
  series.set_deaths(series.deaths() + view.deaths());
  series.set_fires(series.fires() + (view.fire() ? 1 : 0));
  series.set_crashes(series.crashes() + (view.crash() ? 1 : 0));
  if (series.recent().empty() || view.week() > series.recent_week()) {
    series.clear_recent();
    series.set_recent_week(view.week());
  }
  if (view.week() == series.recent_week() && series.recent_size() < static_cast<int>(limits::kEvidenceMax)) {
    series.add_recent(view.event_id());
  }
  const int64_t oldest = series.weeks(series.weeks_size() - 1).week() - memory_weeks;
  int drop = 0;
  while (drop < series.weeks_size() && series.weeks(drop).week() < oldest) ++drop;
  series.mutable_weeks()->DeleteSubrange(0, drop);
}

void RemoveFromSeries(const v1::CaseState& view, v1::SeriesState& series) {
  for (int i = 0; i < series.weeks_size(); ++i) {
    v1::WeekCount& entry = *series.mutable_weeks(i);
    if (entry.week() != view.week()) continue;
    if (entry.count() > 0) entry.set_count(entry.count() - 1);
    if (entry.count() == 0) series.mutable_weeks()->DeleteSubrange(i, 1);
    break;
  }
  const auto less = [](uint64_t from, uint64_t by) { return from > by ? from - by : 0; };
  series.set_total(less(series.total(), 1));
  series.set_injured(less(series.injured(), view.injured()));
  series.set_deaths(less(series.deaths(), view.deaths()));
  series.set_fires(less(series.fires(), view.fire() ? 1 : 0));
  series.set_crashes(less(series.crashes(), view.crash() ? 1 : 0));
  const auto& recent = series.recent();
  const auto at = std::find(recent.begin(), recent.end(), view.event_id());
  if (at != recent.end()) series.mutable_recent()->DeleteSubrange(static_cast<int>(at - recent.begin()), 1);
}

uint64_t CountOf(const v1::SeriesState& series, int64_t week) {
  for (const v1::WeekCount& entry : series.weeks()) {
    if (entry.week() == week) return entry.count();
  }
  return 0;
}

int64_t MemoryWeeks(const v1::SurgeRule& rule) {
  // An open episode's weeks may still be re-judged by a retraction.
  return int64_t{rule.baseline_weeks()} + rule.gap_weeks() + rule.episode_closes_after_weeks() + 1;
}

SurgeFinding FindSurge(const v1::SurgeRule& rule, const v1::SeriesState& series, int64_t first_week, int64_t week) {
  SurgeFinding finding;
  finding.count = CountOf(series, week);
  const int64_t newest = week - rule.gap_weeks() - 1;
  const int64_t observed = newest - first_week + 1;
  const int64_t weeks = std::min<int64_t>(rule.baseline_weeks(), observed);
  if (weeks < rule.baseline_weeks_min()) return finding;
  uint64_t sum = 0;
  for (const v1::WeekCount& entry : series.weeks()) {
    if (entry.week() <= newest && entry.week() > newest - weeks) sum += entry.count();
  }
  constexpr int64_t kMillion = 1'000'000;
  finding.baseline_weeks = static_cast<uint32_t>(weeks);
  finding.mean_e6 = std::max(static_cast<int64_t>(sum) * kMillion / weeks, rule.mean_floor_e6());
  finding.score_e6 = SurgeScoreE6(finding.count, finding.mean_e6, rule.dispersion_e6());
  finding.signals = finding.count >= rule.count_min() && finding.score_e6 >= rule.threshold_e6();
  return finding;
}

}  // namespace zaojing
