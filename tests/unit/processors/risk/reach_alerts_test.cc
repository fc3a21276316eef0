// What an alert about listings says and advises, by what reached them, from look-ups and facts through the canonical
// replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using ::testing::Not;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr char kMaker[] = "乙有限公司";

// So many listings on sale, each of a merchant of its own.
History Shelf(int merchants) {
  History history;
  v1::Certificate certificate =
      MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_maker(kMaker);
  history.certificates.push_back(ToRecord(certificate));
  for (int i = 0; i < merchants; ++i) {
    const std::string id = std::to_string(i);
    v1::Lookup lookup = MakeLookup("l" + id, "item" + id, kNumber, v1::SCENE_ON_SALE, kMonday + 1);
    lookup.set_seller_uscc("seller " + id);
    lookup.set_model("PB-5000");
    lookup.set_batch("B1");
    history.lookups.push_back(ToRecord(lookup));
  }
  return history;
}

v1::Alert LastAlert(const History& history, uint32_t partitions = 2) {
  testing::WorldOptions options;
  options.replay.partitions = partitions;
  const auto alerts = Replay(history, options).Of<v1::Alert>(Topic::kAlerts);
  EXPECT_FALSE(alerts.empty());
  return alerts.empty() ? v1::Alert() : alerts.back();
}

std::vector<std::string> Codes(const v1::Alert& alert) {
  std::vector<std::string> codes;
  for (const v1::RecommendedAction& action : alert.actions()) codes.push_back(action.code());
  return codes;
}

void Revoke(History* history) {
  history->certificates.push_back(ToRecord(MakeCertificate("fact-2", kNumber, v1::CERTIFICATE_STATUS_REVOKED,
                                                           kMonday + limits::kHour, kMonday + limits::kHour)));
}

// Breaks: an officer sent to check take-downs under the law of certificates because a batch failed. Seen on what each
// kind of cause advises and on what legal basis.
TEST(ReachAlerts, AdviceIsOfTheCause) {
  std::map<std::string, v1::Alert> alerts;
  History certificate = Shelf(1);
  Revoke(&certificate);
  alerts["certificate"] = LastAlert(certificate);
  History sample = Shelf(1);
  v1::Inspection inspection = testing::MakeInspection("sample-1", "T-1", 1, kMonday + limits::kHour);
  inspection.set_maker(kMaker);
  inspection.set_model("PB-5000");
  inspection.set_batch("B1");
  sample.inspections.push_back(ToRecord(inspection));
  alerts["sample"] = LastAlert(sample);
  History recall = Shelf(1);
  v1::Recall recalled = testing::MakeRecall("recall-1", "R-1", v1::REMEDY_REPAIR, kMonday + limits::kHour);
  recalled.set_maker(kMaker);
  recall.recalls.push_back(ToRecord(recalled));
  alerts["recall"] = LastAlert(recall);
  History order = Shelf(1);
  v1::Disposition disposition = testing::MakeOrder("order-1", v1::ORDER_KIND_STOP_SALE, kMonday + limits::kHour);
  disposition.set_certificate_number(kNumber);
  order.dispositions.push_back(ToRecord(disposition));
  alerts["order"] = LastAlert(order);
  History enterprise = sample;
  inspection.set_maker("乙厂");
  enterprise.inspections = {ToRecord(inspection)};
  for (const char* name : {kMaker, "乙厂"}) {
    const std::string id = std::string("record of ") + name;
    const int64_t at = kMonday + 2 * limits::kHour;
    enterprise.enterprises.push_back(ToRecord(testing::MakeEnterprise(id, "91110000600037341L", name, at, at)));
  }
  alerts["enterprise"] = LastAlert(enterprise);

  EXPECT_THAT(Codes(alerts["certificate"]), ElementsAre("verify-take-down"));
  EXPECT_THAT(Codes(alerts["sample"]),
              ElementsAre("verify-batch-off-sale", "stop-same-product", "tell-certification-body", "re-inspect"));
  EXPECT_THAT(Codes(alerts["recall"]), ElementsAre("verify-recalled-off-sale", "oversee-recall"));
  EXPECT_THAT(Codes(alerts["order"]), ElementsAre("verify-order"));
  EXPECT_THAT(Codes(alerts["enterprise"]), ElementsAre("verify-maker-off-sale"));
  EXPECT_THAT(alerts["enterprise"].headline_zh(), AllOf(HasSubstr("乙厂"), HasSubstr("涉及在售商品 1 件")));
  EXPECT_THAT(alerts["certificate"].actions(0).legal_basis(), HasSubstr("认证认可条例"));
  for (const char* cause : {"sample", "recall", "order", "enterprise"}) {
    EXPECT_THAT(alerts[cause].actions(0).legal_basis(), Not(HasSubstr("认证认可条例"))) << cause;
    EXPECT_THAT(alerts[cause].rule(), HasSubstr("certificate-reach@")) << "alert ids are made of it";
  }
  // What only an officer may decide stays a recommendation.
  for (int i = 1; i < alerts["sample"].actions_size(); ++i) {
    EXPECT_EQ(alerts["sample"].actions(i).modality(), v1::MODALITY_MAY) << alerts["sample"].actions(i).code();
  }
  EXPECT_THAT(alerts["sample"].actions(2).text_zh(), AllOf(HasSubstr("0201"), HasSubstr("0205")));
}

// Every kind of cause has advice: one that had none would look as if nothing were to be done.
TEST(ReachAlerts, NoCauseIsWithoutAdvice) {
  const v1::ReachRule& rule = testing::DefaultRules().reach();
  EXPECT_GT(rule.actions_size(), 0);
  EXPECT_GT(rule.sample_actions_size(), 0);
  EXPECT_GT(rule.recall_actions_size(), 0);
  EXPECT_GT(rule.order_actions_size(), 0);
  EXPECT_GT(rule.requirement_actions_size(), 0);
  EXPECT_GT(rule.enterprise_actions_size(), 0);
}

TEST(ReachAlerts, FewMerchantsAreCounted) {
  History history = Shelf(300);
  Revoke(&history);
  const v1::Alert alert = LastAlert(history);
  EXPECT_EQ(alert.numbers().merchants(), 300U);
  EXPECT_FALSE(alert.numbers().merchants_estimated());
  EXPECT_THAT(alert.headline_zh(), HasSubstr("商家 300 家"));
  EXPECT_THAT(alert.headline_en(), HasSubstr("300 merchants"));
}

// Breaks: a figure that stops at the bound of what is remembered. Seen over many slices of several tasks.
TEST(ReachAlerts, ManyMerchantsAreEstimated) {
  History history = Shelf(50'000);
  Revoke(&history);
  const v1::Alert alert = LastAlert(history, 3);
  EXPECT_EQ(alert.numbers().listings(), 50'000U);
  EXPECT_NEAR(static_cast<double>(alert.numbers().merchants()), 50'000, 0.03 * 50'000);
  EXPECT_TRUE(alert.numbers().merchants_estimated());
  EXPECT_THAT(alert.headline_zh(), HasSubstr("商家约 "));
  EXPECT_THAT(alert.headline_en(), HasSubstr("about "));
}

}  // namespace
}  // namespace zaojing
