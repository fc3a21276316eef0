#include "app/rules_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "app/enum_text.h"
#include "processors/rules/appeal_text.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

double Units(int64_t value_e6) { return static_cast<double>(value_e6) / 1e6; }
std::string Percent(int64_t value_e6) { return absl::StrCat(Units(value_e6) * 100, " %"); }

// Of a type whose name is two words: "APPEAL_ROUTE_PLATFORM" → "PLATFORM".
std::string WithoutTwo(const std::string& name) { return WithoutType(WithoutType(name)); }

std::string HoursText(int64_t micros) {
  const double hours = static_cast<double>(micros) / limits::kHour;
  return hours >= 48 ? absl::StrCat(hours / 24, " days") : absl::StrCat(hours, " h");
}

// "finding", then ", label A or B" for each condition that is stated.
template <typename Values, typename Name>
void AddCondition(const char* label, const Values& values, Name name, std::string* when) {
  std::vector<std::string> names;
  for (const int value : values) names.push_back(name(value));
  if (!names.empty()) absl::StrAppend(when, label, absl::StrJoin(names, " or "));
}

std::string SceneName(int scene) { return WithoutType(v1::Scene_Name(static_cast<v1::Scene>(scene))); }

// "the platform: at once, RECALL_NOTICE too, reports (SHALL) with it; the seller: CERTIFICATION_BODY"
template <typename Row>
std::string TermsText(const Row& row) {
  if (!row.has_terms()) return "";
  const v1::InstructionTerms& terms = row.terms();
  std::vector<std::string> told;
  told.push_back(row.carry_out_within() == 0 ? "at once" : absl::StrCat("within ", HoursText(row.carry_out_within())));
  for (const int measure : terms.further_measures()) {
    told.push_back(absl::StrCat(WithoutType(v1::Measure_Name(static_cast<v1::Measure>(measure))), " too"));
  }
  if (terms.report() != v1::MODALITY_UNSPECIFIED) {
    told.push_back(absl::StrCat(
        "reports (", WithoutType(v1::Modality_Name(terms.report())), ") ",
        terms.report_within() == 0 ? "with it" : absl::StrCat("within ", HoursText(terms.report_within()), " of it")));
  }
  std::string seller;
  if (terms.appeal_route() != v1::APPEAL_ROUTE_UNSPECIFIED) {
    seller = absl::StrCat("; the seller: ", WithoutTwo(v1::AppealRoute_Name(terms.appeal_route())));
  }
  return absl::StrFormat("  %28s the platform: %s%s\n", "", absl::StrJoin(told, ", "), seller);
}

template <typename Row>
std::string RowText(const Row& row, const std::string& when) {
  return absl::StrFormat("  %-28s %s → %s (%s)\n  %28s %s\n", row.id(), when,
                         WithoutType(v1::Action_Name(row.action())), WithoutType(v1::Modality_Name(row.modality())), "",
                         row.legal_basis()) +
         TermsText(row);
}

std::string DecisionText(const v1::DecisionRow& row) {
  std::string when = WithoutType(v1::Finding_Name(row.finding()));
  AddCondition(" at ", row.scenes(), SceneName, &when);
  AddCondition(
      ", goods ", row.made(), [](int made) { return v1::Made_Name(static_cast<v1::Made>(made)); }, &when);
  AddCondition(
      ", claim ", row.scopes(), [](int scope) { return v1::Scope_Name(static_cast<v1::Scope>(scope)); }, &when);
  AddCondition(
      ", required ", row.requirements(),
      [](int needed) { return WithoutType(v1::Requirement_Name(static_cast<v1::Requirement>(needed))); }, &when);
  return RowText(row, when);
}

std::string RestrictionText(const v1::RestrictionRow& row) {
  std::string when;
  AddCondition(
      "", row.grounds(), [](int ground) { return WithoutType(v1::Ground_Name(static_cast<v1::Ground>(ground))); },
      &when);
  AddCondition(" at ", row.scenes(), SceneName, &when);
  AddCondition(
      ", goods ", row.fits(), [](int fit) { return WithoutType(v1::Fit_Name(static_cast<v1::Fit>(fit))); }, &when);
  return RowText(row, when);
}

std::string LawText(const v1::KindLaw& law) {
  std::vector<std::string> kinds;
  for (const int kind : law.kinds()) {
    kinds.push_back(WithoutTwo(v1::CredentialKind_Name(static_cast<v1::CredentialKind>(kind))));
  }
  return absl::StrCat("  ", absl::StrJoin(kinds, ", "), ": ", law.legal_basis(),
                      "; an objection against it: ", WithoutTwo(v1::AppealRoute_Name(law.appeal_route())), "\n");
}

// What an alert recommends to an officer.
template <typename Actions>
std::string ActionsText(const char* when, const Actions& actions) {
  std::string text;
  for (const v1::RuleAction& action : actions) {
    absl::StrAppend(&text, "    ", when, WithoutType(v1::Modality_Name(action.modality())), " ", action.code(), " ",
                    action.text_zh(), "（", action.legal_basis(), "）\n");
  }
  return text;
}

template <typename Rule>
std::string NameText(const Rule& rule) {
  return absl::StrCat("  ", rule.id(), "@", rule.version(), ": ");
}

std::string SurgeText(const v1::SurgeRule& rule) {
  return NameText(rule) +
         absl::StrFormat(
             "%s, at least %u in a week, and -log10 p >= %.1f against the mean of up to %u weeks (at least %u)\n"
             "    that end %u weeks before; the mean is taken as at least %.2f, dispersion %.2f; an episode closes "
             "after %u weeks without a signal\n",
             WithoutTwo(v1::RollUp_Name(rule.roll_up())), rule.count_min(), Units(rule.threshold_e6()),
             rule.baseline_weeks(), rule.baseline_weeks_min(), rule.gap_weeks(), Units(rule.mean_floor_e6()),
             Units(rule.dispersion_e6()), rule.episode_closes_after_weeks()) +
         ActionsText("", rule.actions());
}

std::string ReachText(const v1::ReachRule& rule) {
  return absl::StrCat(NameText(rule), "one alert a cause when a change reaches listings on sale\n",
                      ActionsText("certificate: ", rule.actions()), ActionsText("sample: ", rule.sample_actions()),
                      ActionsText("recall: ", rule.recall_actions()), ActionsText("order: ", rule.order_actions()),
                      ActionsText("requirement: ", rule.requirement_actions()),
                      ActionsText("enterprise: ", rule.enterprise_actions()));
}

std::string PlateText(const v1::PlateRule& rule) {
  const int64_t share = rule.alert_share_e6() == 0 ? 1'000'000 : rule.alert_share_e6();
  return absl::StrCat(
      NameText(rule), "one vehicle code used twice, but for the same window within ", HoursText(rule.repeat_within()),
      "; a parameter more than ", Percent(rule.tolerance_e6()), " off the certified one;\n    plates of a year above ",
      Percent(share), " of the declared production, told in steps of ", Percent(rule.report_share_e6()), "; ",
      std::max<uint64_t>(rule.cancelled_min(), 1), " or more vehicles made after the certificate's end\n",
      ActionsText("too many plates: ", rule.plates_actions()), ActionsText("used twice: ", rule.reused_actions()),
      ActionsText("made after the end: ", rule.cancelled_actions()));
}

std::string EvasionText(const v1::EvasionRules& rules) {
  std::string text;
  if (rules.has_borrowed()) {
    const auto& rule = rules.borrowed();
    absl::StrAppend(&text, NameText(rule), "one certificate on untied goods of ", rule.merchants_min(),
                    " merchants or more, ", Percent(rule.untied_share_e6()), " of all that show it at least\n",
                    ActionsText("", rule.actions()));
  }
  if (rules.has_relisted()) {
    const auto& rule = rules.relisted();
    absl::StrAppend(&text, NameText(rule), "stopped goods back under another number, ", HoursText(rule.after()), " to ",
                    HoursText(rule.within()), " later\n", ActionsText("", rule.actions()));
  }
  if (rules.has_forged()) {
    const auto& rule = rules.forged();
    absl::StrAppend(&text, NameText(rule), "numbers with a year (before ", rule.first_year(),
                    ", or to come), body or product code that there is not, on ", rule.listings_min(),
                    " listings or more\n", ActionsText("", rule.actions()));
  }
  return text;
}

}  // namespace

std::string RulesText(const v1::RuleSet& rules) {
  std::string text = "decisions, the first that fits:\n";
  for (const v1::DecisionRow& row : rules.decisions()) text += DecisionText(row);
  text += "what is said about goods, the first that fits; the strictest of all stands:\n";
  for (const v1::RestrictionRow& row : rules.restrictions()) text += RestrictionText(row);
  text += "where a seller goes who does not agree:\n";
  for (const v1::Appeal& appeal : rules.appeals()) {
    text += absl::StrFormat("  %-28s %s\n", WithoutTwo(v1::AppealRoute_Name(appeal.route())), AppealText(appeal));
  }
  if (!rules.laws().empty()) text += "in place of the law of certification:\n";
  for (const v1::KindLaw& law : rules.laws()) text += LawText(law);
  absl::StrAppend(&text, "reports of platforms: ", rules.report_basis().empty() ? "none" : rules.report_basis(),
                  "\nsurges:\n");
  for (const v1::SurgeRule& rule : rules.surges()) text += SurgeText(rule);
  text += "reach:\n" + ReachText(rules.reach());
  if (rules.has_plate()) text += "plates:\n" + PlateText(rules.plate());
  if (rules.has_evasion()) text += "ways round the gate:\n" + EvasionText(rules.evasion());
  return text;
}

}  // namespace zaojing
