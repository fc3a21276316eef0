// Decoders of what every task reads whole: certificate facts, control records, ticks.
#include <algorithm>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/parse.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr size_t kCertificateDigits = 16;

bool IsCertificateNumber(std::string_view number) {
  return number.size() == kCertificateDigits &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void CheckDecision(const v1::DecisionRow& row, FieldChecks* checks) {
  checks->RequiredId(row.id(), "rules.decisions.id");
  for (const int scene : row.scenes()) checks->Code(scene, v1::Scene_IsValid(scene), "rules.decisions.scenes");
  checks->Code(row.finding(), v1::Finding_IsValid(row.finding()), "rules.decisions.finding");
  for (const int made : row.made()) checks->Code(made, v1::Made_IsValid(made), "rules.decisions.made");
  checks->Code(row.action(), v1::Action_IsValid(row.action()), "rules.decisions.action");
  checks->Code(row.reason(), v1::Reason_IsValid(row.reason()), "rules.decisions.reason");
  checks->OptionalCode(v1::Modality_IsValid(row.modality()), "rules.decisions.modality");
  checks->Text(row.legal_basis(), limits::kNameBytesMax, "rules.decisions.legal_basis");
}

void CheckAction(const v1::RuleAction& action, FieldChecks* checks) {
  checks->RequiredId(action.code(), "rules.actions.code");
  checks->Text(action.text_zh(), limits::kNameBytesMax, "rules.actions.text_zh");
  checks->Text(action.text_en(), limits::kNameBytesMax, "rules.actions.text_en");
  checks->OptionalCode(v1::Modality_IsValid(action.modality()), "rules.actions.modality");
  checks->Text(action.legal_basis(), limits::kNameBytesMax, "rules.actions.legal_basis");
}

void CheckSurge(const v1::SurgeRule& rule, FieldChecks* checks) {
  checks->RequiredId(rule.id(), "rules.surges.id");
  checks->Code(rule.roll_up(), v1::RollUp_IsValid(rule.roll_up()), "rules.surges.roll_up");
  checks->Text(rule.headline_zh(), limits::kNameBytesMax, "rules.surges.headline_zh");
  checks->Text(rule.headline_en(), limits::kNameBytesMax, "rules.surges.headline_en");
  for (const v1::RuleAction& action : rule.actions()) CheckAction(action, checks);
}

// Form only: whether the rules make sense together is judged where they are published and where they are
// loaded.
void CheckRules(const v1::RuleSet& rules, FieldChecks* checks) {
  checks->RequiredId(rules.id(), "rules.id");
  checks->Require(rules.version() != 0, "rules.version");
  for (const v1::DecisionRow& row : rules.decisions()) CheckDecision(row, checks);
  for (const v1::SurgeRule& rule : rules.surges()) CheckSurge(rule, checks);
  checks->Id(rules.reach().id(), "rules.reach.id");
  for (const v1::RuleAction& action : rules.reach().actions()) CheckAction(action, checks);
}

}  // namespace

DecodeResult Decode(const Record& record, v1::Certificate* certificate) {
  if (DecodeResult bad = ParseRecord(record, certificate)) return bad;
  FieldChecks checks;
  checks.Envelope(record, *certificate);
  checks.Require(!certificate->number().empty(), "number");
  if (!IsCertificateNumber(certificate->number())) checks.BadValue("number", "is not 16 digits");
  checks.Id(certificate->version(), "version");
  checks.Code(certificate->status(), v1::CertificateStatus_IsValid(certificate->status()), "status");
  checks.RequiredTime(certificate->effective_at(), "effective_at");
  checks.Id(certificate->reason_code(), "reason_code");
  checks.Time(certificate->valid_from(), "valid_from");
  checks.Time(certificate->valid_until(), "valid_until");
  checks.Text(certificate->holder(), limits::kNameBytesMax, "holder");
  checks.Text(certificate->maker(), limits::kNameBytesMax, "maker");
  checks.Text(certificate->factory(), limits::kNameBytesMax, "factory");
  checks.Id(certificate->product_code(), "product_code");
  if (certificate->models_size() > limits::kModelsMax) checks.BadValue("models", "more than 4096");
  for (const std::string& model : certificate->models()) checks.Text(model, limits::kNameBytesMax, "models");
  checks.Key(record.key == certificate->number(), "is not the certificate number");
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Control* control) {
  if (DecodeResult bad = ParseRecord(record, control)) return bad;
  FieldChecks checks;
  checks.Envelope(record, *control);
  switch (control->body_case()) {
    case v1::Control::kHeartbeat:
      checks.RequiredTime(control->heartbeat().registry_as_of(), "heartbeat.registry_as_of");
      break;
    case v1::Control::kRules:
      CheckRules(control->rules(), &checks);
      break;
    case v1::Control::BODY_NOT_SET:  // or one of a newer version, whose number this one does not know
      checks.Missing("body");
      break;
  }
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Tick* tick) {
  if (DecodeResult bad = ParseRecord(record, tick)) return bad;
  FieldChecks checks;
  checks.Envelope(record, *tick);
  return checks.Result();
}

static_assert(limits::kModelsMax == 4096, "the text above names it");

}  // namespace zaojing
