// By which law a decision row stands for a credential: rows cite that of certification; licences, device registrations
// and records have laws of their own (RuleSet.laws). Pure.
#pragma once

#include <array>

#include "processors/screen/decision_table.h"
#include "zaojing/v1/codes.pb.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

class KindLaws {
 public:
  // `rules` must outlive the laws.
  explicit KindLaws(const v1::RuleSet& rules);
  // nullptr = the row's own law stands. What is wrong with a credential is a matter of its own law, what is shown in
  // place of what is needed one of the law that needs it.
  const v1::KindLaw* Of(const v1::DecisionRow& row, const Question& question) const;

 private:
  std::array<const v1::KindLaw*, v1::CredentialKind_ARRAYSIZE> by_kind_ = {};
};

}  // namespace zaojing
