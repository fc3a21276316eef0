// What is said about goods, through the canonical replay: which listings failed samples, recalls and orders reach, and
// what each is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "proto/limits.h"
#include "tests/support/replay_world.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using testing::History;
using ::testing::IsEmpty;
using testing::kMonday;
using testing::MakeInspection;
using testing::MakeLookup;
using testing::MakeOrder;
using testing::MakeRecall;
using testing::Outcome;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";  // code 0907, by 乙
constexpr char kSecond[] = "2023180907000001";  // likewise, of another body and year
constexpr char kOthers[] = "2022010907454872";  // code 0907, by 丁
constexpr char kMaker[] = "乙有限公司";
constexpr char kUscc[] = "91110000600037341L";
constexpr int64_t kDay = limits::kDay;

Outcome Judge(const History& history) {
  testing::WorldOptions options;
  options.replay.partitions = 4;
  options.every_verdict = true;
  return Replay(history, options);
}

void AddCertificate(const std::string& id, const char* number, const char* maker, History* history) {
  v1::Certificate certificate =
      testing::MakeCertificate(id, number, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_maker(maker);
  certificate.add_models("PB-10000、PB-20000");
  history->certificates.push_back(ToRecord(certificate));
}

History Shelf() {
  History history;
  AddCertificate("fact-1", kNumber, kMaker, &history);
  AddCertificate("fact-2", kSecond, kMaker, &history);
  AddCertificate("fact-3", kOthers, "丁有限公司", &history);
  return history;
}

// One listing on sale for a minute; `change` says what it claims.
void Sell(
    const std::string& listing, const char* number, History* history,
    const std::function<void(v1::Lookup&)>& change = [](v1::Lookup&) {}) {
  v1::Lookup lookup = MakeLookup("l-" + listing, listing, number, v1::SCENE_ON_SALE, kMonday + limits::kMinute);
  change(lookup);
  history->lookups.push_back(ToRecord(lookup));
}

// Moves the clock of every task.
void PassTo(int64_t at, History* history) {
  for (int i = 0; i < 40; ++i) {
    const std::string id = "clock-" + std::to_string(at) + "-" + std::to_string(i);
    history->lookups.push_back(ToRecord(MakeLookup(id, id, "bad", v1::SCENE_PLATE, at)));
  }
}

// Listing → rows of the instructions it got, in order; "lift" for a lifting.
std::map<std::string, std::vector<std::string>> Told(const Outcome& outcome) {
  std::map<std::string, std::vector<std::string>> told;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    const bool lift = takedown.instruction() == v1::INSTRUCTION_LIFT;
    told[takedown.listing_id()].push_back(lift ? "lift" : takedown.row());
  }
  return told;
}

using Rows = std::vector<std::string>;

v1::Inspection FailedSample() {
  v1::Inspection inspection = MakeInspection("sample-1", "task-1", 1, kMonday + limits::kHour);
  inspection.set_product_code("0907");
  inspection.set_maker(kMaker);
  inspection.set_model("PB-20000");
  inspection.set_batch("20240101");
  inspection.set_platform("jd");
  inspection.set_listing_id("bought-here");
  return inspection;
}

// Breaks: a failed batch left on sale on a platform where it was not sampled; the whole maker taken down for one batch; or
// another maker's goods. Seen listing by listing (scenario 3).
TEST(Reach, AFailedBatchGoesEverywhereAndItsProductIsAsked) {
  History history = Shelf();
  const auto batch = [](const char* number) { return [number](v1::Lookup& l) { l.set_batch(number); }; };
  Sell("batch", kNumber, &history, [](v1::Lookup& l) { l.set_batch("2024-01-01"), l.set_model("PB-20000"); });
  Sell("batch-second", kSecond, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("pb20000"); });
  Sell("other-batch", kNumber, &history, [](v1::Lookup& l) { l.set_batch("20240102"), l.set_model("PB-20000"); });
  Sell("no-batch", kNumber, &history, [](v1::Lookup& l) { l.set_model("PB-20000"); });
  Sell("no-model", kNumber, &history, batch("20240101"));
  Sell("other-model", kNumber, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("PB-10000"); });
  Sell("other-maker", kOthers, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("PB-20000"); });
  Sell("claims-maker", "unreadable", &history, [](v1::Lookup& l) {
    l.set_maker(kMaker), l.set_product_code("0907"), l.set_model("PB-20000"), l.set_batch("20240101");
  });
  history.inspections.push_back(ToRecord(FailedSample()));
  const Outcome outcome = Judge(history);
  auto told = Told(outcome);
  EXPECT_EQ(told["batch"], Rows{"failed-batch"});
  EXPECT_EQ(told["batch-second"], Rows{"failed-batch"});
  EXPECT_EQ(told["other-batch"], Rows{"failed-product"});
  EXPECT_EQ(told["no-batch"], Rows{"failed-product"});
  EXPECT_EQ(told["no-model"], Rows{"failed-product"});
  EXPECT_EQ(told["claims-maker"], (Rows{"format", "failed-batch"}));
  EXPECT_THAT(told["other-model"], IsEmpty());
  EXPECT_THAT(told["other-maker"], IsEmpty());
  // One alert, with everything it reached, final when every task is done.
  const auto alerts = outcome.Of<v1::Alert>(Topic::kAlerts);
  std::set<std::string> causes;
  for (const auto& alert : alerts) causes.insert(alert.alert_id());
  ASSERT_EQ(causes.size(), 1U);
  EXPECT_EQ(alerts.back().numbers().listings_blocked(), 3U);
  EXPECT_EQ(alerts.back().numbers().listings_reviewed(), 3U);
  EXPECT_EQ(alerts.back().numbers().tasks_done(), 4U);
  EXPECT_EQ(alerts.back().subject().document_number(), "task-1");
}

// Breaks: a passed, transferred or refused sample that takes something down. Seen on a shelf of exactly those goods.
TEST(Reach, OnlyAFailedSampleRestricts) {
  for (const v1::InspectionResult result : {v1::INSPECTION_RESULT_PASSED, v1::INSPECTION_RESULT_TRANSFERRED,
                                            v1::INSPECTION_RESULT_REFUSED, v1::INSPECTION_RESULT_NOT_SAMPLED}) {
    History history = Shelf();
    Sell("batch", kNumber, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("PB-20000"); });
    v1::Inspection inspection = FailedSample();
    inspection.set_result(result);
    history.inspections.push_back(ToRecord(inspection));
    EXPECT_THAT(Told(Judge(history)), IsEmpty()) << v1::InspectionResult_Name(result);
  }
}

// Breaks: a retest that does not lift, lifts twice, or a second failure that is taken for the first (one id twice). Seen
// on the instructions and their ids.
TEST(Reach, ARetestLiftsAndAnotherFailureStopsAgain) {
  History history = Shelf();
  Sell("batch", kNumber, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("PB-20000"); });
  v1::Inspection inspection = FailedSample();
  history.inspections.push_back(ToRecord(inspection));
  const v1::InspectionResult later[] = {v1::INSPECTION_RESULT_PASSED, v1::INSPECTION_RESULT_FAILED,
                                        v1::INSPECTION_RESULT_PASSED};
  for (uint32_t i = 0; i < 3; ++i) {
    inspection.set_event_id("sample-1/" + std::to_string(i + 2));
    inspection.set_version(i + 2);
    inspection.set_result(later[i]);
    inspection.set_received_at(inspection.received_at() + limits::kHour);
    history.inspections.push_back(ToRecord(inspection));
    history.inspections.push_back(ToRecord(inspection));  // sent again: nothing comes of it
  }
  const Outcome outcome = Judge(history);
  EXPECT_EQ(Told(outcome)["batch"], (Rows{"failed-batch", "lift", "failed-batch", "lift"}));
  std::set<std::string> ids;
  std::vector<std::string> facts;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    ids.insert(takedown.event_id());
    facts.push_back(takedown.decisive_fact());
  }
  EXPECT_EQ(ids.size(), 4U);
  EXPECT_THAT(facts, ElementsAre("sample-1", "sample-1/2", "sample-1/3", "sample-1/4"));
}

// Breaks: a batch just outside of a recall taken down, or one at its end left on sale; a recall without the batch claimed
// that blocks. Seen at each end of the range (scenario 7).
TEST(Reach, ARecallHoldsBetweenItsEnds) {
  for (const v1::Remedy remedy :
       {v1::REMEDY_STOP_AND_RETURN, v1::REMEDY_REPLACE, v1::REMEDY_REPAIR, v1::REMEDY_SOFTWARE, v1::REMEDY_LABEL}) {
    History history = Shelf();
    for (const char* batch : {"20231231", "20240101", "20240131", "20240201", ""}) {
      Sell(std::string("b") + batch, kNumber, &history,
           [&](v1::Lookup& l) { l.set_batch(batch), l.set_model("PB-20000"); });
    }
    v1::Recall recall = MakeRecall("recall-1", "R-1", remedy, kMonday + limits::kHour);
    recall.set_maker(kMaker);
    recall.mutable_products(0)->set_model("PB-10000~PB-20000");
    recall.mutable_products(0)->set_batch_from("20240101");
    recall.mutable_products(0)->set_batch_to("20240131");
    history.recalls.push_back(ToRecord(recall));
    auto told = Told(Judge(history));
    const bool off_sale = remedy != v1::REMEDY_SOFTWARE;
    EXPECT_EQ(told["b20240101"], off_sale ? Rows{"recalled"} : Rows()) << v1::Remedy_Name(remedy);
    EXPECT_EQ(told["b20240131"], off_sale ? Rows{"recalled"} : Rows());
    EXPECT_EQ(told["b"], off_sale ? Rows{"recalled-batch-unknown"} : Rows());
    EXPECT_THAT(told["b20231231"], IsEmpty());
    EXPECT_THAT(told["b20240201"], IsEmpty());
  }
}

// Breaks: dates of making compared at the wrong end. Seen at the first instant recalled and the first that is not.
TEST(Reach, ARecallByDateOfMakingEndsBeforeItsEnd) {
  History history = Shelf();
  const int64_t from = kMonday - 10 * kDay;
  const int64_t until = kMonday - 5 * kDay;
  const std::pair<const char*, int64_t> goods[] = {
      {"before", from - 1}, {"first", from}, {"last", until - 1}, {"after", until}, {"unknown", 0}};
  for (const auto& [name, made_at] : goods) {
    Sell(name, kNumber, &history, [made = made_at](v1::Lookup& l) { l.set_made_at(made), l.set_model("PB-20000"); });
  }
  v1::Recall recall = MakeRecall("recall-1", "R-1", v1::REMEDY_REPLACE, kMonday + limits::kHour);
  recall.set_maker(kMaker);
  recall.mutable_products(0)->set_made_from(from);
  recall.mutable_products(0)->set_made_until(until);
  history.recalls.push_back(ToRecord(recall));
  auto told = Told(Judge(history));
  EXPECT_THAT(told["before"], IsEmpty());
  EXPECT_EQ(told["first"], Rows{"recalled"});
  EXPECT_EQ(told["last"], Rows{"recalled"});
  EXPECT_THAT(told["after"], IsEmpty());
  EXPECT_EQ(told["unknown"], Rows{"recalled-batch-unknown"});
}

// Breaks: a recall that another version narrowed still holds what it no longer names; a withdrawn one that stays. Seen
// after each version.
TEST(Reach, ALaterVersionOfARecallReplacesIt) {
  History history = Shelf();
  for (const char* batch : {"20240101", "20240131"}) {
    Sell(std::string("b") + batch, kNumber, &history, [&](v1::Lookup& l) { l.set_batch(batch); });
  }
  v1::Recall recall = MakeRecall("recall-1", "R-1", v1::REMEDY_REPLACE, kMonday + limits::kHour);
  recall.set_maker(kMaker);
  recall.mutable_products(0)->set_product_code("0907");
  recall.mutable_products(0)->set_batch_from("20240101");
  recall.mutable_products(0)->set_batch_to("20240131");
  history.recalls.push_back(ToRecord(recall));
  recall.set_event_id("recall-1/2");
  recall.set_version(2);
  recall.set_received_at(kMonday + 2 * limits::kHour);
  recall.mutable_products(0)->set_batch_from("20240110");
  history.recalls.push_back(ToRecord(recall));
  recall.set_event_id("recall-1/3");
  recall.set_version(3);
  recall.set_withdrawn(true);
  recall.set_received_at(kMonday + 3 * limits::kHour);
  history.recalls.push_back(ToRecord(recall));
  const Outcome outcome = Judge(history);
  auto told = Told(outcome);
  EXPECT_EQ(told["b20240101"], (Rows{"recalled", "lift"}));
  EXPECT_EQ(told["b20240131"], (Rows{"recalled", "lift"}));
  std::map<std::string, std::string> lifted_by;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    if (takedown.instruction() == v1::INSTRUCTION_LIFT) lifted_by[takedown.listing_id()] = takedown.decisive_fact();
  }
  EXPECT_EQ(lifted_by["b20240101"], "recall-1/2");
  EXPECT_EQ(lifted_by["b20240131"], "recall-1/3");
}

// Breaks: a recall dated ahead that works at once, or never. Seen at the day roll, on a listing nobody asks about.
TEST(Reach, ARecallDatedAheadBeginsAtTheDayRoll) {
  History history = Shelf();
  Sell("batch", kNumber, &history);
  v1::Recall recall = MakeRecall("recall-1", "R-1", v1::REMEDY_REPLACE, kMonday + limits::kHour);
  recall.set_effective_at(kMonday + 2 * kDay);
  recall.set_maker(kMaker);
  recall.mutable_products(0)->set_product_code("0907");
  history.recalls.push_back(ToRecord(recall));
  PassTo(kMonday + 2 * kDay - 1, &history);
  EXPECT_THAT(Told(Judge(history)), IsEmpty());
  PassTo(kMonday + 2 * kDay, &history);
  const auto takedowns = Judge(history).Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(takedowns.size(), 1U);
  EXPECT_EQ(takedowns[0].row(), "recalled");
  EXPECT_EQ(takedowns[0].received_at(), kMonday + 2 * kDay);
}

struct SubjectCase {
  const char* what;
  std::function<void(v1::Disposition&)> subject;
  std::set<std::string> reached;
};

// Breaks: an order that reaches less, or more, than the subject it names. Seen for each kind of subject.
TEST(Reach, AnOrderReachesItsSubject) {
  const SubjectCase cases[] = {
      {"listing", [](v1::Disposition& o) { o.set_platform("taobao"), o.set_listing_id("plain"); }, {"plain"}},
      {"certificate", [](v1::Disposition& o) { o.set_certificate_number(kSecond); }, {"second", "other-seller"}},
      {"seller", [](v1::Disposition& o) { o.set_seller_uscc("91330100799655058B"); }, {"other-seller", "nothing"}},
      {"seller and code",
       [](v1::Disposition& o) { o.set_seller_uscc("91330100799655058B"), o.set_product_code("0907"); },
       {"other-seller"}},
      {"code",
       [](v1::Disposition& o) { o.set_product_code("0907"); },
       {"plain", "second", "other-seller", "stranger", "claims-code"}},
      {"maker", [](v1::Disposition& o) { o.set_maker_uscc(kUscc); }, {"claims-code"}},
      {"platform alone", [](v1::Disposition& o) { o.set_platform("taobao"); }, {}},
      {"certificate that cannot be read, and code",
       [](v1::Disposition& o) { o.set_certificate_number("2022011606"), o.set_product_code("0907"); },
       {}},
  };
  for (const SubjectCase& c : cases) {
    History history = Shelf();
    Sell("plain", kNumber, &history);
    Sell("second", kSecond, &history);
    Sell("other-seller", kSecond, &history, [](v1::Lookup& l) { l.set_seller_uscc("91330100799655058B"); });
    Sell("stranger", kOthers, &history);
    Sell("claims-code", "unreadable", &history, [](v1::Lookup& l) { l.set_product_code("0907"), l.set_maker(kUscc); });
    Sell("nothing", "", &history, [](v1::Lookup& l) { l.set_seller_uscc("91330100799655058B"); });
    v1::Disposition order = MakeOrder("order-1", v1::ORDER_KIND_TAKE_DOWN, kMonday + limits::kHour);
    c.subject(order);
    history.dispositions.push_back(ToRecord(order));
    std::set<std::string> reached;
    const auto outputs = Judge(history);
    for (const auto& takedown : outputs.Of<v1::Takedown>(Topic::kTakedowns)) {
      if (takedown.instruction() == v1::INSTRUCTION_TAKE_DOWN) reached.insert(takedown.listing_id());
    }
    // What reaches nothing is told.
    EXPECT_EQ(outputs.Of<v1::DeadLetter>(Topic::kDeadLetter).size(), c.reached.empty() ? 1U : 0U) << c.what;
    // Goods of whom nothing is known cannot be told not to be of the code.
    EXPECT_EQ(reached, c.reached) << c.what;
  }
}

// Breaks: an order that outlives its end, or its lifting; a lifting that ends what was ordered after it, or what was
// ordered of another subject. Seen at the ends.
TEST(Reach, AnOrderEndsByDateOrByLifting) {
  History history = Shelf();
  Sell("plain", kNumber, &history);
  v1::Disposition order = MakeOrder("order-1", v1::ORDER_KIND_STOP_SALE, kMonday + limits::kHour);
  order.set_certificate_number(kNumber);
  order.set_ends_at(kMonday + kDay);
  order.set_legal_basis("某决定书第1号");
  history.dispositions.push_back(ToRecord(order));
  PassTo(kMonday + kDay, &history);
  v1::Disposition again = MakeOrder("order-2", v1::ORDER_KIND_EMERGENCY_CONTROL, kMonday + kDay + limits::kHour);
  again.set_certificate_number(kNumber);
  history.dispositions.push_back(ToRecord(again));
  v1::Disposition elsewhere = MakeOrder("lift-1", v1::ORDER_KIND_LIFT, kMonday + kDay + 2 * limits::kHour);
  elsewhere.set_certificate_number(kSecond);
  history.dispositions.push_back(ToRecord(elsewhere));
  v1::Disposition lift = MakeOrder("lift-2", v1::ORDER_KIND_LIFT, kMonday + kDay + 3 * limits::kHour);
  lift.set_certificate_number(kNumber);
  history.dispositions.push_back(ToRecord(lift));
  v1::Disposition third = MakeOrder("order-3", v1::ORDER_KIND_REVIEW, kMonday + kDay + 4 * limits::kHour);
  third.set_certificate_number(kNumber);
  history.dispositions.push_back(ToRecord(third));
  const auto takedowns = Judge(history).Of<v1::Takedown>(Topic::kTakedowns);
  std::vector<std::string> rows;
  std::set<std::string> ids;
  for (const auto& takedown : takedowns) {
    rows.push_back(takedown.instruction() == v1::INSTRUCTION_LIFT ? "lift" : takedown.row());
    ids.insert(takedown.event_id());
  }
  EXPECT_THAT(rows, ElementsAre("ordered", "lift", "ordered", "lift", "ordered-review"));
  EXPECT_EQ(ids.size(), 5U);
  ASSERT_EQ(takedowns.size(), 5U);
  EXPECT_EQ(takedowns[0].legal_basis(), "某决定书第1号");
  EXPECT_EQ(takedowns[3].decisive_fact(), "lift-2");
  EXPECT_EQ(takedowns[3].received_at(), kMonday + kDay + 3 * limits::kHour);
}

// Breaks: the milder of two answers standing; or an instruction for each of two grounds. Seen while certificate and
// sample come and go.
TEST(Reach, TheStricterOfCertificateAndSampleStands) {
  History history = Shelf();
  Sell("batch", kNumber, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("PB-20000"); });
  history.certificates.push_back(ToRecord(testing::MakeCertificate(
      "suspended", kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMonday + limits::kMinute, kMonday + limits::kMinute)));
  history.inspections.push_back(ToRecord(FailedSample()));
  v1::Inspection retest = FailedSample();
  retest.set_event_id("sample-1/2");
  retest.set_version(2);
  retest.set_result(v1::INSPECTION_RESULT_PASSED);
  retest.set_received_at(kMonday + 2 * limits::kHour);
  history.inspections.push_back(ToRecord(retest));
  const Outcome outcome = Judge(history);
  EXPECT_EQ(Told(outcome)["batch"], (Rows{"suspended", "failed-batch", "suspended"}));
  const auto takedowns = outcome.Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(takedowns.size(), 3U);
  EXPECT_NE(takedowns[0].event_id(), takedowns[2].event_id());
  EXPECT_EQ(takedowns[2].decisive_fact(), "sample-1/2");
}

// Breaks: a look-up that misses what was said before the listing was first seen, or tells it for another batch. Seen at
// publish.
TEST(Reach, ALookUpMeetsWhatWasSaidBefore) {
  History history = Shelf();
  history.inspections.push_back(ToRecord(FailedSample()));
  for (const char* batch : {"20240101", "20240102", ""}) {
    v1::Lookup lookup = MakeLookup(std::string("l") + batch, std::string("b") + batch, kNumber, v1::SCENE_PUBLISH,
                                   kMonday + 2 * limits::kHour);
    lookup.set_batch(batch);
    lookup.set_model("PB-20000");
    history.lookups.push_back(ToRecord(lookup));
  }
  std::map<std::string, std::string> rows;
  for (const auto& verdict : Judge(history).Of<v1::Verdict>(Topic::kVerdicts)) {
    rows[verdict.listing_id()] = verdict.row();
    if (verdict.listing_id() == "b") {
      EXPECT_THAT(verdict.missing(), ElementsAre(v1::MISSING_BATCH, v1::MISSING_MODEL, v1::MISSING_ASSESSMENT));
    }
  }
  EXPECT_EQ(rows["b20240101"], "failed-batch");
  EXPECT_EQ(rows["b20240102"], "failed-product");
  EXPECT_EQ(rows["b"], "failed-product");
}

// Breaks: the sampled listing itself left on sale because it names no batch; a GTIN that finds nobody. Seen on both.
TEST(Reach, TheSampledListingAndTheGtinAreFound) {
  History history = Shelf();
  v1::Lookup sampled = MakeLookup("l1", "bought-here", kOthers, v1::SCENE_ON_SALE, kMonday + limits::kMinute);
  sampled.set_platform("jd");
  history.lookups.push_back(ToRecord(sampled));
  Sell("gtin", "", &history, [](v1::Lookup& l) { l.set_gtin("06901234567892"), l.set_batch("20240101"); });
  v1::Inspection inspection = FailedSample();
  inspection.set_gtin("06901234567892");
  history.inspections.push_back(ToRecord(inspection));
  auto told = Told(Judge(history));
  EXPECT_EQ(told["bought-here"], Rows{"failed-batch"});
  EXPECT_EQ(told["gtin"], (Rows{"nothing-known", "failed-batch"}));
}

// Breaks: a listing with a valid certificate whose code stops accepting CCC, left as it was. It has one entry in the
// index, under its certificate; seen at the day the requirement begins.
TEST(Reach, ACodeThatStopsAcceptingCccReachesValidListings) {
  History history = Shelf();
  const auto claims = [](v1::Lookup& l) { l.set_product_code("0907"); };
  Sell("plain", kNumber, &history, claims);
  Sell("second", kSecond, &history, claims);
  Sell("no-code", kNumber, &history);
  history.control.push_back(
      ToRecord(testing::MakeRequired("r1", "0907", kMonday + kDay, {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}, kMonday)));
  PassTo(kMonday + kDay, &history);
  auto told = Told(Judge(history));
  EXPECT_EQ(told["plain"], Rows{"other-credential"});
  EXPECT_EQ(told["second"], Rows{"other-credential"});
  EXPECT_EQ(told["no-code"], Rows{"other-credential"});  // the code in the number counts where none is claimed
}

// Breaks: an instruction nobody can carry out for want of the document, the goods or the term. Seen field by field.
TEST(Reach, AnInstructionSaysWhatAnOfficerNeeds) {
  History history = Shelf();
  Sell("batch", kNumber, &history, [](v1::Lookup& l) { l.set_batch("20240101"), l.set_model("PB-20000"); });
  v1::Inspection inspection = FailedSample();
  v1::InspectionItem* item = inspection.add_items();
  item->set_name("外部短路");
  item->set_failed(true);
  history.inspections.push_back(ToRecord(inspection));
  v1::Disposition order = MakeOrder("order-1", v1::ORDER_KIND_TAKE_DOWN, kMonday + limits::kHour);
  order.set_certificate_number(kOthers);
  order.set_authority("某市市场监督管理局");
  Sell("others", kOthers, &history);
  history.dispositions.push_back(ToRecord(order));
  std::map<std::string, v1::Takedown> told;
  for (const auto& takedown : Judge(history).Of<v1::Takedown>(Topic::kTakedowns)) {
    told[takedown.listing_id()] = takedown;
  }
  EXPECT_EQ(told["batch"].document_number(), "task-1");
  EXPECT_EQ(told["batch"].hazard(), "外部短路");
  EXPECT_EQ(told["batch"].model(), "PB-20000");
  EXPECT_EQ(told["batch"].batch(), "20240101");
  EXPECT_EQ(told["batch"].measure(), v1::MEASURE_BLOCK);
  EXPECT_EQ(told["batch"].certificate_status(), v1::CERTIFICATE_STATUS_VALID);
  EXPECT_EQ(told["batch"].deadline(), told["batch"].received_at()) << "立即";
  EXPECT_THAT(told["batch"].evidence(), ElementsAre("sample-1"));
  EXPECT_EQ(told["others"].authority(), "某市市场监督管理局");
  EXPECT_EQ(told["others"].measure(), v1::MEASURE_STOP_SALE);
}

}  // namespace
}  // namespace zaojing
