#include "processors/rules/rule_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "processors/rules/appeal_text.h"
#include "processors/rules/decision_domain.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ErrorOf(const std::string& text) {
  const auto rules = ParseRules(text, "r.textproto");
  EXPECT_EQ(rules.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(rules.status().message());
}

// A misspelt field read as its default would judge by a rule nobody wrote: it is refused where it stands.
TEST(ParseRules, AnUnknownFieldIsRefusedWithItsPlace) {
  EXPECT_THAT(ErrorOf("id: \"x\"\nversion: 1\n  verison: 2\n"), HasSubstr("r.textproto:3:"));
  EXPECT_THAT(ErrorOf("id: \"x\"\ndecisions {\n  action: ACTION_BANANA\n}\n"),
              HasSubstr("Unknown enumeration value of \"ACTION_BANANA\" for field \"action\""));
}

// Bad values are all named at once, each at its own place.
TEST(ParseRules, BadValuesAreRefusedWithTheirPlaces) {
  const std::string error = ErrorOf(
      "id: \"x\" version: 1\n"
      "surges {\n"
      "  id: \"s\" version: 1 roll_up: ROLL_UP_MAKER_MODEL_PROBLEM\n"
      "  baseline_weeks: 52 baseline_weeks_min: 60\n"
      "  count_min: 5 mean_floor_e6: 200000 threshold_e6: 0\n"
      "  episode_closes_after_weeks: 8 headline_zh: \"z\" headline_en: \"e\"\n"
      "}\n");
  EXPECT_THAT(error, HasSubstr("r.textproto:4:22: baseline_weeks_min must be between 1 and 52, is 60"));
  EXPECT_THAT(error, HasSubstr("r.textproto:5:38: threshold_e6 must be between"));
  EXPECT_THAT(error, HasSubstr("no row for FINDING_REVOKED, SCENE_PUBLISH"));
  EXPECT_THAT(error, HasSubstr("reach is missing"));
}

// Two rows of one id could not be told apart in a verdict.
TEST(ParseRules, IdsAreUsedOnce) {
  const std::string row =
      "decisions { id: \"a\" finding: FINDING_VALID action: ACTION_ALLOW reason: REASON_OK modality: MODALITY_MAY "
      "legal_basis: \"x\" }\n";
  EXPECT_THAT(ErrorOf("id: \"x\" version: 1\n" + row + row), HasSubstr("r.textproto:3:13: id \"a\" is used twice"));
}

std::string Row(const std::string& id, const std::string& conditions) {
  return "decisions { id: \"" + id + "\" " + conditions +
         " action: ACTION_REVIEW reason: REASON_OK modality: MODALITY_MAY legal_basis: \"x\" }\n";
}

// A row that decides nothing is a law somebody believes to be in force.
TEST(ParseRules, RowsThatAreNeverReachedAreRefused) {
  const std::string head = "id: \"x\" version: 1\n";
  EXPECT_THAT(
      ErrorOf(head + Row("a", "finding: FINDING_VALID") + Row("b", "finding: FINDING_VALID scenes: SCENE_PUBLISH")),
      HasSubstr("r.textproto:3:1: row \"b\" is never reached"));
  // Two rows together may leave nothing over for a third.
  EXPECT_THAT(ErrorOf(head + Row("a", "finding: FINDING_VALID made: MADE_BEFORE made: MADE_UNKNOWN") +
                      Row("b", "finding: FINDING_VALID made: MADE_ON_OR_AFTER") + Row("c", "finding: FINDING_VALID")),
              HasSubstr("r.textproto:4:1: row \"c\" is never reached"));
  EXPECT_THAT(ErrorOf(head + Row("a", "finding: FINDING_NOT_FOUND scopes: SCOPE_MODEL_MISMATCH")),
              HasSubstr("r.textproto:2:1: row \"a\" fits no case that can occur"));
}

// Of two rows that fit one case, neither inside the other, the order alone would make the law.
TEST(ParseRules, RowsThatOverlapAreRefused) {
  const std::string head = "id: \"x\" version: 1\n";
  const std::string publish = Row("publish", "finding: FINDING_EXPIRED scenes: SCENE_PUBLISH");
  const std::string before = Row("before", "finding: FINDING_EXPIRED made: MADE_BEFORE_PROVEN");
  EXPECT_THAT(ErrorOf(head + publish + before),
              HasSubstr("r.textproto:3:1: row \"before\" overlaps row \"publish\" and neither is a special case of the "
                        "other, as in FINDING_EXPIRED, SCENE_PUBLISH, MADE_BEFORE_PROVEN"));
  EXPECT_THAT(ErrorOf(head + before + publish), HasSubstr("row \"publish\" overlaps row \"before\""));
  const std::string nested = Row("both", "finding: FINDING_EXPIRED scenes: SCENE_PUBLISH made: MADE_BEFORE_PROVEN");
  EXPECT_THAT(ErrorOf(head + nested + publish), Not(HasSubstr("overlaps")));
  EXPECT_THAT(ErrorOf(head + Row("some", "finding: FINDING_VALID requirements: REQUIREMENT_NOT_NONE") +
                      Row("none", "finding: FINDING_VALID requirements: REQUIREMENT_NONE")),
              Not(HasSubstr("row \"none\"")));
}

// Every case that can occur has its row: one that has none would stop a worker.
TEST(ParseRules, CasesWithoutARowAreNamed) {
  const std::string error = ErrorOf("id: \"x\" version: 1\n" +
                                    Row("a", "finding: FINDING_VALID scenes: SCENE_PUBLISH scenes: SCENE_CHECKOUT"));
  EXPECT_THAT(error, HasSubstr("no row for FINDING_VALID, SCENE_ON_SALE, MADE_UNKNOWN, SCOPE_MATCH"));
  EXPECT_THAT(error, HasSubstr("no row for FINDING_OTHER_CREDENTIAL, SCENE_PUBLISH, MADE_UNKNOWN, SCOPE_MATCH, "
                               "REQUIREMENT_CCC"));
}

std::string Restriction(const std::string& id, const std::string& conditions) {
  return "restrictions { id: \"" + id + "\" " + conditions +
         " action: ACTION_REVIEW reason: REASON_OK modality: MODALITY_MAY legal_basis: \"x\" }\n";
}

// As for decision rows: what is said about goods is law too, and neither idle nor made by the order of rows alone.
TEST(ParseRules, RestrictionRowsThatOverlapOrAreIdleAreRefused) {
  const std::string head = "id: \"x\" version: 1\n";
  const std::string batch = Restriction("batch", "grounds: GROUND_FAILED_SAMPLE fits: FIT_WITHIN");
  const std::string window = Restriction("window", "grounds: GROUND_FAILED_SAMPLE scenes: SCENE_PLATE");
  EXPECT_THAT(ErrorOf(head + window + batch),
              HasSubstr("r.textproto:3:1: row \"batch\" overlaps row \"window\" and neither is a special case of the "
                        "other, as in GROUND_FAILED_SAMPLE, FIT_WITHIN, SCENE_PLATE"));
  EXPECT_THAT(ErrorOf(head + batch + window), HasSubstr("row \"window\" overlaps row \"batch\""));
  const std::string both = Restriction("both", "grounds: GROUND_FAILED_SAMPLE fits: FIT_WITHIN scenes: SCENE_PLATE");
  EXPECT_THAT(ErrorOf(head + both + batch), Not(HasSubstr("overlaps")));
  EXPECT_THAT(ErrorOf(head + batch + both), HasSubstr("r.textproto:3:1: row \"both\" is never reached"));
  EXPECT_THAT(ErrorOf(head + Restriction("none", "grounds: GROUND_ORDER_REVIEW fits: FIT_SAME_PRODUCT")),
              HasSubstr("row \"none\" fits no case that can occur"));
  EXPECT_THAT(ErrorOf(head + batch), HasSubstr("no restriction row for GROUND_FAILED_SAMPLE, FIT_NOT_TOLD"));
}

constexpr char kHead[] =
    "id: \"x\" version: 1 report_basis: \"b\"\n"
    "appeals { route: APPEAL_ROUTE_PLATFORM ways { text: \"t\" legal_basis: \"b\" } }\n";

// A row of each table on line 3, its terms on line 4.
std::vector<std::string> RowsWith(const std::string& action, const std::string& terms) {
  const std::string rest = "\n  terms { " + terms + " }\n  action: ACTION_" + action +
                           " reason: REASON_OK modality: MODALITY_MAY legal_basis: \"x\" }\n";
  return {kHead + ("decisions { id: \"row\" finding: FINDING_REVOKED" + rest),
          kHead + ("restrictions { id: \"row\" grounds: GROUND_ORDER_REVIEW" + rest)};
}

// What an instruction would say beside its measure is refused where it stands, in rows of both tables: a route that
// nobody explains, a report under no law or before the take-down it reports, a measure told twice.
TEST(ParseRules, TermsOfInstructionsAreRefusedWithTheirPlaces) {
  const std::string route = "appeal_route: APPEAL_ROUTE_PLATFORM ";
  const std::pair<std::string, std::string> cases[] = {
      {"appeal_route: APPEAL_ROUTE_BANANA", "4:45: Unknown enumeration value of \"APPEAL_ROUTE_BANANA\""},
      {"appeal_route: APPEAL_ROUTE_REINSPECTION", "4:11: no appeal says what route APPEAL_ROUTE_REINSPECTION is"},
      {"appeal_route: 77", "4:11: no appeal says what route 77 is"},
      {"report: MODALITY_SHALL", "4:3: row \"row\" takes goods off sale and must name its appeal_route"},
      {route + "report: 77", "4:47: report is no modality"},
      {route + "report_within: 1", "4:47: report_within has no effect without report"},
      {route + "report: MODALITY_SHALL report_within: -1",
       "4:70: report_within must be between 0 and 31622400000000, is -1"},
      {route + "report: MODALITY_SHALL report_within: 31622400000001", "4:70: report_within must be between 0 and"},
      {route + "further_measures: MEASURE_DELETE further_measures: MEASURE_DELETE",
       "4:80: MEASURE_DELETE is listed twice"},
      {route + "further_measures: MEASURE_UNSPECIFIED", "4:47: further_measures must be measures"},
      {route + "further_measures: 77", "4:47: further_measures must be measures"},
  };
  for (const auto& [terms, error] : cases) {
    for (const std::string& text : RowsWith("BLOCK", terms)) {
      EXPECT_THAT(ErrorOf(text), HasSubstr("r.textproto:" + error)) << text;
    }
  }
  for (const std::string& text : RowsWith("ALLOW", route)) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("r.textproto:4:3: row \"row\" allows: terms have no effect"));
  }
  for (std::string text : RowsWith("BLOCK", route + "report: MODALITY_SHALL")) {
    EXPECT_THAT(ErrorOf(text), Not(HasSubstr("r.textproto:4:")));
    text.replace(text.find("report_basis: \"b\""), 17, "                 ");
    EXPECT_THAT(ErrorOf(text), HasSubstr("r.textproto:4:47: report needs the rule set's report_basis"));
  }
}

// A take-down without a way to object: a row that stops goods on sale names one, even with no terms at all. A row that
// stops nothing on sale has no instruction to say it in.
TEST(ParseRules, WhatTakesGoodsOffSaleNamesAnAppeal) {
  const auto row = [](const std::string& conditions) {
    return kHead + ("decisions { id: \"row\" " + conditions +
                    " action: ACTION_BLOCK reason: REASON_OK modality: MODALITY_MAY legal_basis: \"x\" }\n");
  };
  const std::string wanted = "r.textproto:3:1: row \"row\" takes goods off sale and must name its appeal_route";
  EXPECT_THAT(ErrorOf(row("finding: FINDING_VALID")), HasSubstr(wanted));
  EXPECT_THAT(ErrorOf(row("finding: FINDING_VALID scenes: SCENE_PUBLISH")), Not(HasSubstr("appeal_route")));
  EXPECT_THAT(ErrorOf(row("finding: FINDING_VALID scopes: SCOPE_VEHICLE_MISMATCH")), Not(HasSubstr("appeal_route")));
}

// The term of a take-down was taken as written: a negative one is over before it is told.
TEST(ParseRules, TermsToCarryOutHaveBounds) {
  for (const std::string& text : RowsWith("BLOCK", "appeal_route: APPEAL_ROUTE_PLATFORM")) {
    EXPECT_THAT(ErrorOf(text), Not(HasSubstr("carry_out_within")));
    for (const char* within : {"-1", "31622400000001"}) {
      std::string changed = text;
      changed.insert(changed.find("  action"), std::string("  carry_out_within: ") + within + "\n");
      EXPECT_THAT(ErrorOf(changed), HasSubstr("r.textproto:5:3: carry_out_within must be between 0 and"));
    }
  }
}

// An appeal leads somewhere, by some law, in a term the law could have: what a seller is told is nobody's guess.
TEST(ParseRules, AppealsAreRefusedWithTheirPlaces) {
  const auto appeal = [](const std::string& text) { return "id: \"x\" version: 1\nappeals {\n" + text + "\n}\n"; };
  const std::string route = "route: APPEAL_ROUTE_PLATFORM\n";
  const std::string way = " text: \"t\" legal_basis: \"b\" ";
  const std::pair<std::string, std::string> cases[] = {
      {"route: 77 ways {" + way + "}", "3:1: route must be an appeal route"},
      {"ways {" + way + "}", "2:1: route must be an appeal route"},
      {route, "2:1: an appeal needs ways"},
      {route + "ways { legal_basis: \"b\" }", "4:1: text must not be empty"},
      {route + "ways { text: \"t\" }", "4:1: legal_basis must not be empty"},
      {route + "ways {" + way + "days: 15 }", "4:1: since must say from which day the term runs"},
      {route + "ways {" + way + "since: \"s\" }", "4:35: since has no effect without days or months"},
      {route + "ways {" + way + "since: \"s\" days: 0 }", "4:46: days must be between 1 and 366, is 0"},
      {route + "ways {" + way + "since: \"s\" days: 367 }", "4:46: days must be between 1 and 366, is 367"},
      {route + "ways {" + way + "since: \"s\" months: 25 }", "4:46: months must be between 1 and 24, is 25"},
      {route + "ways { legal_basis: \"b\" text: \"" + std::string(1024, 't') + "\" }",
       "2:1: an appeal's text must not be over 1024 bytes"},
      {route + "ways {" + way + "} }\nappeals { " + route + "ways {" + way + "}",
       "5:11: APPEAL_ROUTE_PLATFORM is explained twice"},
  };
  for (const auto& [text, error] : cases) {
    EXPECT_THAT(ErrorOf(appeal(text)), HasSubstr("r.textproto:" + error)) << text;
  }
  EXPECT_THAT(ErrorOf(appeal(route + "ways {" + way + "since: \"s\" months: 24 }")), Not(HasSubstr(":4:")));
}

// Breaks: a credential that is stopped under no law, or under two.
TEST(ParseRules, LawsOfKindsAreChecked) {
  const std::string head = "id: \"x\" version: 1\n";
  const std::string licence = "kinds: CREDENTIAL_KIND_PRODUCTION_LICENCE ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"laws { legal_basis: \"b\" }", "2:1: a law needs kinds"},
      {"laws { kinds: CREDENTIAL_KIND_CCC legal_basis: \"b\" }", "2:8: kinds must be of credentials that have a law"},
      {"laws { " + licence + licence + "legal_basis: \"b\" }", "2:50: CREDENTIAL_KIND_PRODUCTION_LICENCE has two laws"},
      {"laws { " + licence + "}", "2:1: legal_basis must not be empty"},
      {"laws { " + licence + "legal_basis: \"b\" appeal_route: APPEAL_ROUTE_PLATFORM }",
       "2:67: appeal_route must be one that an appeal explains"},
  };
  for (const auto& [text, error] : cases) EXPECT_THAT(ErrorOf(head + text), HasSubstr("r.textproto:" + error)) << text;
}

// The seller reads the ways of the route as the file has them: term, what, by what law.
TEST(AppealText, SaysTermWayAndLaw) {
  const AppealTexts texts(testing::DefaultRules());
  EXPECT_EQ(texts.Of(v1::APPEAL_ROUTE_UNSPECIFIED), "");
  EXPECT_EQ(texts.Of(v1::APPEAL_ROUTE_REINSPECTION),
            "自收到检验结果之日起15日内，生产者、销售者可以向实施监督抽查的市场监督管理部门或者其上级申请复检（产品质量"
            "法第十五条"
            "）");
  EXPECT_EQ(texts.Of(v1::APPEAL_ROUTE_RECONSIDERATION),
            "自知道或者应当知道处置决定之日起60日内，可以申请行政复议（行政复议法第二十条）；"
            "自知道或者应当知道处置决定作出之日起6个月内，可以提起行政诉讼（行政诉讼法第四十六条）");
  EXPECT_EQ(texts.Of(v1::APPEAL_ROUTE_CERTIFICATION_BODY),
            "认证委托人可以向认证机构申诉，对处理结果仍有异议的可以向国家认监委（市场监管总局）申诉（强制性产品认证管理"
            "规定）");
  EXPECT_EQ(texts.Of(v1::APPEAL_ROUTE_PLATFORM),
            "可以向平台提交更正的证书、商品信息和证明材料，请求重新核验（电子商务法第五十九条）");
}

// Advice is read by officers whatever the cause: each list of it is checked, not only the first.
TEST(ParseRules, AdviceOfEveryCauseIsChecked) {
  for (const std::string list :
       {"actions", "sample_actions", "recall_actions", "order_actions", "requirement_actions", "enterprise_actions"}) {
    EXPECT_THAT(ErrorOf("id: \"x\" version: 1\nreach { id: \"r\" version: 1\n" + list +
                        " { code: \"c\" text_zh: \"z\" text_en: \"e\" modality: MODALITY_MAY } }\n"),
                HasSubstr("r.textproto:3:1: legal_basis must not be empty"))
        << list;
  }
}

// An index that lands on another case would decide by another row.
TEST(DecisionDomain, IndexGoesThereAndBack) {
  for (size_t i = 0; i < kDecisionCases; ++i) EXPECT_EQ(IndexOf(CaseAt(i)), i);
}

// What is shipped is accepted, and has its defaults.
TEST(ParseRules, TheShippedRulesAreGood) {
  EXPECT_EQ(RulesName(testing::DefaultRules()), "national@6");
  EXPECT_GT(testing::DefaultRules().registry_stale_after(), 0);
}

}  // namespace
}  // namespace zaojing
