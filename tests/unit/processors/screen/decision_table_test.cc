#include "processors/screen/decision_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

#include "proto/china_time.h"
#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

constexpr int64_t kDawn = ChinaDayStart(19'783);
constexpr int64_t kSince = kDawn + 10 * limits::kHour;  // in the course of that day

struct Case {
  const char* row;
  v1::Scene scene;
  v1::Finding finding;
  int64_t made_at;
  bool proven;
  v1::Action action;
  v1::Scope scope = v1::SCOPE_MATCH;
  v1::Requirement requirement = v1::REQUIREMENT_NOT_KNOWN;
};

// One line a row of the table, boundary instants included: goods made on the day a status began were made after it,
// whatever the hour. A wrong order of rows, or a row that never fits, shows as another row id.
const Case kCases[] = {
    {"stale", v1::SCENE_PUBLISH, v1::FINDING_REGISTRY_STALE, 0, false, v1::ACTION_REVIEW},
    {"format-before-sale", v1::SCENE_PUBLISH, v1::FINDING_BAD_FORMAT, 0, false, v1::ACTION_BLOCK},
    {"format", v1::SCENE_ON_SALE, v1::FINDING_BAD_FORMAT, 0, false, v1::ACTION_REVIEW},
    {"not-found", v1::SCENE_CHECKOUT, v1::FINDING_NOT_FOUND, 0, false, v1::ACTION_BLOCK},
    {"not-yet-valid", v1::SCENE_PUBLISH, v1::FINDING_NOT_YET_VALID, 0, false, v1::ACTION_BLOCK},
    {"valid", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_ALLOW},
    {"revoked", v1::SCENE_ON_SALE, v1::FINDING_REVOKED, kDawn - 1, true, v1::ACTION_BLOCK},
    {"suspended-made-after", v1::SCENE_ON_SALE, v1::FINDING_SUSPENDED, kDawn, false, v1::ACTION_BLOCK},
    {"suspended", v1::SCENE_ON_SALE, v1::FINDING_SUSPENDED, kDawn - 1, true, v1::ACTION_REVIEW},
    {"suspended", v1::SCENE_PUBLISH, v1::FINDING_SUSPENDED, 0, false, v1::ACTION_REVIEW},
    {"cancelled-before-sale", v1::SCENE_PUBLISH, v1::FINDING_CANCELLED, kDawn - 1, true, v1::ACTION_BLOCK},
    {"cancelled-shipped-before", v1::SCENE_ON_SALE, v1::FINDING_CANCELLED, kDawn - 1, true, v1::ACTION_ALLOW},
    {"cancelled-made-after", v1::SCENE_CHECKOUT, v1::FINDING_CANCELLED, kDawn, true, v1::ACTION_BLOCK},
    {"cancelled", v1::SCENE_ON_SALE, v1::FINDING_CANCELLED, kDawn - 1, false, v1::ACTION_REVIEW},
    {"cancelled", v1::SCENE_PLATE, v1::FINDING_CANCELLED, 0, true, v1::ACTION_REVIEW},
    {"expired-before-sale", v1::SCENE_PUBLISH, v1::FINDING_EXPIRED, 0, false, v1::ACTION_BLOCK},
    {"expired-shipped-before", v1::SCENE_ON_SALE, v1::FINDING_EXPIRED, kDawn - 1, true, v1::ACTION_ALLOW},
    {"expired-made-after", v1::SCENE_ON_SALE, v1::FINDING_EXPIRED, kDawn, true, v1::ACTION_BLOCK},
    {"expired", v1::SCENE_CHECKOUT, v1::FINDING_EXPIRED, 0, false, v1::ACTION_REVIEW},
    {"not-required", v1::SCENE_PUBLISH, v1::FINDING_NOT_SHOWN, 0, false, v1::ACTION_ALLOW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NONE},
    {"no-certificate", v1::SCENE_PUBLISH, v1::FINDING_NOT_SHOWN, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_CCC},
    {"no-certificate", v1::SCENE_ON_SALE, v1::FINDING_NOT_SHOWN, kDawn - 1, true, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_CCC_SELF_DECLARED},
    {"no-licence", v1::SCENE_CHECKOUT, v1::FINDING_NOT_SHOWN, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_PRODUCTION_LICENCE},
    {"no-device-registration", v1::SCENE_PUBLISH, v1::FINDING_NOT_SHOWN, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_DEVICE_REGISTRATION},
    {"no-device-registration", v1::SCENE_PUBLISH, v1::FINDING_NOT_SHOWN, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_DEVICE_RECORD},
    {"nothing-known", v1::SCENE_PUBLISH, v1::FINDING_NOT_SHOWN, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NOT_KNOWN},
    {"format-before-sale", v1::SCENE_PUBLISH, v1::FINDING_BAD_FORMAT, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_CCC},
    {"format", v1::SCENE_PUBLISH, v1::FINDING_BAD_FORMAT, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_CCC_SELF_DECLARED},
    {"format", v1::SCENE_PUBLISH, v1::FINDING_BAD_FORMAT, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NONE},
    {"not-found-not-required", v1::SCENE_PUBLISH, v1::FINDING_NOT_FOUND, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NONE},
    {"not-found", v1::SCENE_PUBLISH, v1::FINDING_NOT_FOUND, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_PRODUCTION_LICENCE},
    {"other-credential", v1::SCENE_PUBLISH, v1::FINDING_OTHER_CREDENTIAL, kDawn - 1, true, v1::ACTION_BLOCK,
     v1::SCOPE_MATCH, v1::REQUIREMENT_CCC},
    {"other-credential-made-before", v1::SCENE_ON_SALE, v1::FINDING_OTHER_CREDENTIAL, kDawn - 1, false,
     v1::ACTION_REVIEW, v1::SCOPE_MATCH, v1::REQUIREMENT_CCC},
    {"other-credential", v1::SCENE_ON_SALE, v1::FINDING_OTHER_CREDENTIAL, kDawn, false, v1::ACTION_BLOCK,
     v1::SCOPE_MATCH, v1::REQUIREMENT_CCC},
    {"other-credential", v1::SCENE_ON_SALE, v1::FINDING_OTHER_CREDENTIAL, 0, false, v1::ACTION_BLOCK, v1::SCOPE_MATCH,
     v1::REQUIREMENT_DEVICE_REGISTRATION},
    {"not-yet-valid-not-required", v1::SCENE_PUBLISH, v1::FINDING_NOT_YET_VALID, 0, false, v1::ACTION_REVIEW,
     v1::SCOPE_MATCH, v1::REQUIREMENT_NONE},
    {"code-mismatch-before-sale", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_BLOCK,
     v1::SCOPE_CODE_MISMATCH, v1::REQUIREMENT_CCC},
    {"code-mismatch", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_CODE_MISMATCH,
     v1::REQUIREMENT_NONE},
    {"code-mismatch", v1::SCENE_ON_SALE, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_CODE_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_VALID, 0, false, v1::ACTION_BLOCK, v1::SCOPE_VEHICLE_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"vehicle-reused", v1::SCENE_PLATE, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_VEHICLE_REUSED,
     v1::REQUIREMENT_CCC},
    {"model-mismatch", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MODEL_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"holder-mismatch", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_HOLDER_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"maker-mismatch", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MAKER_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"factory-mismatch", v1::SCENE_PUBLISH, v1::FINDING_VALID, 0, false, v1::ACTION_REVIEW, v1::SCOPE_FACTORY_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"revoked-not-required", v1::SCENE_ON_SALE, v1::FINDING_REVOKED, 0, false, v1::ACTION_REVIEW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NONE},
    {"suspended", v1::SCENE_ON_SALE, v1::FINDING_SUSPENDED, kDawn, false, v1::ACTION_REVIEW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NONE},
    {"cancelled-not-required", v1::SCENE_PUBLISH, v1::FINDING_CANCELLED, kDawn, false, v1::ACTION_ALLOW,
     v1::SCOPE_MATCH, v1::REQUIREMENT_NONE},
    {"cancelled", v1::SCENE_ON_SALE, v1::FINDING_CANCELLED, kDawn - 1, true, v1::ACTION_REVIEW,
     v1::SCOPE_MODEL_MISMATCH, v1::REQUIREMENT_CCC},
    {"cancelled-made-after", v1::SCENE_PLATE, v1::FINDING_CANCELLED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_HOLDER_MISMATCH, v1::REQUIREMENT_CCC},
    {"expired-not-required", v1::SCENE_PUBLISH, v1::FINDING_EXPIRED, kDawn, false, v1::ACTION_ALLOW, v1::SCOPE_MATCH,
     v1::REQUIREMENT_NONE},
    {"expired", v1::SCENE_ON_SALE, v1::FINDING_EXPIRED, kDawn - 1, true, v1::ACTION_REVIEW, v1::SCOPE_MODEL_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"expired-made-after", v1::SCENE_PLATE, v1::FINDING_EXPIRED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_HOLDER_MISMATCH, v1::REQUIREMENT_CCC},
    // What contradicts the certificate, on one that does not stand.
    {"not-yet-valid-vehicle-mismatch-not-required", v1::SCENE_PLATE, v1::FINDING_NOT_YET_VALID, 0, false,
     v1::ACTION_BLOCK, v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_NONE},
    {"revoked-vehicle-mismatch-not-required", v1::SCENE_PLATE, v1::FINDING_REVOKED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_NONE},
    {"suspended-code-mismatch-before-sale", v1::SCENE_PUBLISH, v1::FINDING_SUSPENDED, 0, false, v1::ACTION_BLOCK,
     v1::SCOPE_CODE_MISMATCH, v1::REQUIREMENT_CCC},
    {"suspended-code-mismatch-before-sale", v1::SCENE_PUBLISH, v1::FINDING_SUSPENDED, kDawn - 1, true, v1::ACTION_BLOCK,
     v1::SCOPE_CODE_MISMATCH, v1::REQUIREMENT_NOT_KNOWN},
    {"suspended-made-after", v1::SCENE_PUBLISH, v1::FINDING_SUSPENDED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_CODE_MISMATCH, v1::REQUIREMENT_CCC},
    {"suspended", v1::SCENE_PUBLISH, v1::FINDING_SUSPENDED, 0, false, v1::ACTION_REVIEW, v1::SCOPE_CODE_MISMATCH,
     v1::REQUIREMENT_NONE},
    {"suspended", v1::SCENE_ON_SALE, v1::FINDING_SUSPENDED, 0, false, v1::ACTION_REVIEW, v1::SCOPE_CODE_MISMATCH,
     v1::REQUIREMENT_CCC},
    {"suspended-vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_SUSPENDED, kDawn - 1, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_CCC},
    {"suspended-vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_SUSPENDED, 0, false, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH},
    {"suspended-made-after", v1::SCENE_PLATE, v1::FINDING_SUSPENDED, kDawn, false, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_CCC},
    {"suspended-vehicle-mismatch-not-required", v1::SCENE_PLATE, v1::FINDING_SUSPENDED, kDawn, false, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_NONE},
    {"cancelled-vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_CANCELLED, kDawn - 1, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_CCC},
    {"cancelled-vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_CANCELLED, 0, false, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH},
    {"cancelled-made-after", v1::SCENE_PLATE, v1::FINDING_CANCELLED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_CCC},
    {"cancelled-vehicle-mismatch-not-required", v1::SCENE_PLATE, v1::FINDING_CANCELLED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_NONE},
    {"cancelled-mismatch-not-required", v1::SCENE_PUBLISH, v1::FINDING_CANCELLED, 0, false, v1::ACTION_REVIEW,
     v1::SCOPE_CODE_MISMATCH, v1::REQUIREMENT_NONE},
    {"cancelled-mismatch-not-required", v1::SCENE_PLATE, v1::FINDING_CANCELLED, kDawn - 1, true, v1::ACTION_REVIEW,
     v1::SCOPE_VEHICLE_REUSED, v1::REQUIREMENT_NONE},
    {"expired-vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_EXPIRED, kDawn - 1, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_CCC},
    {"expired-vehicle-mismatch", v1::SCENE_PLATE, v1::FINDING_EXPIRED, 0, false, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH},
    {"expired-made-after", v1::SCENE_PLATE, v1::FINDING_EXPIRED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_CCC},
    {"expired-vehicle-mismatch-not-required", v1::SCENE_PLATE, v1::FINDING_EXPIRED, kDawn, true, v1::ACTION_BLOCK,
     v1::SCOPE_VEHICLE_MISMATCH, v1::REQUIREMENT_NONE},
    {"expired-mismatch-not-required", v1::SCENE_ON_SALE, v1::FINDING_EXPIRED, 0, false, v1::ACTION_REVIEW,
     v1::SCOPE_MAKER_MISMATCH, v1::REQUIREMENT_NONE},
};

Question QuestionOf(const DecisionCase& c) {
  Question question{c.scene, c.finding, kDawn};
  question.scope = c.scope;
  question.requirement = c.requirement;
  if (c.made != MadeCase::kUnknown) question.made_at = c.made == MadeCase::kOnOrAfter ? kDawn : kDawn - 1;
  question.shipment_proven = c.made == MadeCase::kBeforeProven;
  return question;
}

TEST(DecisionTable, EveryRowDecidesWhatItSays) {
  const DecisionTable table(testing::DefaultRules());
  for (const Case& c : kCases) {
    const v1::DecisionRow& row = table.Decide({c.scene, c.finding, kDawn, c.made_at, c.proven, c.scope, c.requirement});
    EXPECT_EQ(row.id(), c.row);
    EXPECT_EQ(row.action(), c.action) << c.row;
    EXPECT_FALSE(row.legal_basis().empty()) << c.row;
  }
}

// A row added to the rule file without a line above would go untested.
TEST(DecisionTable, EveryRowHasACase) {
  std::set<std::string> rows;
  std::set<std::string> tested;
  for (const v1::DecisionRow& row : testing::DefaultRules().decisions()) rows.insert(row.id());
  for (const Case& c : kCases) tested.insert(c.row);
  EXPECT_EQ(rows, tested);
}

// 撤销 may not be sold, whatever the scene, the date of making, the proof or the claim, where goods need a credential or
// may need one: the one row that must never soften.
TEST(DecisionTable, RevokedBlocksAlways) {
  const DecisionTable table(testing::DefaultRules());
  for (v1::Scene scene : {v1::SCENE_PUBLISH, v1::SCENE_ON_SALE, v1::SCENE_CHECKOUT, v1::SCENE_PLATE}) {
    for (int64_t made_at : {int64_t{0}, kDawn - 1, kDawn, kSince + 1}) {
      for (bool proven : {false, true}) {
        for (v1::Scope scope : {v1::SCOPE_MATCH, v1::SCOPE_CODE_MISMATCH, v1::SCOPE_FACTORY_MISMATCH}) {
          for (v1::Requirement need : {v1::REQUIREMENT_NOT_KNOWN, v1::REQUIREMENT_CCC, v1::REQUIREMENT_DEVICE_RECORD}) {
            const Question question{scene, v1::FINDING_REVOKED, kSince, made_at, proven, scope, need};
            EXPECT_EQ(table.Decide(question).action(), v1::ACTION_BLOCK);
          }
        }
      }
    }
  }
}

// A certificate that does not stand is never the better one to show: what contradicts a valid certificate, an altered
// vehicle above all, is answered on a suspended, revoked, cancelled, expired or early one at least as strictly. Seen over
// the whole domain.
TEST(DecisionTable, NoCertificateIsBetterThanAValidOne) {
  const DecisionTable table(testing::DefaultRules());
  for (size_t i = 0; i < kDecisionCases; ++i) {
    const DecisionCase valid = CaseAt(i);
    if (valid.finding != v1::FINDING_VALID || !PossibleCases()[i]) continue;
    const v1::Action action = table.Decide(QuestionOf(valid)).action();
    for (const v1::Finding finding : {v1::FINDING_SUSPENDED, v1::FINDING_REVOKED, v1::FINDING_CANCELLED,
                                      v1::FINDING_EXPIRED, v1::FINDING_NOT_YET_VALID}) {
      DecisionCase worse = valid;
      worse.finding = finding;
      const v1::DecisionRow& row = table.Decide(QuestionOf(worse));
      EXPECT_GE(row.action(), action) << Describe(worse) << ": row " << row.id();
    }
  }
}

}  // namespace
}  // namespace zaojing
