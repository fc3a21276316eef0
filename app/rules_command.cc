// zaojing rules check|list: validates a rule file, and says in words what every rule does.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "app/commands.h"
#include "app/enum_text.h"
#include "app/rules_file.h"
#include "processors/rules/appeal_text.h"
#include "processors/rules/rule_set.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

double Units(int64_t value_e6) { return static_cast<double>(value_e6) / 1e6; }

// "APPEAL_ROUTE_PLATFORM" → "PLATFORM"
std::string ShortName(v1::AppealRoute route) { return WithoutType(WithoutType(v1::AppealRoute_Name(route))); }

std::string HoursText(int64_t micros) { return absl::StrCat(static_cast<double>(micros) / limits::kHour, " h"); }

// "the platform: at once, RECALL_NOTICE too, reports (SHALL) with it; the seller: CERTIFICATION_BODY"
template <typename Row>
void ListTerms(const Row& row) {
  if (!row.has_terms()) return;
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
    seller = absl::StrCat("; the seller: ", ShortName(terms.appeal_route()));
  }
  std::printf("  %28s the platform: %s%s\n", "", absl::StrJoin(told, ", ").c_str(), seller.c_str());
}

void ListDecision(const v1::DecisionRow& row) {
  std::string when = WithoutType(v1::Finding_Name(row.finding()));
  std::vector<std::string> scenes;
  for (int scene : row.scenes()) scenes.push_back(WithoutType(v1::Scene_Name(static_cast<v1::Scene>(scene))));
  if (!scenes.empty()) absl::StrAppend(&when, " at ", absl::StrJoin(scenes, ", "));
  std::vector<std::string> made;
  for (int m : row.made()) made.push_back(v1::Made_Name(static_cast<v1::Made>(m)));
  if (!made.empty()) absl::StrAppend(&when, ", goods ", absl::StrJoin(made, " or "));
  std::vector<std::string> scopes;
  for (int scope : row.scopes()) scopes.push_back(v1::Scope_Name(static_cast<v1::Scope>(scope)));
  if (!scopes.empty()) absl::StrAppend(&when, ", claim ", absl::StrJoin(scopes, " or "));
  std::vector<std::string> needs;
  for (int need : row.requirements())
    needs.push_back(WithoutType(v1::Requirement_Name(static_cast<v1::Requirement>(need))));
  if (!needs.empty()) absl::StrAppend(&when, ", required ", absl::StrJoin(needs, " or "));
  std::printf("  %-28s %s → %s (%s)\n  %28s %s\n", row.id().c_str(), when.c_str(),
              WithoutType(v1::Action_Name(row.action())).c_str(),
              WithoutType(v1::Modality_Name(row.modality())).c_str(), "", row.legal_basis().c_str());
  ListTerms(row);
}

void ListRestriction(const v1::RestrictionRow& row) {
  std::vector<std::string> grounds;
  for (int g : row.grounds()) grounds.push_back(WithoutType(v1::Ground_Name(static_cast<v1::Ground>(g))));
  std::string when = absl::StrJoin(grounds, " or ");
  std::vector<std::string> scenes;
  for (int scene : row.scenes()) scenes.push_back(WithoutType(v1::Scene_Name(static_cast<v1::Scene>(scene))));
  if (!scenes.empty()) absl::StrAppend(&when, " at ", absl::StrJoin(scenes, ", "));
  std::vector<std::string> fits;
  for (int fit : row.fits()) fits.push_back(WithoutType(v1::Fit_Name(static_cast<v1::Fit>(fit))));
  if (!fits.empty()) absl::StrAppend(&when, ", goods ", absl::StrJoin(fits, " or "));
  std::printf("  %-28s %s → %s (%s)\n  %28s %s\n", row.id().c_str(), when.c_str(),
              WithoutType(v1::Action_Name(row.action())).c_str(),
              WithoutType(v1::Modality_Name(row.modality())).c_str(), "", row.legal_basis().c_str());
  ListTerms(row);
}

void ListSurge(const v1::SurgeRule& rule) {
  std::printf(
      "  %s@%u: %s, at least %u in a week, and -log10 p >= %.1f against the mean of up to %u weeks (at least %u)\n"
      "    that end %u weeks before; the mean is taken as at least %.2f, dispersion %.2f; an episode closes after %u "
      "weeks without a signal\n",
      rule.id().c_str(), rule.version(), WithoutType(v1::RollUp_Name(rule.roll_up())).c_str(), rule.count_min(),
      Units(rule.threshold_e6()), rule.baseline_weeks(), rule.baseline_weeks_min(), rule.gap_weeks(),
      Units(rule.mean_floor_e6()), Units(rule.dispersion_e6()), rule.episode_closes_after_weeks());
}

int Rules(const std::string& path, bool list) {
  const absl::StatusOr<v1::RuleSet> rules = ReadRules(path);
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", std::string(rules.status().message()).c_str());
    return kExitUsage;
  }
  std::printf("%s: %s, %d decision rows, %d surge rules\n", path.c_str(), RulesName(*rules).c_str(),
              rules->decisions_size(), rules->surges_size());
  if (!list) return kExitDone;
  std::printf("decisions, the first that fits:\n");
  for (const v1::DecisionRow& row : rules->decisions()) ListDecision(row);
  std::printf("what is said about goods, the first that fits; the strictest of all stands:\n");
  for (const v1::RestrictionRow& row : rules->restrictions()) ListRestriction(row);
  std::printf("where a seller goes who does not agree:\n");
  for (const v1::Appeal& appeal : rules->appeals()) {
    std::printf("  %-28s %s\n", ShortName(appeal.route()).c_str(), AppealText(appeal).c_str());
  }
  std::printf("reports of platforms: %s\n", rules->report_basis().empty() ? "none" : rules->report_basis().c_str());
  std::printf("surges:\n");
  for (const v1::SurgeRule& rule : rules->surges()) ListSurge(rule);
  std::printf("reach:\n  %s@%u: one alert a cause when a change reaches listings on sale\n",
              rules->reach().id().c_str(), rules->reach().version());
  return kExitDone;
}

}  // namespace

void AddRules(CLI::App& app, int* exit_code) {
  auto path = std::make_shared<std::string>(kDefaultRules);
  CLI::App* rules = app.add_subcommand("rules", "Rule files: validate, say what each rule does");
  rules->require_subcommand(1);
  CLI::App* check = rules->add_subcommand("check", "Refuse what is wrong, with file:line:column; exit 2");
  check->add_option("file", *path, "Rule file (textproto)")->required();
  check->callback([path, exit_code] { *exit_code = Rules(*path, false); });
  CLI::App* list = rules->add_subcommand("list", "What each rule does");
  list->add_option("file", *path, "Rule file (textproto)")->capture_default_str();
  list->callback([path, exit_code] { *exit_code = Rules(*path, true); });
}

}  // namespace zaojing
