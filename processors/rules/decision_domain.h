// Every case a decision row can be asked about: a finite domain, small enough to be enumerated. So a table is compiled
// into one byte a case, and `rules check` can say that no case lacks a row, no row is idle and no two rows quarrel.
// Pure.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// When the goods were made, as one value.
enum class MadeCase : uint8_t { kUnknown, kBefore, kBeforeProven, kOnOrAfter };

struct DecisionCase {
  v1::Finding finding = v1::FINDING_UNSPECIFIED;
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  MadeCase made = MadeCase::kUnknown;
  v1::Scope scope = v1::SCOPE_MATCH;
  v1::Requirement requirement = v1::REQUIREMENT_NOT_KNOWN;
};

inline constexpr size_t kFindings = v1::Finding_MAX;
inline constexpr size_t kScenes = v1::Scene_MAX;
inline constexpr size_t kMadeCases = 4;
inline constexpr size_t kScopes = v1::Scope_MAX;
inline constexpr size_t kRequirements = v1::REQUIREMENT_DEVICE_RECORD;  // NOT_NONE is no case
inline constexpr size_t kDecisionCases = kFindings * kScenes * kMadeCases * kScopes * kRequirements;
using CaseSet = std::bitset<kDecisionCases>;

// REQUIRES every code set.
constexpr size_t IndexOf(const DecisionCase& c) {
  size_t index = static_cast<size_t>(c.finding) - 1;
  index = index * kRequirements + static_cast<size_t>(c.requirement) - 1;
  index = index * kScopes + static_cast<size_t>(c.scope) - 1;
  index = index * kScenes + static_cast<size_t>(c.scene) - 1;
  return index * kMadeCases + static_cast<size_t>(c.made);
}
DecisionCase CaseAt(size_t index);
// "FINDING_VALID, SCENE_PLATE, ..."
std::string Describe(const DecisionCase& c);

// The cases that can occur: a claim is compared with a certificate only, a vehicle presented only at a window, and
// another credential wanted only where one is.
const CaseSet& PossibleCases();
// Those among them that fit a row's conditions.
CaseSet CasesOf(const v1::DecisionRow& row);

// The credential kind as a requirement; UNSPECIFIED as NOT_KNOWN.
constexpr v1::Requirement RequirementOf(v1::CredentialKind kind) {
  return static_cast<v1::Requirement>(static_cast<int>(kind) + 1);
}
static_assert(RequirementOf(v1::CREDENTIAL_KIND_UNSPECIFIED) == v1::REQUIREMENT_NOT_KNOWN);
static_assert(RequirementOf(v1::CREDENTIAL_KIND_NONE) == v1::REQUIREMENT_NONE);
static_assert(RequirementOf(v1::CREDENTIAL_KIND_DEVICE_RECORD) == v1::REQUIREMENT_DEVICE_RECORD);
static_assert(v1::CredentialKind_MAX == v1::CREDENTIAL_KIND_DEVICE_RECORD, "a new kind is a new requirement");

}  // namespace zaojing
