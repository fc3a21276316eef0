// Goal: every restriction row of the rule file decides what it says, and no case is without one.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "processors/rules/restriction_domain.h"
#include "processors/screen/restriction_check.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

struct Case {
  const char* row;
  v1::Ground ground;
  v1::Fit fit;
  v1::Scene scene;
  v1::Action action;
};

const Case kCases[] = {
    {"failed-batch", v1::GROUND_FAILED_SAMPLE, v1::FIT_WITHIN, v1::SCENE_PUBLISH, v1::ACTION_BLOCK},
    {"failed-batch", v1::GROUND_FAILED_SAMPLE, v1::FIT_WITHIN, v1::SCENE_ON_SALE, v1::ACTION_BLOCK},
    {"failed-product", v1::GROUND_FAILED_SAMPLE, v1::FIT_SAME_PRODUCT, v1::SCENE_CHECKOUT, v1::ACTION_REVIEW},
    {"failed-product", v1::GROUND_FAILED_SAMPLE, v1::FIT_NOT_TOLD, v1::SCENE_ON_SALE, v1::ACTION_REVIEW},
    {"failed-batch-at-the-window", v1::GROUND_FAILED_SAMPLE, v1::FIT_WITHIN, v1::SCENE_PLATE, v1::ACTION_REVIEW},
    {"failed-product-at-the-window", v1::GROUND_FAILED_SAMPLE, v1::FIT_SAME_PRODUCT, v1::SCENE_PLATE, v1::ACTION_ALLOW},
    {"failed-product-at-the-window", v1::GROUND_FAILED_SAMPLE, v1::FIT_NOT_TOLD, v1::SCENE_PLATE, v1::ACTION_ALLOW},
    {"recalled-batch-unknown-at-the-window", v1::GROUND_RECALL_REPAIR, v1::FIT_NOT_TOLD, v1::SCENE_PLATE,
     v1::ACTION_ALLOW},
    {"recalled-at-the-window", v1::GROUND_RECALL_REPLACE, v1::FIT_WITHIN, v1::SCENE_PLATE, v1::ACTION_REVIEW},
    {"recalled", v1::GROUND_RECALL_STOP_AND_RETURN, v1::FIT_WITHIN, v1::SCENE_ON_SALE, v1::ACTION_BLOCK},
    {"recalled", v1::GROUND_RECALL_REPLACE, v1::FIT_WITHIN, v1::SCENE_CHECKOUT, v1::ACTION_BLOCK},
    {"recalled", v1::GROUND_RECALL_REPAIR, v1::FIT_WITHIN, v1::SCENE_PUBLISH, v1::ACTION_BLOCK},
    {"recalled-batch-unknown", v1::GROUND_RECALL_REPAIR, v1::FIT_NOT_TOLD, v1::SCENE_ON_SALE, v1::ACTION_REVIEW},
    {"recalled-remedied-in-place", v1::GROUND_RECALL_SOFTWARE, v1::FIT_WITHIN, v1::SCENE_ON_SALE, v1::ACTION_ALLOW},
    {"recalled-remedied-in-place", v1::GROUND_RECALL_SOFTWARE, v1::FIT_NOT_TOLD, v1::SCENE_PLATE, v1::ACTION_ALLOW},
    {"recalled", v1::GROUND_RECALL_LABEL, v1::FIT_WITHIN, v1::SCENE_PUBLISH, v1::ACTION_BLOCK},
    {"recalled-batch-unknown", v1::GROUND_RECALL_LABEL, v1::FIT_NOT_TOLD, v1::SCENE_ON_SALE, v1::ACTION_REVIEW},
    {"recalled-at-the-window", v1::GROUND_RECALL_LABEL, v1::FIT_WITHIN, v1::SCENE_PLATE, v1::ACTION_REVIEW},
    {"ordered", v1::GROUND_ORDER_TAKE_DOWN, v1::FIT_WITHIN, v1::SCENE_ON_SALE, v1::ACTION_BLOCK},
    {"ordered", v1::GROUND_ORDER_STOP_SALE, v1::FIT_WITHIN, v1::SCENE_PUBLISH, v1::ACTION_BLOCK},
    {"ordered", v1::GROUND_ORDER_EMERGENCY_CONTROL, v1::FIT_WITHIN, v1::SCENE_PLATE, v1::ACTION_BLOCK},
    {"ordered-not-told", v1::GROUND_ORDER_TAKE_DOWN, v1::FIT_NOT_TOLD, v1::SCENE_ON_SALE, v1::ACTION_REVIEW},
    {"ordered-review", v1::GROUND_ORDER_REVIEW, v1::FIT_WITHIN, v1::SCENE_ON_SALE, v1::ACTION_REVIEW},
    {"ordered-review", v1::GROUND_ORDER_REVIEW, v1::FIT_NOT_TOLD, v1::SCENE_PUBLISH, v1::ACTION_REVIEW},
};

// A wrong order of rows shows as another row id.
TEST(RestrictionRows, EveryRowDecidesWhatItSays) {
  const RestrictionRows rows(testing::DefaultRules());
  std::set<std::string> tested;
  for (const Case& c : kCases) {
    const v1::RestrictionRow& row = rows.Decide(Match{c.ground, c.fit, nullptr}, c.scene);
    EXPECT_EQ(row.id(), c.row);
    EXPECT_EQ(row.action(), c.action) << c.row;
    EXPECT_FALSE(row.legal_basis().empty()) << c.row;
    tested.insert(row.id());
  }
  // A row added to the rule file without a line above would go untested.
  std::set<std::string> all;
  for (const v1::RestrictionRow& row : testing::DefaultRules().restrictions()) all.insert(row.id());
  EXPECT_EQ(all, tested);
}

// 不合格批次 and recalled goods are off sale wherever goods are sold; what is only likely is never more than a question.
TEST(RestrictionRows, CertainBlocksAndUncertainAsks) {
  const RestrictionRows rows(testing::DefaultRules());
  for (size_t i = 0; i < kRestrictionCases; ++i) {
    if (!PossibleRestrictionCases()[i]) continue;
    const RestrictionCase c = RestrictionCaseAt(i);
    const v1::Action action = rows.Decide(Match{c.ground, c.fit, nullptr}, c.scene).action();
    if (c.fit != v1::FIT_WITHIN) {
      EXPECT_NE(action, v1::ACTION_BLOCK) << Describe(c);
    }
    const bool must_go = c.ground == v1::GROUND_FAILED_SAMPLE || c.ground == v1::GROUND_RECALL_STOP_AND_RETURN;
    if (must_go && c.fit == v1::FIT_WITHIN && c.scene != v1::SCENE_PLATE) {
      EXPECT_EQ(action, v1::ACTION_BLOCK) << Describe(c);
    }
  }
}

}  // namespace
}  // namespace zaojing
