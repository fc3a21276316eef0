#include "app/rules_file.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "processors/rules/rule_set.h"
#include "proto/status_util.h"

namespace zaojing {

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<v1::RuleSet> ReadRules(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  return ParseRules(text, path);
}

}  // namespace zaojing
