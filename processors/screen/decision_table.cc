#include "processors/screen/decision_table.h"

#include "proto/check.h"
#include "proto/china_time.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

// By the day of the law, as goods are dated: those of the day it began are made after it.
MadeCase MadeCaseOf(const Question& question, int64_t since) {
  if (question.made_at == 0) return MadeCase::kUnknown;
  if (ChinaDay(question.made_at) >= ChinaDay(since)) return MadeCase::kOnOrAfter;
  return question.shipment_proven ? MadeCase::kBeforeProven : MadeCase::kBefore;
}

}  // namespace

v1::Finding FindingOf(const std::optional<CertificateView>& view) {
  if (!view) return v1::FINDING_NOT_FOUND;
  if (view->not_yet_valid) return v1::FINDING_NOT_YET_VALID;
  switch (view->status) {
    case v1::CERTIFICATE_STATUS_VALID:
      return v1::FINDING_VALID;
    case v1::CERTIFICATE_STATUS_SUSPENDED:
      return v1::FINDING_SUSPENDED;
    case v1::CERTIFICATE_STATUS_REVOKED:
      return v1::FINDING_REVOKED;
    case v1::CERTIFICATE_STATUS_CANCELLED:
      return v1::FINDING_CANCELLED;
    case v1::CERTIFICATE_STATUS_EXPIRED:
      return v1::FINDING_EXPIRED;
    default:
      break;
  }
  ZAOJING_CHECK(false && "the decoder lets no other status in");
}

DecisionTable::DecisionTable(const v1::RuleSet& rules) : by_case_(kDecisionCases, 0) {
  ZAOJING_CHECK(rules.decisions_size() <= limits::kDecisionRowsMax);
  for (const v1::DecisionRow& row : rules.decisions()) {
    rows_.push_back(&row);
    const CaseSet cases = CasesOf(row);
    for (size_t i = 0; i < kDecisionCases; ++i) {
      if (cases[i] && by_case_[i] == 0) by_case_[i] = static_cast<uint8_t>(rows_.size());
    }
  }
}

const v1::DecisionRow& DecisionTable::RowOf(const DecisionCase& c) const {
  const uint8_t row = by_case_[IndexOf(c)];
  ZAOJING_CHECK(row != 0);  // ParseRules demands a row for every case that can occur
  return *rows_[row - 1];
}

const v1::DecisionRow& DecisionTable::Decide(const Question& question) const {
  DecisionCase c{question.finding, question.scene, MadeCaseOf(question, question.finding_since), question.scope,
                 question.requirement};
  const v1::DecisionRow* strictest = &RowOf(c);
  if (question.ran_out) {
    c.finding = v1::FINDING_EXPIRED;
    const v1::DecisionRow& expiry = RowOf(c);
    if (expiry.action() > strictest->action()) strictest = &expiry;
  }
  if (question.refused) {
    // Of a credential that is not accepted nothing is compared with the claim.
    const v1::DecisionRow& refusal =
        RowOf({v1::FINDING_OTHER_CREDENTIAL, question.scene, MadeCaseOf(question, question.refused_since),
               v1::SCOPE_MATCH, question.requirement});
    if (refusal.action() > strictest->action()) strictest = &refusal;
  }
  return *strictest;
}

}  // namespace zaojing
