// Reads a rule file from disk and checks it; the default is the one shipped beside the binary's source tree or installed
// under share/zaojing.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

inline constexpr char kDefaultRules[] = "deploy/rules/default.textproto";

// kInvalidArgument with file:line:column lines.
absl::StatusOr<v1::RuleSet> ReadRules(const std::string& path);

// The whole of a small text file; kInvalidArgument when it cannot be read.
absl::StatusOr<std::string> ReadText(const std::string& path);

}  // namespace zaojing
