// A rule set as people read it: what `zaojing rules list` prints. Every row and rule with what it looks for, what it does or
// recommends, how binding that is and under which law. Pure.
#pragma once

#include <string>

#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// REQUIRES a rule set that ParseRules took.
std::string RulesText(const v1::RuleSet& rules);

}  // namespace zaojing
