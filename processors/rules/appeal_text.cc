#include "processors/rules/appeal_text.h"

#include "absl/strings/str_cat.h"

namespace zaojing {
namespace {

std::string TermOf(const v1::Appeal::Way& way) {
  if (way.term_case() == v1::Appeal::Way::kDays) return absl::StrCat("自", way.since(), "起", way.days(), "日内，");
  if (way.term_case() == v1::Appeal::Way::kMonths)
    return absl::StrCat("自", way.since(), "起", way.months(), "个月内，");
  return "";
}

}  // namespace

std::string AppealText(const v1::Appeal& appeal) {
  std::string text;
  for (const v1::Appeal::Way& way : appeal.ways()) {
    absl::StrAppend(&text, text.empty() ? "" : "；", TermOf(way), way.text(), "（", way.legal_basis(), "）");
  }
  return text;
}

AppealTexts::AppealTexts(const v1::RuleSet& rules) {
  for (const v1::Appeal& appeal : rules.appeals()) {
    by_route_.at(static_cast<size_t>(appeal.route())) = AppealText(appeal);
  }
}

}  // namespace zaojing
