#include "processors/risk/alert_message.h"

#include "absl/strings/str_cat.h"
#include "proto/limits.h"

namespace zaojing {

void StampAlert(TaskContext& context, v1::Alert& alert) {
  alert.set_event_id(MakeId({"alert-message", alert.alert_id(), std::to_string(alert.revision())}));
  alert.set_source("risk/" + std::to_string(context.task()));
  alert.set_schema_version(1);
  alert.set_received_at(context.engine_time());
  alert.set_emission(context.next_emission());
}

v1::RiskLevel LevelOf(const v1::Numbers& numbers) {
  if (numbers.deaths() > 0) return v1::RISK_LEVEL_MAJOR;
  if (numbers.injured() > 0 || numbers.fires() > 0) return v1::RISK_LEVEL_LARGER;
  return v1::RISK_LEVEL_SMALL;
}

void SetCapFields(v1::RiskLevel level, bool strong, v1::Alert& alert) {
  alert.set_level(level);
  alert.set_certainty(strong ? v1::CERTAINTY_LIKELY : v1::CERTAINTY_POSSIBLE);
  switch (level) {
    case v1::RISK_LEVEL_MAJOR:
      alert.set_urgency(v1::URGENCY_IMMEDIATE);
      alert.set_severity(v1::SEVERITY_EXTREME);
      break;
    case v1::RISK_LEVEL_LARGER:
      alert.set_urgency(v1::URGENCY_EXPECTED);
      alert.set_severity(v1::SEVERITY_SEVERE);
      break;
    default:
      alert.set_urgency(v1::URGENCY_FUTURE);
      alert.set_severity(v1::SEVERITY_MODERATE);
      break;
  }
}

void KeepFirstAndNewest(const std::string& value, google::protobuf::RepeatedPtrField<std::string>* list) {
  constexpr int kKept = limits::kEvidenceMax;
  if (list->size() == kKept) list->DeleteSubrange(kKept / 2, 1);
  *list->Add() = value;
}

void AddActions(const google::protobuf::RepeatedPtrField<v1::RuleAction>& actions, v1::Alert& alert) {
  for (const v1::RuleAction& action : actions) {
    v1::RecommendedAction* recommended = alert.add_actions();
    recommended->set_code(action.code());
    recommended->set_text_zh(action.text_zh());
    recommended->set_text_en(action.text_en());
    recommended->set_modality(action.modality());
    recommended->set_legal_basis(action.legal_basis());
  }
}

std::string SubjectText(const v1::Subject& subject) {
  std::string text = subject.maker();
  if (!subject.model().empty()) absl::StrAppend(&text, text.empty() ? "" : " ", subject.model());
  for (const std::string* part : {&subject.problem(), &subject.region(), &subject.certificate_number()}) {
    if (!part->empty()) absl::StrAppend(&text, text.empty() ? "" : " · ", *part);
  }
  return text;
}

std::string Counted(uint64_t count, std::string_view noun) {
  return absl::StrCat(count, " ").append(noun).append(count == 1 ? "" : "s");
}

std::string OneDecimal(int64_t value_e6) {
  const int64_t tenths = (value_e6 + (value_e6 < 0 ? -50'000 : 50'000)) / 100'000;
  return absl::StrCat(tenths < 0 ? "-" : "", (tenths < 0 ? -tenths : tenths) / 10, ".",
                      (tenths < 0 ? -tenths : tenths) % 10);
}

}  // namespace zaojing
