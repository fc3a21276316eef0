// Rule sets: text → checked message. Pure: the caller reads the file. Errors name file:line:column and what
// to write instead, so that a rule set is refused before anything starts.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// kInvalidArgument with one line an error ("rules.textproto:12:3: unknown field ..."), unknown fields, values
// out of range, duplicate ids and missing parts included. `file` is only for the messages.
absl::StatusOr<v1::RuleSet> ParseRules(std::string_view text, std::string_view file);

// "id@version", as it stands in journals, verdicts and alerts.
std::string RulesName(const v1::RuleSet& rules);

}  // namespace zaojing
