// Decoders of what every task reads whole and what steers it: credential facts, control records, ticks.
#include <set>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/field_checks.h"
#include "ingest/parse.h"
#include "proto/identifiers.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

// The number has the form of its kind, without the decoration listings put on it.
bool IsNumberOf(v1::CredentialKind kind, std::string_view text) {
  const CredentialNumber number = ParseCredentialNumber(text);
  const bool ccc = kind == v1::CREDENTIAL_KIND_UNSPECIFIED || kind == v1::CREDENTIAL_KIND_CCC_SELF_DECLARED;
  return number.id != 0 && number.kind == (ccc ? v1::CREDENTIAL_KIND_CCC : kind) && number.version.empty();
}

// Digits only, exactly so many; may be empty.
void CheckDigits(std::string_view text, size_t count, std::string_view field, FieldChecks* checks) {
  const bool good = text.empty() || (text.size() == count && text.find_first_not_of("0123456789") == text.npos);
  if (!good) checks->BadValue(field, "is not a code of so many digits");
}

// Firms abroad have none; a stated one must hold.
void CheckUscc(std::string_view uscc, std::string_view field, FieldChecks* checks) {
  if (!uscc.empty() && !IsUscc(uscc)) checks->BadValue(field, "is not a unified social credit code");
}

void CheckScope(const v1::Certificate& certificate, FieldChecks* checks) {
  checks->Text(certificate.holder(), limits::kNameBytesMax, "holder");
  checks->Text(certificate.maker(), limits::kNameBytesMax, "maker");
  checks->Text(certificate.factory(), limits::kNameBytesMax, "factory");
  CheckUscc(certificate.holder_uscc(), "holder_uscc", checks);
  CheckUscc(certificate.maker_uscc(), "maker_uscc", checks);
  CheckUscc(certificate.factory_uscc(), "factory_uscc", checks);
  checks->Id(certificate.factory_code(), "factory_code");
  checks->Id(certificate.body(), "body");
  checks->Id(certificate.product_code(), "product_code");
  if (certificate.product_codes_size() > limits::kProductCodesMax) checks->BadValue("product_codes", "more than 64");
  for (const std::string& code : certificate.product_codes()) checks->RequiredId(code, "product_codes");
  if (certificate.models_size() > limits::kModelsMax) checks->BadValue("models", "more than 4096");
  for (const std::string& model : certificate.models()) checks->Text(model, limits::kNameBytesMax, "models");
}

void CheckCatalogue(const v1::CatalogueEntry& entry, FieldChecks* checks) {
  checks->RequiredId(entry.product_code(), "catalogue.product_code");
  checks->Text(entry.name(), limits::kNameBytesMax, "catalogue.name");
  checks->Text(entry.catalogue_class(), limits::kNameBytesMax, "catalogue.catalogue_class");
  checks->RequiredTime(entry.effective_at(), "catalogue.effective_at");
  if (entry.categories_size() > limits::kCategoriesMax) checks->BadValue("catalogue.categories", "more than 1024");
  for (const std::string& category : entry.categories()) checks->RequiredId(category, "catalogue.categories");
}

void CheckRequired(const v1::RequiredCredential& required, FieldChecks* checks) {
  checks->RequiredId(required.product_code(), "credential.product_code");
  checks->RequiredTime(required.effective_at(), "credential.effective_at");
  checks->Time(required.accepting_from(), "credential.accepting_from");
  checks->Text(required.legal_basis(), limits::kNameBytesMax, "credential.legal_basis");
  checks->Require(required.kinds_size() > 0, "credential.kinds");
  std::set<int> seen;
  for (const int kind : required.kinds()) {
    checks->Code(kind, v1::CredentialKind_IsValid(kind), "credential.kinds");
    if (!seen.insert(kind).second) checks->BadValue("credential.kinds", "names a kind twice");
  }
  if (seen.count(v1::CREDENTIAL_KIND_NONE) > 0 && seen.size() > 1) {
    checks->BadValue("credential.kinds", "NONE stands alone");
  }
}

void CheckTerms(const v1::InstructionTerms& terms, FieldChecks* checks) {
  checks->OptionalCode(v1::AppealRoute_IsValid(terms.appeal_route()), "rules.terms.appeal_route");
  checks->OptionalCode(v1::Modality_IsValid(terms.report()), "rules.terms.report");
  for (const int measure : terms.further_measures()) {
    checks->Code(measure, v1::Measure_IsValid(measure), "rules.terms.further_measures");
  }
}

void CheckAppeal(const v1::Appeal& appeal, FieldChecks* checks) {
  checks->Code(appeal.route(), v1::AppealRoute_IsValid(appeal.route()), "rules.appeals.route");
  for (const v1::Appeal::Way& way : appeal.ways()) {
    checks->Text(way.text(), limits::kAppealTextBytesMax, "rules.appeals.ways.text");
    checks->Text(way.legal_basis(), limits::kNameBytesMax, "rules.appeals.ways.legal_basis");
    checks->Text(way.since(), limits::kNameBytesMax, "rules.appeals.ways.since");
  }
}

void CheckLaw(const v1::KindLaw& law, FieldChecks* checks) {
  for (const int kind : law.kinds()) checks->Code(kind, v1::CredentialKind_IsValid(kind), "rules.laws.kinds");
  checks->Text(law.legal_basis(), limits::kNameBytesMax, "rules.laws.legal_basis");
  checks->Code(law.appeal_route(), v1::AppealRoute_IsValid(law.appeal_route()), "rules.laws.appeal_route");
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
  for (const int scope : row.scopes()) checks->Code(scope, v1::Scope_IsValid(scope), "rules.decisions.scopes");
  for (const int requirement : row.requirements()) {
    checks->Code(requirement, v1::Requirement_IsValid(requirement), "rules.decisions.requirements");
  }
  for (const int missing : row.missing())
    checks->Code(missing, v1::Missing_IsValid(missing), "rules.decisions.missing");
  CheckTerms(row.terms(), checks);
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
  for (const v1::RestrictionRow& row : rules.restrictions()) CheckTerms(row.terms(), checks);
  for (const v1::Appeal& appeal : rules.appeals()) CheckAppeal(appeal, checks);
  for (const v1::KindLaw& law : rules.laws()) CheckLaw(law, checks);
  checks->Text(rules.report_basis(), limits::kNameBytesMax, "rules.report_basis");
  for (const v1::SurgeRule& rule : rules.surges()) CheckSurge(rule, checks);
  checks->Id(rules.reach().id(), "rules.reach.id");
  checks->Id(rules.plate().id(), "rules.plate.id");
  const v1::ReachRule& reach = rules.reach();
  for (const auto* actions : {&reach.actions(), &reach.sample_actions(), &reach.recall_actions(),
                              &reach.order_actions(), &reach.requirement_actions(), &reach.enterprise_actions()}) {
    for (const v1::RuleAction& action : *actions) CheckAction(action, checks);
  }
}

}  // namespace

DecodeResult Decode(const Record& record, v1::Certificate* certificate) {
  if (DecodeResult bad = ParseRecord(record, certificate)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *certificate);
  checks.Require(!certificate->number().empty(), "number");
  checks.OptionalCode(v1::CredentialKind_IsValid(certificate->kind()), "kind");
  if (certificate->kind() == v1::CREDENTIAL_KIND_NONE) checks.BadEnum("kind");
  if (!IsNumberOf(certificate->kind(), certificate->number())) checks.BadValue("number", "is not a number of its kind");
  checks.Id(certificate->version(), "version");
  checks.Code(certificate->status(), v1::CertificateStatus_IsValid(certificate->status()), "status");
  checks.RequiredTime(certificate->effective_at(), "effective_at");
  CheckDigits(certificate->reason_code(), 4, "reason_code", &checks);
  checks.Time(certificate->valid_from(), "valid_from");
  checks.Time(certificate->valid_until(), "valid_until");
  CheckScope(*certificate, &checks);
  checks.Key(record.key == certificate->number(), "is not the number");
  return checks.Result();
}

DecodeResult Decode(const Record& record, v1::Control* control) {
  if (DecodeResult bad = ParseRecord(record, control)) return bad;
  FieldChecks checks;
  checks.EnvelopeOf(record, *control);
  switch (control->body_case()) {
    case v1::Control::kHeartbeat:
      checks.RequiredTime(control->heartbeat().registry_as_of(), "heartbeat.registry_as_of");
      break;
    case v1::Control::kRules:
      CheckRules(control->rules(), &checks);
      break;
    case v1::Control::kCatalogue:
      CheckCatalogue(control->catalogue(), &checks);
      break;
    case v1::Control::kCredential:
      CheckRequired(control->credential(), &checks);
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
  checks.EnvelopeOf(record, *tick);
  return checks.Result();
}

static_assert(limits::kModelsMax == 4096 && limits::kProductCodesMax == 64 && limits::kCategoriesMax == 1024,
              "the texts above name them");

}  // namespace zaojing
