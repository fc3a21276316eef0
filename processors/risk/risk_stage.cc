#include "processors/risk/risk_stage.h"

#include <utility>

#include "ingest/decoder.h"
#include "processors/risk/alert_message.h"
#include "processors/risk/borrowed_alerts.h"
#include "processors/risk/evasion_counts.h"
#include "processors/risk/plate_alerts.h"
#include "processors/risk/reach_alerts.h"
#include "processors/risk/relisted_alerts.h"
#include "processors/risk/series.h"
#include "processors/risk/surge_alerts.h"
#include "processors/rules/rule_set.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/check.h"
#include "proto/china_time.h"

namespace zaojing {
namespace {

constexpr Topic kInputs[] = {Topic::kComplaints, Topic::kSignals};

std::string FeedKey() { return TableKey(Table::kFeed, NameOf(Topic::kComplaints)); }

}  // namespace

RiskStage::RiskStage(const v1::RuleSet& rules, PersonalKey personal)
    : rules_(rules), personal_(std::move(personal)), rules_name_(RulesName(rules)) {}

std::span<const Topic> RiskStage::inputs() const { return kInputs; }

void RiskStage::Apply(const Record& record, TaskContext& context) {
  switch (record.topic) {
    case Topic::kComplaints:
      return ApplyComplaint(record, context);
    case Topic::kSignals:
      return ApplySignal(record, context);
    default:
      ZAOJING_CHECK(false && "no such input of risk");
  }
}

void RiskStage::ApplyComplaint(const Record& record, TaskContext& context) {
  if (DecodeResult rejected = Decode(record, &complaint_)) {
    context.DeadLetter(record, rejected->reason, rejected->detail);
    return;
  }
  context.AdvanceTime(complaint_.received_at());
  const int64_t week = ChinaWeek(context.engine_time());
  const int64_t first_week = FirstWeek(week, context.state());
  const IntakeResult change = TakeIn(complaint_, week, personal_, context.state());
  for (const v1::SurgeRule& rule : rules_.surges()) {
    const bool renewed =
        change.removed && change.added &&
        SubjectKey(SubjectOf(*change.removed, rule.roll_up())) == SubjectKey(SubjectOf(*change.added, rule.roll_up()));
    if (change.removed)
      Count(rule, *change.removed, renewed ? Change::kRenewed : Change::kRemoved, first_week, context);
    if (change.added) Count(rule, *change.added, Change::kAdded, first_week, context);
  }
}

void RiskStage::Count(const v1::SurgeRule& rule, const v1::CaseState& view, Change change, int64_t first_week,
                      TaskContext& context) {
  const v1::Subject subject = SubjectOf(view, rule.roll_up());
  const std::string key = TableKey(Table::kSeries, rule.id() + std::string(1, '\0') + SubjectKey(subject));
  auto series = StoredMessage<v1::SeriesState>(key, context.state());
  if (change == Change::kAdded) {
    AddToSeries(view, MemoryWeeks(rule), series);
  } else {
    RemoveFromSeries(view, series);
  }
  context.state().Put(key, series.SerializeAsString());
  const SurgeSubject at{rule, subject, series, first_week};
  switch (change) {
    case Change::kAdded:
      return OnCounted(at, view.week(), view.event_id(), complaint_.occurred_at(), context);
    case Change::kRemoved:
      return OnRemoved(at, view.week(), view.event_id(), context);
    case Change::kRenewed:
      return OnRenewed(at, view.event_id(), context);
  }
}

int64_t RiskStage::FirstWeek(int64_t week, TaskState& state) {
  auto feed = StoredMessage<v1::FeedState>(FeedKey(), state);
  if (feed.first_week() != 0) return feed.first_week();
  feed.set_first_week(week);
  state.Put(FeedKey(), feed.SerializeAsString());
  return week;
}

void RiskStage::ApplySignal(const Record& record, TaskContext& context) {
  if (DecodeResult rejected = Decode(record, &signal_)) {
    context.DeadLetter(record, rejected->reason, rejected->detail);
    return;
  }
  context.AdvanceTime(signal_.received_at());
  switch (signal_.kind()) {
    case v1::SIGNAL_KIND_PLATES:
      return OnPlates(rules_.plate(), signal_, context);
    case v1::SIGNAL_KIND_VEHICLE_REUSED:
      return OnVehicleReused(rules_.plate(), signal_, context);
    case v1::SIGNAL_KIND_CANCELLED_VEHICLE:
      return OnCancelledVehicle(rules_.plate(), signal_, context);
    case v1::SIGNAL_KIND_FORGED_NUMBER:
      return OnForgedNumber(rules_.evasion().forged(), signal_, context);
    case v1::SIGNAL_KIND_STOPPED:
      return OnStopped(rules_.evasion().relisted(), signal_, context);
    case v1::SIGNAL_KIND_ASKED:
      return OnAsked(rules_.reach(), signal_, context);
    case v1::SIGNAL_KIND_SHOWN:
      return OnShown(rules_.evasion().borrowed(), signal_, context);
    default:
      if (rules_.evasion().has_relisted()) RememberStopped(signal_, context);
      return OnSignal(rules_.reach(), signal_, context);
  }
}

void RiskStage::OnReference(const ReferenceFact& fact, TaskContext& context) {
  if (fact.reason == v1::DEAD_LETTER_REASON_UNSPECIFIED) return;
  Record record;
  record.topic = fact.topic;
  record.offset = fact.offset;
  record.timestamp = fact.timestamp;
  record.key = fact.key;
  record.value = fact.value;
  context.DeadLetter(record, fact.reason, fact.detail);
}

void RiskStage::OnTime(int64_t before, int64_t after, TaskContext& context) {
  if (before == 0) return;
  const int64_t week = ChinaWeek(after);
  const auto feed = StoredMessage<v1::FeedState>(FeedKey(), context.state());  // none: no episode either
  if (ChinaWeek(before) != week) CloseEpisodes(rules_, feed.first_week(), week, context);
  if (before / limits::kSecond != after / limits::kSecond) SendPendingReach(rules_.reach(), after, context);
}

bool RiskStage::HasJobs(TaskContext&) { return false; }

Stage::Slice RiskStage::RunSlice(uint64_t, TaskContext&) { return {}; }

}  // namespace zaojing
