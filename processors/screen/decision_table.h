// The decision table compiled: every case that can occur → the row that decides it, one byte a case. Rows are data (rule
// file); the first that fits decides. Pure. Every case has a row (ParseRules sees to it), so there is an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "processors/reference/registry.h"
#include "processors/rules/decision_domain.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// What the row conditions look at.
struct Question {
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  v1::Finding finding = v1::FINDING_UNSPECIFIED;
  int64_t finding_since = 0;  // when it began (v1::Made); 0 when there is no such instant
  int64_t made_at = 0;        // 0 = unknown
  bool shipment_proven = false;
  v1::Scope scope = v1::SCOPE_MATCH;
  v1::Requirement requirement = v1::REQUIREMENT_NOT_KNOWN;
  // What is shown is not valid and, besides, of a kind that the product code does not accept since then: the question of
  // OTHER_CREDENTIAL is put as well. The stricter answer stands, and of two as strict that of the finding.
  bool refused = false;
  int64_t refused_since = 0;
  // A suspended certificate whose validity, besides, has run out: the question of EXPIRED is put as well, likewise.
  bool ran_out = false;
  // By whose law the answer stands (kind_laws.h): of what is shown, by the form of its number, or of what is needed first.
  v1::CredentialKind shown = v1::CREDENTIAL_KIND_UNSPECIFIED;
  v1::CredentialKind needed = v1::CREDENTIAL_KIND_UNSPECIFIED;
};

class DecisionTable {
 public:
  // `rules` must outlive the table and have passed ParseRules.
  explicit DecisionTable(const v1::RuleSet& rules);
  const v1::DecisionRow& Decide(const Question& question) const;

 private:
  const v1::DecisionRow& RowOf(const DecisionCase& c) const;

  std::vector<const v1::DecisionRow*> rows_;
  std::vector<uint8_t> by_case_;  // row number + 1; 0 = cannot occur
};

// What the registry's view amounts to.
v1::Finding FindingOf(const std::optional<CertificateView>& view);

}  // namespace zaojing
