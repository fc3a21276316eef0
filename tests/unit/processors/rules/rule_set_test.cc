#include "processors/rules/rule_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;

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
  EXPECT_THAT(error, HasSubstr("no row without conditions for FINDING_REVOKED"));
  EXPECT_THAT(error, HasSubstr("reach is missing"));
}

// Two rows of one id could not be told apart in a verdict.
TEST(ParseRules, IdsAreUsedOnce) {
  const std::string row =
      "decisions { id: \"a\" finding: FINDING_VALID action: ACTION_ALLOW reason: REASON_OK modality: MODALITY_MAY "
      "legal_basis: \"x\" }\n";
  EXPECT_THAT(ErrorOf("id: \"x\" version: 1\n" + row + row), HasSubstr("r.textproto:3:13: id \"a\" is used twice"));
}

// What is shipped is accepted, and has its defaults.
TEST(ParseRules, TheShippedRulesAreGood) {
  EXPECT_EQ(RulesName(testing::DefaultRules()), "national@1");
  EXPECT_GT(testing::DefaultRules().registry_stale_after(), 0);
}

}  // namespace
}  // namespace zaojing
