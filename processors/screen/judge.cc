// One listing against everything that is known: the certificate, what its goods need, what was said about them.
#include "processors/screen/scope_check.h"
#include "processors/screen/screen_stage.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

// What is shown. A number of the CCC form may be a maker's own declaration: where something is needed, the facts say.
v1::CredentialKind KindShown(const CredentialNumber& number, const std::optional<CertificateView>& view,
                             const Requirement& required, const Registry& registry) {
  if (!view || !IsCcc(number.id) || required.kinds == 0) return number.kind;
  const v1::CredentialKind stated = registry.KindOf(*view);
  return stated != v1::CREDENTIAL_KIND_UNSPECIFIED ? stated : number.kind;
}

}  // namespace

ScreenStage::Judgement ScreenStage::Judge(const Listing& claim, const Occasion& occasion,
                                          const TaskContext& context) const {
  const int64_t now = context.engine_time();
  const RegistryCursor cursor = context.cursor();
  const Registry& registry = context.registry();
  Judgement judgement;
  Question& question = judgement.question;
  question.scene = occasion.scene;
  question.made_at = claim.made_at;
  question.shipment_proven = claim.shipment_proven;
  judgement.decisive_fact = occasion.cause;
  const CredentialNumber& number = occasion.number;
  judgement.shown = number.id;
  if (number.id != 0) judgement.view = registry.Find(number.id, now, cursor);
  const std::optional<CertificateView>& view = judgement.view;
  if (view) judgement.scope = registry.ScopeOf(*view);
  if (judgement.scope != nullptr) judgement.comparison = Compare(claim, *judgement.scope, registry, cursor);
  judgement.code = CodeOfGoods(claim, number.id);
  if (!judgement.code.empty()) judgement.required = registry.requirements().At(judgement.code, now, cursor.control);
  const Requirement& required = judgement.required;
  question.shown = number.kind;
  question.needed = required.principal;
  const v1::CredentialKind kind = KindShown(number, view, required, registry);
  const v1::CredentialKind will_do = required.WillDoAs(kind);
  question.requirement = RequirementOf(will_do != v1::CREDENTIAL_KIND_UNSPECIFIED ? will_do : required.principal);
  if (claim.certificate_number.empty()) {
    question.finding = v1::FINDING_NOT_SHOWN;
    question.finding_since = required.since;
  } else if (number.id == 0) {
    question.finding = v1::FINDING_BAD_FORMAT;
  } else if (IsStale(number.kind, now, context)) {
    question.finding = v1::FINDING_REGISTRY_STALE;
  } else {
    question.finding = FindingOf(view);
    const bool valid = question.finding == v1::FINDING_VALID;
    const bool refused = required.Refuses(kind);
    if (refused) {
      question.refused_since = registry.requirements().RefusedSince(judgement.code, kind, now, cursor.control);
    }
    question.refused = refused && !valid;
    if (refused && valid) {
      question.finding = v1::FINDING_OTHER_CREDENTIAL;
      question.finding_since = question.refused_since;
    } else if (view) {
      question.finding_since = valid ? view->since : registry.NotValidSince(*view);
      question.ran_out = question.finding == v1::FINDING_SUSPENDED && registry.HasRunOut(*view);
      question.scope = CompareScope(claim, number.id, judgement.scope, judgement.comparison, registry,
                                    rules_.plate().tolerance_e6());
      judgement.fact = view->fact;
      judgement.decisive_fact = view->fact->event_id;
    }
  }
  judgement.matches = FindMatches(claim, occasion.key, number.id, judgement.scope, {registry, cursor, now});
  judgement.ruling = Rule(question, judgement.matches);
  // The requirement made the difference, not what the registry says of the credential.
  if (judgement.ruling.reason == v1::REASON_OTHER_CREDENTIAL) judgement.decisive_fact = occasion.cause;
  return judgement;
}

// What was said about the goods counts where it is stricter; and where the registry is stale, which says nothing.
ScreenStage::Ruling ScreenStage::Rule(const Question& question, const Matches& matches) const {
  const v1::DecisionRow& row = table_.Decide(question);
  const v1::KindLaw* law = laws_.Of(row, question);
  v1::AppealRoute route = row.terms().appeal_route();
  if (law != nullptr && route == v1::APPEAL_ROUTE_CERTIFICATION_BODY) route = law->appeal_route();
  Ruling ruling{row.action(),
                row.reason(),
                row.modality(),
                row.id(),
                law != nullptr ? law->legal_basis() : row.legal_basis(),
                &row.missing(),
                row.carry_out_within(),
                &row.terms(),
                route,
                nullptr};
  if (matches.empty()) return ruling;
  const RestrictionRows::Strictest said = restriction_rows_.Decide(matches, question.scene);
  const bool stricter =
      said.row != nullptr && (said.row->action() > row.action() || row.reason() == v1::REASON_REGISTRY_STALE);
  if (!stricter) return ruling;
  const std::string_view own_basis = said.statement->legal_basis;
  return {said.row->action(),
          said.row->reason(),
          said.row->modality(),
          said.row->id(),
          own_basis.empty() ? std::string_view(said.row->legal_basis()) : own_basis,
          &said.row->missing(),
          said.row->carry_out_within(),
          &said.row->terms(),
          said.row->terms().appeal_route(),
          said.statement};
}

std::string ScreenStage::DecisiveFact(const Listing* before, const Judgement& answer, const Ruling& ruling,
                                      const Occasion& occasion, const TaskContext& context) const {
  if (ruling.hold != nullptr) return std::string(ruling.hold->event_id);
  if (before == nullptr || before->hold.empty()) return std::string(answer.decisive_fact);
  // Something held the goods and does not decide any more: it ended, the claim is another, or the certificate has come
  // to be as strict.
  for (const Match& match : answer.matches) {
    if (match.statement->event_id == before->hold) return std::string(answer.decisive_fact);
  }
  const RestrictionTable& said = context.registry().restrictions();
  const Statement* hold = said.Find(before->hold);
  const std::string end =
      hold == nullptr ? "" : said.EndOf(*hold, context.engine_time(), context.cursor().restrictions());
  return end.empty() ? std::string(occasion.cause) : end;
}

// A registry without heartbeats, as in replays of short histories, is only stale when it is empty.
bool ScreenStage::IsStale(v1::CredentialKind kind, int64_t now, const TaskContext& context) const {
  return !context.registry().Knows(kind, context.cursor()) || IsOutdated(now, context);
}

bool ScreenStage::IsOutdated(int64_t now, const TaskContext& context) const {
  const std::optional<int64_t> heartbeat = context.registry().Heartbeat(context.cursor());
  return heartbeat && now - *heartbeat > rules_.registry_stale_after();
}

}  // namespace zaojing
