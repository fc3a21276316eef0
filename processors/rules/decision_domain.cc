#include "processors/rules/decision_domain.h"

#include <algorithm>

namespace zaojing {
namespace {

bool HasCertificate(v1::Finding finding) {
  switch (finding) {
    case v1::FINDING_NOT_YET_VALID:
    case v1::FINDING_VALID:
    case v1::FINDING_SUSPENDED:
    case v1::FINDING_REVOKED:
    case v1::FINDING_CANCELLED:
    case v1::FINDING_EXPIRED:
      return true;
    default:
      return false;
  }
}

bool IsPossible(const DecisionCase& c) {
  if (c.scope != v1::SCOPE_MATCH && !HasCertificate(c.finding)) return false;
  const bool vehicle = c.scope == v1::SCOPE_VEHICLE_MISMATCH || c.scope == v1::SCOPE_VEHICLE_REUSED;
  if (vehicle && c.scene != v1::SCENE_PLATE) return false;
  const bool wanted = c.requirement != v1::REQUIREMENT_NONE && c.requirement != v1::REQUIREMENT_NOT_KNOWN;
  return wanted || c.finding != v1::FINDING_OTHER_CREDENTIAL;
}

bool FitsMade(int condition, MadeCase made) {
  switch (condition) {
    case v1::MADE_ANY:
      return true;
    case v1::MADE_BEFORE:
      return made == MadeCase::kBefore || made == MadeCase::kBeforeProven;
    case v1::MADE_BEFORE_PROVEN:
      return made == MadeCase::kBeforeProven;
    case v1::MADE_ON_OR_AFTER:
      return made == MadeCase::kOnOrAfter;
    default:
      return condition == v1::MADE_UNKNOWN && made == MadeCase::kUnknown;
  }
}

bool FitsRequirement(int condition, v1::Requirement requirement) {
  if (condition == v1::REQUIREMENT_NOT_NONE) return requirement != v1::REQUIREMENT_NONE;
  return condition == requirement;
}

template <typename Conditions, typename Fits>
bool AnyFits(const Conditions& conditions, Fits fits) {
  return conditions.empty() || std::any_of(conditions.begin(), conditions.end(), fits);
}

bool Fits(const v1::DecisionRow& row, const DecisionCase& c) {
  return row.finding() == c.finding && AnyFits(row.scenes(), [&](int scene) { return scene == c.scene; }) &&
         AnyFits(row.made(), [&](int made) { return FitsMade(made, c.made); }) &&
         AnyFits(row.scopes(), [&](int scope) { return scope == c.scope; }) &&
         AnyFits(row.requirements(), [&](int condition) { return FitsRequirement(condition, c.requirement); });
}

}  // namespace

DecisionCase CaseAt(size_t index) {
  DecisionCase c;
  c.made = static_cast<MadeCase>(index % kMadeCases);
  index /= kMadeCases;
  c.scene = static_cast<v1::Scene>(index % kScenes + 1);
  index /= kScenes;
  c.scope = static_cast<v1::Scope>(index % kScopes + 1);
  index /= kScopes;
  c.requirement = static_cast<v1::Requirement>(index % kRequirements + 1);
  c.finding = static_cast<v1::Finding>(index / kRequirements + 1);
  return c;
}

std::string Describe(const DecisionCase& c) {
  constexpr const char* kMade[kMadeCases] = {"MADE_UNKNOWN", "MADE_BEFORE", "MADE_BEFORE_PROVEN", "MADE_ON_OR_AFTER"};
  return v1::Finding_Name(c.finding) + ", " + v1::Scene_Name(c.scene) + ", " + kMade[static_cast<size_t>(c.made)] +
         ", " + v1::Scope_Name(c.scope) + ", " + v1::Requirement_Name(c.requirement);
}

const CaseSet& PossibleCases() {
  static const CaseSet possible = [] {
    CaseSet set;
    for (size_t i = 0; i < kDecisionCases; ++i) set[i] = IsPossible(CaseAt(i));
    return set;
  }();
  return possible;
}

CaseSet CasesOf(const v1::DecisionRow& row) {
  CaseSet set;
  for (size_t i = 0; i < kDecisionCases; ++i) set[i] = PossibleCases()[i] && Fits(row, CaseAt(i));
  return set;
}

}  // namespace zaojing
