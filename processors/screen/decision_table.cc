#include "processors/screen/decision_table.h"

#include "proto/check.h"

namespace zaojing {
namespace {

constexpr size_t kDigits = 16;
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

bool StripBracket(std::string_view* text, std::string_view open, std::string_view close) {
  if (text->size() < open.size() + close.size()) return false;
  if (text->substr(0, open.size()) != open || text->substr(text->size() - close.size()) != close) return false;
  *text = text->substr(open.size(), text->size() - open.size() - close.size());
  return true;
}

}  // namespace

CertificateNumber ParseCertificateNumber(std::string_view shown) {
  constexpr size_t kVersionMax = 8;
  if (shown.size() < kDigits) return {};
  for (char c : shown.substr(0, kDigits)) {
    if (c < '0' || c > '9') return {};
  }
  std::string_view rest = shown.substr(kDigits);
  if (!rest.empty()) {
    if (!StripBracket(&rest, "(", ")") && !StripBracket(&rest, "（", "）")) return {};
    if (rest.empty() || rest.size() > kVersionMax) return {};
    for (char c : rest) {
      const bool legal = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (!legal) return {};
    }
  }
  return {shown.substr(0, kDigits), rest};
}

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
