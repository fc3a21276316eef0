#include "processors/rules/restriction_domain.h"

#include <algorithm>

namespace zaojing {
namespace {

// No condition is any.
template <typename Conditions>
bool Fits(const Conditions& conditions, int code) {
  return conditions.empty() || std::find(conditions.begin(), conditions.end(), code) != conditions.end();
}

}  // namespace

RestrictionCase RestrictionCaseAt(size_t index) {
  RestrictionCase c;
  c.scene = static_cast<v1::Scene>(index % kRestrictionScenes + 1);
  index /= kRestrictionScenes;
  c.fit = static_cast<v1::Fit>(index % kFits + 1);
  c.ground = static_cast<v1::Ground>(index / kFits + 1);
  return c;
}

std::string Describe(const RestrictionCase& c) {
  return v1::Ground_Name(c.ground) + ", " + v1::Fit_Name(c.fit) + ", " + v1::Scene_Name(c.scene);
}

const RestrictionCaseSet& PossibleRestrictionCases() {
  static const RestrictionCaseSet possible = [] {
    RestrictionCaseSet set;
    for (size_t i = 0; i < kRestrictionCases; ++i) {
      const RestrictionCase c = RestrictionCaseAt(i);
      set[i] = c.fit != v1::FIT_SAME_PRODUCT || c.ground == v1::GROUND_FAILED_SAMPLE;
    }
    return set;
  }();
  return possible;
}

RestrictionCaseSet CasesOf(const v1::RestrictionRow& row) {
  RestrictionCaseSet set;
  for (size_t i = 0; i < kRestrictionCases; ++i) {
    const RestrictionCase c = RestrictionCaseAt(i);
    set[i] = PossibleRestrictionCases()[i] && Fits(row.grounds(), c.ground) && Fits(row.fits(), c.fit) &&
             Fits(row.scenes(), c.scene);
  }
  return set;
}

}  // namespace zaojing
