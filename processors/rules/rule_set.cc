#include "processors/rules/rule_set.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/rules/appeal_text.h"
#include "processors/rules/decision_domain.h"
#include "processors/rules/restriction_domain.h"
#include "processors/rules/text_findings.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;
using LocationTree = TextFormat::ParseInfoTree;

// One message of the rule set with the place it was written at.
struct Place {
  const Message& message;
  const LocationTree* tree;
  TextFormat::ParseLocation begin;
};

const FieldDescriptor* FieldNamed(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

class Checker {
 public:
  explicit Checker(TextFindings& findings) : findings_(findings) {}

  // Where a field of `place` stands, or the place itself when the field was left out. `index`: of a repeated field.
  void Report(const Place& place, const char* field, const std::string& what, int index = -1) {
    TextFormat::ParseLocation at = place.begin;
    if (place.tree != nullptr && field != nullptr) {
      const TextFormat::ParseLocation own = place.tree->GetLocation(FieldNamed(place.message, field), index);
      if (own.line >= 0) at = own;
    }
    findings_.AddError(at.line, at.column, what);
  }

  template <typename Enum>
  void RequireSet(const Place& place, const char* field, Enum value) {
    if (static_cast<int>(value) == 0) Report(place, field, absl::StrCat(field, " must be set"));
  }
  void RequireText(const Place& place, const char* field, const std::string& value) {
    if (value.empty()) Report(place, field, absl::StrCat(field, " must not be empty"));
  }
  template <typename Number>
  void RequireIn(const Place& place, const char* field, Number value, Number low, Number high) {
    if (value < low || value > high) {
      Report(place, field, absl::StrCat(field, " must be between ", low, " and ", high, ", is ", value));
    }
  }
  void RequireNew(const Place& place, const std::string& id) {
    RequireText(place, "id", id);
    if (!ids_.insert(id).second) Report(place, "id", absl::StrCat("id \"", id, "\" is used twice"));
  }

 private:
  TextFindings& findings_;
  std::set<std::string> ids_;
};

Place ChildPlace(const Message& parent, const Message& child, const LocationTree& tree, const char* field, int index) {
  const FieldDescriptor* descriptor = FieldNamed(parent, field);
  return {child, tree.GetTreeForNested(descriptor, index), tree.GetLocation(descriptor, index)};
}

// Instructions come of what stands for goods on sale.
bool StandsOnSale(const v1::DecisionRow& row) {
  const CaseSet cases = CasesOf(row);
  for (size_t i = 0; i < kDecisionCases; ++i) {
    if (cases[i] && CaseAt(i).scene == v1::SCENE_ON_SALE) return true;
  }
  return false;
}

bool StandsOnSale(const v1::RestrictionRow& row) {
  const RestrictionCaseSet cases = CasesOf(row);
  for (size_t i = 0; i < kRestrictionCases; ++i) {
    if (cases[i] && RestrictionCaseAt(i).scene == v1::SCENE_ON_SALE) return true;
  }
  return false;
}

void CheckReport(const Place& place, const v1::InstructionTerms& terms, const v1::RuleSet& rules, Checker& checker) {
  const bool asked = terms.report() != v1::MODALITY_UNSPECIFIED;
  if (!v1::Modality_IsValid(terms.report())) checker.Report(place, "report", "report is no modality");
  if (asked && rules.report_basis().empty()) {
    checker.Report(place, "report", "report needs the rule set's report_basis: by what law is it asked?");
  }
  if (!asked && terms.report_within() != 0) {
    checker.Report(place, "report_within", "report_within has no effect without report");
  }
  checker.RequireIn<int64_t>(place, "report_within", terms.report_within(), 0, limits::kInstructionTermMax);
}

void CheckMeasures(const Place& place, const v1::InstructionTerms& terms, Checker& checker) {
  std::set<int> seen;
  for (int i = 0; i < terms.further_measures_size(); ++i) {
    const v1::Measure measure = terms.further_measures(i);
    if (measure == v1::MEASURE_UNSPECIFIED || !v1::Measure_IsValid(measure)) {
      checker.Report(place, "further_measures", "further_measures must be measures", i);
    } else if (!seen.insert(measure).second) {
      checker.Report(place, "further_measures", absl::StrCat(v1::Measure_Name(measure), " is listed twice"), i);
    }
  }
}

// What an instruction from this row says, and by when it is to be carried out.
template <typename Row>
void CheckTerms(const Place& place, const Row& row, const v1::RuleSet& rules, Checker& checker) {
  checker.RequireIn<int64_t>(place, "carry_out_within", row.carry_out_within(), 0, limits::kInstructionTermMax);
  const v1::AppealRoute route = row.terms().appeal_route();
  if (row.action() == v1::ACTION_BLOCK && route == v1::APPEAL_ROUTE_UNSPECIFIED && StandsOnSale(row)) {
    checker.Report(place, row.has_terms() ? "terms" : nullptr,
                   absl::StrCat("row \"", row.id(), "\" takes goods off sale and must name its appeal_route"));
  }
  if (!row.has_terms()) return;
  if (row.action() == v1::ACTION_ALLOW) {
    checker.Report(place, "terms", absl::StrCat("row \"", row.id(), "\" allows: terms have no effect"));
  }
  const Place terms = ChildPlace(row, row.terms(), *place.tree, "terms", -1);
  const auto is_route = [&](const v1::Appeal& appeal) { return appeal.route() == route; };
  if (route != v1::APPEAL_ROUTE_UNSPECIFIED && std::none_of(rules.appeals().begin(), rules.appeals().end(), is_route)) {
    std::string name = v1::AppealRoute_Name(route);
    if (name.empty()) name = std::to_string(route);
    checker.Report(terms, "appeal_route", absl::StrCat("no appeal says what route ", name, " is"));
  }
  CheckReport(terms, row.terms(), rules, checker);
  CheckMeasures(terms, row.terms(), checker);
}

void CheckWay(const Place& place, const v1::Appeal::Way& way, Checker& checker) {
  checker.RequireText(place, "text", way.text());
  checker.RequireText(place, "legal_basis", way.legal_basis());
  const bool stated = way.term_case() != v1::Appeal::Way::TERM_NOT_SET;
  if (stated && way.since().empty()) checker.Report(place, "since", "since must say from which day the term runs");
  if (!stated && !way.since().empty()) checker.Report(place, "since", "since has no effect without days or months");
  if (way.has_days()) checker.RequireIn<uint32_t>(place, "days", way.days(), 1, limits::kAppealDaysMax);
  if (way.has_months()) checker.RequireIn<uint32_t>(place, "months", way.months(), 1, limits::kAppealMonthsMax);
}

void CheckAppeals(const v1::RuleSet& rules, const LocationTree& tree, Checker& checker) {
  std::set<int> seen;
  for (int i = 0; i < rules.appeals_size(); ++i) {
    const v1::Appeal& appeal = rules.appeals(i);
    const Place place = ChildPlace(rules, appeal, tree, "appeals", i);
    if (appeal.route() == v1::APPEAL_ROUTE_UNSPECIFIED || !v1::AppealRoute_IsValid(appeal.route())) {
      checker.Report(place, "route", "route must be an appeal route");
    } else if (!seen.insert(appeal.route()).second) {
      checker.Report(place, "route", absl::StrCat(v1::AppealRoute_Name(appeal.route()), " is explained twice"));
    }
    if (appeal.ways().empty())
      checker.Report(place, nullptr, "an appeal needs ways: a route without one leads nowhere");
    for (int w = 0; w < appeal.ways_size(); ++w) {
      CheckWay(ChildPlace(appeal, appeal.ways(w), *place.tree, "ways", w), appeal.ways(w), checker);
    }
    if (AppealText(appeal).size() > limits::kAppealTextBytesMax) {
      checker.Report(place, nullptr,
                     absl::StrCat("an appeal's text must not be over ", limits::kAppealTextBytesMax,
                                  " bytes: every instruction carries it"));
    }
  }
}

void CheckLaws(const v1::RuleSet& rules, const LocationTree& tree, Checker& checker) {
  std::set<int> seen;
  for (int i = 0; i < rules.laws_size(); ++i) {
    const v1::KindLaw& law = rules.laws(i);
    const Place place = ChildPlace(rules, law, tree, "laws", i);
    if (law.kinds().empty()) checker.Report(place, nullptr, "a law needs kinds: of which credentials is it?");
    for (int k = 0; k < law.kinds_size(); ++k) {
      const v1::CredentialKind kind = law.kinds(k);
      const bool own = kind == v1::CREDENTIAL_KIND_PRODUCTION_LICENCE ||
                       kind == v1::CREDENTIAL_KIND_DEVICE_REGISTRATION || kind == v1::CREDENTIAL_KIND_DEVICE_RECORD;
      if (!own) {
        checker.Report(place, "kinds", "kinds must be of credentials that have a law of their own", k);
      } else if (!seen.insert(kind).second) {
        checker.Report(place, "kinds", absl::StrCat(v1::CredentialKind_Name(kind), " has two laws"), k);
      }
    }
    checker.RequireText(place, "legal_basis", law.legal_basis());
    const auto is_route = [&](const v1::Appeal& appeal) { return appeal.route() == law.appeal_route(); };
    if (std::none_of(rules.appeals().begin(), rules.appeals().end(), is_route)) {
      checker.Report(place, "appeal_route", "appeal_route must be one that an appeal explains");
    }
  }
}

void CheckDecision(const Place& place, const v1::DecisionRow& row, const v1::RuleSet& rules, Checker& checker) {
  checker.RequireNew(place, row.id());
  checker.RequireSet(place, "finding", row.finding());
  checker.RequireSet(place, "action", row.action());
  checker.RequireSet(place, "reason", row.reason());
  checker.RequireSet(place, "modality", row.modality());
  checker.RequireText(place, "legal_basis", row.legal_basis());
  CheckTerms(place, row, rules, checker);
}

void CheckSurge(const Place& place, const v1::SurgeRule& rule, Checker& checker) {
  constexpr int64_t kMillion = 1'000'000;
  checker.RequireNew(place, rule.id());
  checker.RequireSet(place, "version", rule.version());
  checker.RequireSet(place, "roll_up", rule.roll_up());
  checker.RequireIn<uint32_t>(place, "baseline_weeks", rule.baseline_weeks(), 4, limits::kBaselineWeeksMax);
  checker.RequireIn<uint32_t>(place, "baseline_weeks_min", rule.baseline_weeks_min(), 1, rule.baseline_weeks());
  checker.RequireIn<uint32_t>(place, "gap_weeks", rule.gap_weeks(), 0, 52);
  checker.RequireIn<uint32_t>(place, "count_min", rule.count_min(), 1, 1'000'000);
  checker.RequireIn<int64_t>(place, "mean_floor_e6", rule.mean_floor_e6(), 1'000, 1'000 * kMillion);
  checker.RequireIn<int64_t>(place, "dispersion_e6", rule.dispersion_e6(), 0, 100 * kMillion);
  checker.RequireIn<int64_t>(place, "threshold_e6", rule.threshold_e6(), 1, 300 * kMillion);
  checker.RequireIn<uint32_t>(place, "episode_closes_after_weeks", rule.episode_closes_after_weeks(), 1, 520);
  checker.RequireText(place, "headline_zh", rule.headline_zh());
  checker.RequireText(place, "headline_en", rule.headline_en());
}

void CheckActions(const Place& place, const google::protobuf::RepeatedPtrField<v1::RuleAction>& actions,
                  Checker& checker, const char* field = "actions") {
  for (int i = 0; i < actions.size(); ++i) {
    const Place action = ChildPlace(place.message, actions[i], *place.tree, field, i);
    checker.RequireText(action, "code", actions[i].code());
    checker.RequireText(action, "text_zh", actions[i].text_zh());
    checker.RequireText(action, "text_en", actions[i].text_en());
    checker.RequireSet(action, "modality", actions[i].modality());
    checker.RequireText(action, "legal_basis", actions[i].legal_basis());
  }
}

// The rows of one table, in order, each against those before it: each decides something, and where two rows fit one case
// one of them is a special case of the other, so that moving a row cannot change the law unseen.
template <typename Cases>
class RowOrder {
 public:
  RowOrder(Cases possible, std::string (*describe)(size_t index), Checker& checker)
      : open_(possible), describe_(describe), checker_(checker) {}

  void Take(const Place& place, const std::string& id, const Cases& mine) {
    if (mine.none()) {
      checker_.Report(place, nullptr, absl::StrCat("row \"", id, "\" fits no case that can occur"));
    } else if ((mine & open_).none()) {
      checker_.Report(place, nullptr,
                      absl::StrCat("row \"", id, "\" is never reached: the rows before it decide all its cases"));
    } else {
      ReportQuarrels(place, id, mine);
    }
    before_.emplace_back(id, mine);
    open_ &= ~mine;
  }
  // Cases that no row fits.
  const Cases& open() const { return open_; }

 private:
  void ReportQuarrels(const Place& place, const std::string& id, const Cases& mine) {
    for (const auto& [other, cases] : before_) {
      const Cases both = cases & mine;
      if (both.none() || both == cases) continue;
      checker_.Report(
          place, nullptr,
          absl::StrCat("row \"", id, "\" overlaps row \"", other,
                       "\" and neither is a special case of the other, as in ", describe_(both._Find_first())));
    }
  }

  Cases open_;
  std::string (*const describe_)(size_t index);
  Checker& checker_;
  std::vector<std::pair<std::string, Cases>> before_;
};

// By enumeration of every possible case: each has a row.
void CheckTable(const Place& top, const v1::RuleSet& rules, Checker& checker) {
  if (rules.decisions_size() > limits::kDecisionRowsMax) {
    checker.Report(top, nullptr, absl::StrCat("more than ", limits::kDecisionRowsMax, " decision rows"));
    return;
  }
  RowOrder<CaseSet> order(
      PossibleCases(), [](size_t i) { return Describe(CaseAt(i)); }, checker);
  for (int i = 0; i < rules.decisions_size(); ++i) {
    const v1::DecisionRow& row = rules.decisions(i);
    order.Take(ChildPlace(rules, row, *top.tree, "decisions", i), row.id(), CasesOf(row));
  }
  for (size_t i = 0; i < kDecisionCases; ++i) {
    if (!order.open()[i]) continue;
    checker.Report(top, nullptr, absl::StrCat("no row for ", Describe(CaseAt(i)), ": such a look-up has no answer"));
    // One example a finding is enough.
    i = (i / (kDecisionCases / kFindings) + 1) * (kDecisionCases / kFindings) - 1;
  }
}

void CheckRestriction(const Place& place, const v1::RestrictionRow& row, const v1::RuleSet& rules, Checker& checker) {
  checker.RequireNew(place, row.id());
  checker.RequireSet(place, "action", row.action());
  checker.RequireSet(place, "reason", row.reason());
  checker.RequireSet(place, "modality", row.modality());
  checker.RequireText(place, "legal_basis", row.legal_basis());
  CheckTerms(place, row, rules, checker);
}

// As CheckTable.
void CheckRestrictions(const Place& top, const v1::RuleSet& rules, Checker& checker) {
  if (rules.restrictions_size() > limits::kDecisionRowsMax) {
    checker.Report(top, nullptr, absl::StrCat("more than ", limits::kDecisionRowsMax, " restriction rows"));
    return;
  }
  RowOrder<RestrictionCaseSet> order(
      PossibleRestrictionCases(), [](size_t i) { return Describe(RestrictionCaseAt(i)); }, checker);
  for (int i = 0; i < rules.restrictions_size(); ++i) {
    const v1::RestrictionRow& row = rules.restrictions(i);
    const Place place = ChildPlace(rules, row, *top.tree, "restrictions", i);
    CheckRestriction(place, row, rules, checker);
    order.Take(place, row.id(), CasesOf(row));
  }
  if (order.open().none()) return;
  checker.Report(top, nullptr,
                 absl::StrCat("no restriction row for ", Describe(RestrictionCaseAt(order.open()._Find_first())),
                              ": what is said about goods has no effect"));
}

void CheckPlate(const Place& place, const v1::PlateRule& rule, Checker& checker) {
  checker.RequireNew(place, rule.id());
  checker.RequireSet(place, "version", rule.version());
  checker.RequireIn<int64_t>(place, "repeat_within", rule.repeat_within(), 0, 366 * limits::kDay);
  checker.RequireIn<int64_t>(place, "report_share_e6", rule.report_share_e6(), 100, 1'000'000);
  checker.RequireIn<int64_t>(place, "tolerance_e6", rule.tolerance_e6(), 0, 1'000'000);
  checker.RequireIn<int64_t>(place, "alert_share_e6", rule.alert_share_e6(), 0, 1'000'000'000);
}

// What the three have in common.
template <typename Rule>
Place CheckEvasionRule(const Place& evasion, const char* field, const Rule& rule, Checker& checker) {
  const Place place = ChildPlace(evasion.message, rule, *evasion.tree, field, -1);
  checker.RequireNew(place, rule.id());
  checker.RequireSet(place, "version", rule.version());
  CheckActions(place, rule.actions(), checker);
  return place;
}

void CheckEvasion(const Place& evasion, const v1::EvasionRules& rules, Checker& checker) {
  if (rules.has_borrowed()) {
    const Place place = CheckEvasionRule(evasion, "borrowed", rules.borrowed(), checker);
    const uint64_t most = limits::kShownMerchantsMax;
    checker.RequireIn<uint64_t>(place, "merchants_min", rules.borrowed().merchants_min(), 2, most);
    checker.RequireIn<int64_t>(place, "untied_share_e6", rules.borrowed().untied_share_e6(), 0, 1'000'000);
  }
  if (rules.has_relisted()) {
    const Place place = CheckEvasionRule(evasion, "relisted", rules.relisted(), checker);
    checker.RequireIn<int64_t>(place, "after", rules.relisted().after(), 0, 366 * limits::kDay);
    checker.RequireIn<int64_t>(place, "within", rules.relisted().within(), rules.relisted().after(),
                               3'660 * limits::kDay);
  }
  if (rules.has_forged()) {
    const Place place = CheckEvasionRule(evasion, "forged", rules.forged(), checker);
    checker.RequireIn<uint64_t>(place, "listings_min", rules.forged().listings_min(), 1, 1'000'000);
    checker.RequireIn<uint32_t>(place, "first_year", rules.forged().first_year(), 1'000, 9'999);
  }
}

void CheckRules(const v1::RuleSet& rules, const LocationTree& tree, Checker& checker) {
  const Place top{rules, &tree, {0, 0}};
  checker.RequireText(top, "id", rules.id());
  checker.RequireSet(top, "version", rules.version());
  for (int i = 0; i < rules.decisions_size(); ++i) {
    CheckDecision(ChildPlace(rules, rules.decisions(i), tree, "decisions", i), rules.decisions(i), rules, checker);
  }
  CheckAppeals(rules, tree, checker);
  CheckLaws(rules, tree, checker);
  CheckTable(top, rules, checker);
  CheckRestrictions(top, rules, checker);
  for (int i = 0; i < rules.surges_size(); ++i) {
    const Place place = ChildPlace(rules, rules.surges(i), tree, "surges", i);
    CheckSurge(place, rules.surges(i), checker);
    CheckActions(place, rules.surges(i).actions(), checker);
  }
  if (rules.has_plate()) {
    const Place plate = ChildPlace(rules, rules.plate(), tree, "plate", -1);
    CheckPlate(plate, rules.plate(), checker);
    CheckActions(plate, rules.plate().plates_actions(), checker, "plates_actions");
    CheckActions(plate, rules.plate().reused_actions(), checker, "reused_actions");
    CheckActions(plate, rules.plate().cancelled_actions(), checker, "cancelled_actions");
  }
  if (rules.has_evasion()) {
    CheckEvasion(ChildPlace(rules, rules.evasion(), tree, "evasion", -1), rules.evasion(), checker);
  }
  if (!rules.has_reach()) {
    checker.Report(top, nullptr, "reach is missing");
    return;
  }
  const Place reach = ChildPlace(rules, rules.reach(), tree, "reach", -1);
  checker.RequireNew(reach, rules.reach().id());
  checker.RequireSet(reach, "version", rules.reach().version());
  CheckActions(reach, rules.reach().actions(), checker);
  CheckActions(reach, rules.reach().sample_actions(), checker, "sample_actions");
  CheckActions(reach, rules.reach().recall_actions(), checker, "recall_actions");
  CheckActions(reach, rules.reach().order_actions(), checker, "order_actions");
  CheckActions(reach, rules.reach().requirement_actions(), checker, "requirement_actions");
  CheckActions(reach, rules.reach().enterprise_actions(), checker, "enterprise_actions");
}

}  // namespace

absl::StatusOr<v1::RuleSet> ParseRules(std::string_view text, std::string_view file) {
  TextFindings findings{std::string(file)};
  v1::RuleSet rules;
  LocationTree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&findings);
  parser.WriteLocationsTo(&tree);
  if (!parser.ParseFromString(std::string(text), &rules) || !findings.empty()) return findings.ToStatus();
  Checker checker(findings);
  CheckRules(rules, tree, checker);
  if (!findings.empty()) return findings.ToStatus();
  if (rules.registry_stale_after() == 0) rules.set_registry_stale_after(24 * limits::kHour);
  return rules;
}

std::string RulesName(const v1::RuleSet& rules) { return absl::StrCat(rules.id(), "@", rules.version()); }

}  // namespace zaojing
