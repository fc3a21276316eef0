#include "processors/screen/kind_laws.h"

namespace zaojing {

KindLaws::KindLaws(const v1::RuleSet& rules) {
  for (const v1::KindLaw& law : rules.laws()) {
    for (const int kind : law.kinds()) by_kind_.at(static_cast<size_t>(kind)) = &law;
  }
}

const v1::KindLaw* KindLaws::Of(const v1::DecisionRow& row, const Question& question) const {
  switch (row.reason()) {
    case v1::REASON_NO_CREDENTIAL:
    case v1::REASON_REGISTRY_STALE:
    case v1::REASON_NOT_REQUIRED:
    case v1::REASON_VEHICLE_MISMATCH:
    case v1::REASON_VEHICLE_REUSED:
      return nullptr;
    case v1::REASON_OTHER_CREDENTIAL:
    case v1::REASON_BAD_FORMAT:
      return by_kind_[static_cast<size_t>(question.needed)];
    default:
      return by_kind_[static_cast<size_t>(question.shown)];
  }
}

}  // namespace zaojing
