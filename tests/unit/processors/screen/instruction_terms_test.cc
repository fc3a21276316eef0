// Goal: what an instruction says beside its measure is what its row says: where the seller can object, what the platform
// reports and by when, what it does further. Row by row against the shipped rules, then in the instructions themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using testing::History;
using ::testing::IsEmpty;
using testing::kMonday;
using ::testing::StartsWith;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr char kMaker[] = "乙有限公司";
constexpr char kReportBasis[] = "电子商务法第二十九条";

// Rows that name a route. What is in none of these lists names none: what allows, what only a window is told, and the
// stale registry, which says nothing about goods.
const std::map<std::string, v1::AppealRoute>& Routes() {
  static const auto* const routes = [] {
    auto* map = new std::map<std::string, v1::AppealRoute>();
    for (const char* row : {"revoked", "suspended-made-after", "cancelled-before-sale", "cancelled-made-after"}) {
      (*map)[row] = v1::APPEAL_ROUTE_CERTIFICATION_BODY;
    }
    (*map)["failed-batch"] = v1::APPEAL_ROUTE_REINSPECTION;
    (*map)["ordered"] = v1::APPEAL_ROUTE_RECONSIDERATION;
    for (const char* row : {"no-certificate",
                            "no-licence",
                            "no-device-registration",
                            "nothing-known",
                            "format-before-sale",
                            "format",
                            "not-found-not-required",
                            "not-found",
                            "other-credential-made-before",
                            "other-credential",
                            "not-yet-valid-not-required",
                            "not-yet-valid",
                            "code-mismatch-before-sale",
                            "code-mismatch",
                            "model-mismatch",
                            "holder-mismatch",
                            "maker-mismatch",
                            "factory-mismatch",
                            "revoked-not-required",
                            "suspended-code-mismatch-before-sale",
                            "suspended",
                            "cancelled-mismatch-not-required",
                            "cancelled",
                            "expired-mismatch-not-required",
                            "expired-before-sale",
                            "expired-made-after",
                            "expired",
                            "failed-product",
                            "recalled",
                            "recalled-batch-unknown",
                            "ordered-review",
                            "ordered-not-told"}) {
      (*map)[row] = v1::APPEAL_ROUTE_PLATFORM;
    }
    return map;
  }();
  return *routes;
}

// A report is a duty where goods are to go off sale: of what was never on sale, or is only asked about, nothing is found.
template <typename Row>
void ExpectTermsOf(const Row& row, std::map<std::string, v1::AppealRoute>* untested) {
  const auto route = untested->find(row.id());
  EXPECT_EQ(row.terms().appeal_route(), route != untested->end() ? route->second : v1::APPEAL_ROUTE_UNSPECIFIED)
      << row.id();
  const bool before_sale = row.scenes_size() == 1 && row.scenes(0) == v1::SCENE_PUBLISH;
  const bool down = row.action() == v1::ACTION_BLOCK && route != untested->end() && !before_sale;
  EXPECT_EQ(row.terms().report(), down ? v1::MODALITY_SHALL : v1::MODALITY_UNSPECIFIED) << row.id();
  EXPECT_EQ(row.terms().report_within(), 0) << row.id();
  const bool notice =
      row.terms().further_measures_size() == 1 && row.terms().further_measures(0) == v1::MEASURE_RECALL_NOTICE;
  EXPECT_EQ(notice, row.id() == "recalled") << row.id();
  if (route != untested->end()) untested->erase(route);
}

// Breaks: a seller sent to whoever cannot hear him; a duty to report that no law has; buyers told of a recall that is
// none. A row of the list above that the file has no more would be a route nobody tests.
TEST(InstructionTerms, EveryRowNamesWhatItShould) {
  std::map<std::string, v1::AppealRoute> untested = Routes();
  for (const v1::DecisionRow& row : testing::DefaultRules().decisions()) ExpectTermsOf(row, &untested);
  for (const v1::RestrictionRow& row : testing::DefaultRules().restrictions()) ExpectTermsOf(row, &untested);
  EXPECT_THAT(untested, IsEmpty());
}

v1::Lookup OnSale(const std::string& listing, const std::string& batch) {
  v1::Lookup lookup =
      testing::MakeLookup("l-" + listing, listing, kNumber, v1::SCENE_ON_SALE, kMonday + limits::kMinute);
  lookup.set_model("PB-20000");
  lookup.set_batch(batch);
  return lookup;
}

// One listing on sale, of a valid certificate.
History Shelf() {
  History history;
  v1::Certificate certificate =
      testing::MakeCertificate("valid", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_maker(kMaker);
  history.certificates.push_back(ToRecord(certificate));
  history.lookups.push_back(ToRecord(OnSale("item", "B1")));
  return history;
}

History Recalled() {
  History history = Shelf();
  v1::Recall recall = testing::MakeRecall("recall-1", "R-1", v1::REMEDY_REPLACE, kMonday + limits::kHour);
  recall.set_maker(kMaker);
  recall.mutable_products(0)->set_model("PB-20000");
  recall.mutable_products(0)->set_batch_from("B1");
  recall.mutable_products(0)->set_batch_to("B1");
  history.recalls.push_back(ToRecord(recall));
  return history;
}

v1::Disposition Order(v1::OrderKind kind, int64_t at) {
  v1::Disposition order = testing::MakeOrder("order", kind, at);
  order.set_platform("taobao");
  order.set_listing_id("item");
  return order;
}

std::vector<v1::Takedown> Told(const History& history, const v1::RuleSet* rules = nullptr) {
  testing::WorldOptions options;
  options.rules = rules;
  return Replay(history, options).Of<v1::Takedown>(Topic::kTakedowns);
}

void ExpectReported(const v1::Takedown& takedown) {
  EXPECT_EQ(takedown.report(), v1::MODALITY_SHALL);
  EXPECT_EQ(takedown.report_by(), takedown.deadline()) << "together with carrying it out";
  EXPECT_EQ(takedown.report_basis(), kReportBasis);
}

void ExpectNothingAsked(const v1::Takedown& takedown) {
  EXPECT_EQ(takedown.report(), v1::MODALITY_UNSPECIFIED);
  EXPECT_EQ(takedown.report_by(), 0);
  EXPECT_EQ(takedown.report_basis(), "");
  EXPECT_THAT(takedown.further_measures(), IsEmpty());
}

TEST(InstructionTerms, ARevocationIsForTheBodyToHear) {
  History history = Shelf();
  const int64_t at = kMonday + limits::kHour;
  history.certificates.push_back(
      ToRecord(testing::MakeCertificate("revoked", kNumber, v1::CERTIFICATE_STATUS_REVOKED, at, at)));
  const auto told = Told(history);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row(), "revoked");
  EXPECT_EQ(told[0].appeal_route(), v1::APPEAL_ROUTE_CERTIFICATION_BODY);
  EXPECT_THAT(told[0].appeal(), StartsWith("认证委托人可以向认证机构申诉"));
  EXPECT_THAT(told[0].further_measures(), IsEmpty());
  ExpectReported(told[0]);
}

TEST(InstructionTerms, AFailedSampleCanBeInspectedAgain) {
  History history = Shelf();
  v1::Inspection inspection = testing::MakeInspection("sample", "task", 1, kMonday + limits::kHour);
  inspection.set_maker(kMaker);
  inspection.set_model("PB-20000");
  inspection.set_batch("B1");
  history.inspections.push_back(ToRecord(inspection));
  const auto told = Told(history);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row(), "failed-batch");
  EXPECT_EQ(told[0].appeal_route(), v1::APPEAL_ROUTE_REINSPECTION);
  EXPECT_THAT(told[0].appeal(), StartsWith("自收到检验结果之日起15日内"));
  EXPECT_THAT(told[0].further_measures(), IsEmpty());
  ExpectReported(told[0]);
}

// Of goods that may be another batch nobody is told that they are recalled.
TEST(InstructionTerms, BuyersAreToldOfARecallOnlyWithinIt) {
  History history = Recalled();
  history.lookups.push_back(ToRecord(OnSale("no-batch", "")));
  const auto told = Told(history);
  ASSERT_EQ(told.size(), 2U);
  const v1::Takedown& within = told[told[0].listing_id() == "item" ? 0 : 1];
  const v1::Takedown& unknown = told[told[0].listing_id() == "item" ? 1 : 0];
  EXPECT_EQ(within.row(), "recalled");
  EXPECT_EQ(within.measure(), v1::MEASURE_BLOCK);
  EXPECT_EQ(within.modality(), v1::MODALITY_SHALL);
  EXPECT_THAT(within.further_measures(), ElementsAre(v1::MEASURE_RECALL_NOTICE));
  EXPECT_EQ(within.appeal_route(), v1::APPEAL_ROUTE_PLATFORM);
  ExpectReported(within);
  EXPECT_EQ(unknown.row(), "recalled-batch-unknown");
  EXPECT_EQ(unknown.instruction(), v1::INSTRUCTION_REVIEW_REQUESTED);
  EXPECT_EQ(unknown.appeal_route(), v1::APPEAL_ROUTE_PLATFORM);
  EXPECT_THAT(unknown.appeal(), StartsWith("可以向平台提交更正的证书"));
  ExpectNothingAsked(unknown);
}

// Breaks: a lift that still says how to object, or asks for a report. With the registry good, and where what decides
// after the order is a row of REVIEW, here with terms, because the register was never read.
TEST(InstructionTerms, AnOrderIsForACourtAndALiftForNobody) {
  v1::RuleSet rules = testing::DefaultRules();
  for (v1::DecisionRow& row : *rules.mutable_decisions()) {
    if (row.id() != "stale") continue;
    row.mutable_terms()->set_appeal_route(v1::APPEAL_ROUTE_PLATFORM);
    row.mutable_terms()->set_report(v1::MODALITY_SHALL);
  }
  for (const char* number : {kNumber, "国械注准20153131234"}) {
    History history = Shelf();
    v1::Lookup lookup = OnSale("item", "B1");
    lookup.set_certificate_number(number);
    history.lookups = {ToRecord(lookup)};
    history.control.push_back(ToRecord(testing::MakeHeartbeat("h", kMonday, kMonday)));
    v1::Disposition order = Order(v1::ORDER_KIND_TAKE_DOWN, kMonday + limits::kHour);
    history.dispositions.push_back(ToRecord(order));
    v1::Disposition lift = Order(v1::ORDER_KIND_LIFT, kMonday + 2 * limits::kHour);
    lift.set_event_id("lift");
    history.dispositions.push_back(ToRecord(lift));
    v1::Lookup again = lookup;
    again.set_event_id("again");
    again.set_received_at(kMonday + 3 * limits::kHour);
    history.lookups.push_back(ToRecord(again));
    const auto told = Told(history, &rules);
    ASSERT_EQ(told.size(), 2U) << number;
    EXPECT_EQ(told[0].row(), "ordered");
    EXPECT_EQ(told[0].appeal_route(), v1::APPEAL_ROUTE_RECONSIDERATION);
    EXPECT_THAT(told[0].appeal(), StartsWith("自知道或者应当知道处置决定之日起60日内，可以申请行政复议"));
    ExpectReported(told[0]);
    EXPECT_EQ(told[1].instruction(), v1::INSTRUCTION_LIFT);
    EXPECT_EQ(told[1].appeal_route(), v1::APPEAL_ROUTE_UNSPECIFIED);
    EXPECT_EQ(told[1].appeal(), "");
    ExpectNothingAsked(told[1]);
  }
}

// Breaks: the term of the report, or of the measure, left out of its instant. Seen with rules that give both.
TEST(InstructionTerms, AReportIsDueAfterTheMeasure) {
  v1::RuleSet rules = testing::DefaultRules();
  for (v1::RestrictionRow& row : *rules.mutable_restrictions()) {
    if (row.id() != "recalled") continue;
    row.set_carry_out_within(limits::kHour);
    row.mutable_terms()->set_report(v1::MODALITY_MAY);
    row.mutable_terms()->set_report_within(limits::kDay);
  }
  const auto told = Told(Recalled(), &rules);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].deadline(), told[0].received_at() + limits::kHour);
  EXPECT_EQ(told[0].report(), v1::MODALITY_MAY);
  EXPECT_EQ(told[0].report_by(), told[0].deadline() + limits::kDay);
}

}  // namespace
}  // namespace zaojing
