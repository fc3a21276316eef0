#include "processors/rules/rule_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

// Advice is read by officers whatever the cause: each list of it is checked, not only the first.
TEST(ParseRules, AdviceOfEveryCauseIsChecked) {
  for (const std::string list :
       {"actions", "sample_actions", "recall_actions", "order_actions", "requirement_actions"}) {
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
  EXPECT_EQ(RulesName(testing::DefaultRules()), "national@4");
  EXPECT_GT(testing::DefaultRules().registry_stale_after(), 0);
}

}  // namespace
}  // namespace zaojing
