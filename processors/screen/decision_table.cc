#include "processors/screen/decision_table.h"

#include "proto/check.h"

namespace zaojing {
namespace {

constexpr uint32_t kAll = ~0U;

uint32_t Bit(int value) { return 1U << value; }

// Every MADE_* condition the goods satisfy.
uint32_t MadeBits(const Question& question) {
  uint32_t bits = Bit(v1::MADE_ANY);
  if (question.made_at == 0) return bits | Bit(v1::MADE_UNKNOWN);
  if (question.made_at >= question.finding_since) return bits | Bit(v1::MADE_ON_OR_AFTER);
  bits |= Bit(v1::MADE_BEFORE);
  if (question.shipment_proven) bits |= Bit(v1::MADE_BEFORE_PROVEN);
  return bits;
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

DecisionTable::DecisionTable(const v1::RuleSet& rules) {
  for (const v1::DecisionRow& row : rules.decisions()) {
    Row compiled{&row, row.scenes().empty() ? kAll : 0, row.made().empty() ? kAll : 0};
    for (int scene : row.scenes()) compiled.scenes |= Bit(scene);
    for (int made : row.made()) compiled.made |= Bit(made);
    by_finding_[static_cast<size_t>(row.finding())].push_back(compiled);
  }
}

const v1::DecisionRow& DecisionTable::Decide(const Question& question) const {
  const uint32_t made = MadeBits(question);
  for (const Row& row : by_finding_[static_cast<size_t>(question.finding)]) {
    if ((row.scenes & Bit(question.scene)) != 0 && (row.made & made) != 0) return *row.row;
  }
  ZAOJING_CHECK(false && "ParseRules demands a row without conditions for every finding");
}

}  // namespace zaojing
