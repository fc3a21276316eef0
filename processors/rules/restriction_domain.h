// Every case a restriction row can be asked about, as decision_domain.h has them for certificates. Pure.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

#include "zaojing/v1/rules.pb.h"

namespace zaojing {

struct RestrictionCase {
  v1::Ground ground = v1::GROUND_UNSPECIFIED;
  v1::Fit fit = v1::FIT_UNSPECIFIED;
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
};

inline constexpr size_t kGrounds = v1::Ground_MAX;
inline constexpr size_t kFits = v1::Fit_MAX;
inline constexpr size_t kRestrictionScenes = v1::Scene_MAX;
inline constexpr size_t kRestrictionCases = kGrounds * kFits * kRestrictionScenes;
using RestrictionCaseSet = std::bitset<kRestrictionCases>;

// REQUIRES every code set.
constexpr size_t IndexOf(const RestrictionCase& c) {
  const size_t said = (static_cast<size_t>(c.ground) - 1) * kFits + static_cast<size_t>(c.fit) - 1;
  return said * kRestrictionScenes + static_cast<size_t>(c.scene) - 1;
}
RestrictionCase RestrictionCaseAt(size_t index);
std::string Describe(const RestrictionCase& c);

// All but SAME_PRODUCT of anything else than a failed sample.
const RestrictionCaseSet& PossibleRestrictionCases();
// Those among them that fit a row's conditions.
RestrictionCaseSet CasesOf(const v1::RestrictionRow& row);

}  // namespace zaojing
