// From figures to the alert message people and machines read, and what the states behind alerts share. Pure but for the
// context.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "processors/runtime/stage.h"
#include "proto/ids.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// Fills what every alert of a task has: envelope (engine time, emission), ids. REQUIRES alert_id, revision and
// fingerprint set before.
void StampAlert(TaskContext& context, v1::Alert& alert);

// 风险小 / 较大 / 重大 (opinion 〔2023〕38) from the harm on record: a death is major, an injury or a fire larger, the
// rest small.
v1::RiskLevel LevelOf(const v1::Numbers& numbers);
// CAP's fields from the level and the strength of the statistic.
void SetCapFields(v1::RiskLevel level, bool strong, v1::Alert& alert);

// What an alert is about, for its ids: the same goods under the same rule have one fingerprint.
struct AlertSubject {
  const std::string& rule_id;
  uint32_t rule_version;
  const std::string& about;
  const std::string& cause;  // event_id of what raised it
};
// The next message of an alert that lives until it is retracted. Effect: `state` (alert_id, revision, raised_at) is of
// this message; the first raises the alert.
template <typename State>
v1::Alert NextMessage(const AlertSubject& subject, State& state, TaskContext& context) {
  if (state.alert_id().empty()) {
    state.set_alert_id(MakeId({subject.rule_id, subject.about, subject.cause}));
    state.set_raised_at(context.engine_time());
  }
  state.set_revision(state.revision() + 1);
  v1::Alert alert;
  alert.set_alert_id(state.alert_id());
  alert.set_revision(state.revision());
  alert.set_fingerprint(MakeId({subject.rule_id, subject.about}));
  StampAlert(context, alert);
  alert.set_rule(subject.rule_id + "@" + std::to_string(subject.rule_version));
  alert.set_msg_type(state.revision() == 1 ? v1::MESSAGE_TYPE_ALERT : v1::MESSAGE_TYPE_UPDATE);
  alert.set_stage(v1::STAGE_FOUND);
  alert.set_episode(1);
  alert.set_raised_at(state.raised_at());
  return alert;
}

// Adds to a list that keeps the first limits::kEvidenceMax / 2 and the newest as many.
void KeepFirstAndNewest(const std::string& value, google::protobuf::RepeatedPtrField<std::string>* list);
// Inserts into an ascending list of distinct values, up to `max`; false when the value had no place.
template <typename List, typename Value>
bool InsertSorted(const Value& value, size_t max, List* list) {
  const auto at = std::lower_bound(list->begin(), list->end(), value);
  if (at != list->end() && *at == value) return true;
  if (static_cast<size_t>(list->size()) >= max) return false;
  const int place = static_cast<int>(at - list->begin());
  *list->Add() = value;
  for (int i = list->size() - 1; i > place; --i) list->SwapElements(i, i - 1);
  return true;
}
// The entry of the task in a list kept ascending by task; made where there is none.
template <typename List>
auto* EntryOfTask(uint32_t task, List* list) {
  const auto at = std::find_if(list->begin(), list->end(), [&](const auto& entry) { return entry.task() >= task; });
  const auto place = static_cast<int>(at - list->begin());
  if (at == list->end() || at->task() != task) {
    list->Add()->set_task(task);
    for (int i = list->size() - 1; i > place; --i) list->SwapElements(i, i - 1);
  }
  return list->Mutable(place);
}

void AddActions(const google::protobuf::RepeatedPtrField<v1::RuleAction>& actions, v1::Alert& alert);

// "FORD EXPLORER · A-PILLAR MOLDING | LOOSE / DETACHED"; empty parts are left out.
std::string SubjectText(const v1::Subject& subject);

// "1 listing", "2 listings". `noun`: of a regular plural.
std::string Counted(uint64_t count, std::string_view noun);

// Millionths with one decimal, half away from zero: 1,250,000 → "1.3".
std::string OneDecimal(int64_t value_e6);

}  // namespace zaojing
