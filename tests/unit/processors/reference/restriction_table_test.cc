// Goal: what was said about goods holds from when to when, as known at a cursor, and ends by what ended it.
#include "processors/reference/restriction_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "processors/models/fold.h"
#include "processors/reference/registry.h"
#include "proto/limits.h"
#include "tests/support/events.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kMonday;
using testing::ToRecord;

constexpr char kMaker[] = "乙有限公司";

struct Maker {
  const char* name;
  const char* uscc;
};

class RestrictionTableTest : public ::testing::Test {
 protected:
  template <typename Message>
  void Append(const Message& message) {
    const testing::OwnedRecord record = ToRecord(message);
    registry_.Append(record.View());
  }
  // Event ids of what holds about the maker.
  std::vector<std::string> Said(int64_t now, RestrictionCursor cursor = {100, 100, 100}) const {
    std::vector<std::string> said;
    const RestrictionTable& table = registry_.restrictions();
    table.Visit(Anchor::kMaker, NameHash(kMaker), now, cursor,
                [&](const Restriction& restriction) { said.emplace_back(table.StatementOf(restriction).event_id); });
    return said;
  }
  std::string EndOf(const std::string& event_id, int64_t now) const {
    const Statement* statement = registry_.restrictions().Find(event_id);
    return statement == nullptr ? "?" : registry_.restrictions().EndOf(*statement, now, {100, 100, 100});
  }
  void Sample(const std::string& id, uint32_t version, v1::InspectionResult result) {
    v1::Inspection inspection = testing::MakeInspection(id, "task", version, kMonday);
    inspection.set_maker(kMaker);
    inspection.set_model("M1");
    inspection.set_result(result);
    Append(inspection);
  }
  void Recall(const std::string& id, uint32_t version, int64_t effective_at, bool withdrawn = false) {
    v1::Recall recall = testing::MakeRecall(id, "R-1", v1::REMEDY_REPLACE, kMonday);
    recall.set_version(version);
    recall.set_maker(kMaker);
    recall.set_effective_at(effective_at);
    recall.set_withdrawn(withdrawn);
    Append(recall);
  }
  void Order(const std::string& id, v1::OrderKind kind, int64_t effective_at, int64_t ends_at = 0) {
    v1::Disposition order = testing::MakeOrder(id, kind, kMonday);
    order.set_maker_uscc(kMaker);
    order.set_effective_at(effective_at);
    order.set_ends_at(ends_at);
    Append(order);
  }

  Registry registry_;
};

// Breaks: a task that knows what has not come to it yet, or a lower version that arrives late and takes back a retest.
TEST_F(RestrictionTableTest, TheHighestVersionBeforeTheCursorCounts) {
  Sample("v2-failed", 2, v1::INSPECTION_RESULT_FAILED);
  Sample("v1-passed", 1, v1::INSPECTION_RESULT_PASSED);
  Sample("v2-again", 2, v1::INSPECTION_RESULT_PASSED);  // the version was there
  Sample("v3-passed", 3, v1::INSPECTION_RESULT_PASSED);
  EXPECT_THAT(Said(kMonday, {0, 0, 0}), IsEmpty());
  EXPECT_THAT(Said(kMonday, {1, 0, 0}), ElementsAre("v2-failed"));
  EXPECT_THAT(Said(kMonday, {3, 0, 0}), ElementsAre("v2-failed"));
  EXPECT_THAT(Said(kMonday, {4, 0, 0}), IsEmpty());
  EXPECT_EQ(EndOf("v2-failed", kMonday), "v3-passed");
}

// Breaks: a version dated ahead that ends the one before it at once.
TEST_F(RestrictionTableTest, AVersionDatedAheadWaits) {
  Recall("first", 1, kMonday);
  Recall("second", 2, kMonday + 10);
  Recall("gone", 3, kMonday + 20, true);
  EXPECT_THAT(Said(kMonday - 1), IsEmpty());
  EXPECT_THAT(Said(kMonday + 9), ElementsAre("first"));
  EXPECT_THAT(Said(kMonday + 10), ElementsAre("second"));
  EXPECT_THAT(Said(kMonday + 20), IsEmpty());
  EXPECT_EQ(EndOf("first", kMonday + 9), "");
  EXPECT_EQ(EndOf("first", kMonday + 10), "second");
  EXPECT_EQ(EndOf("second", kMonday + 20), "gone");
  std::vector<int64_t> due;
  registry_.restrictions().Due(kMonday, kMonday + 20, {100, 100, 100},
                               [&](int64_t at, const Statement&) { due.push_back(at - kMonday); });
  EXPECT_THAT(due, ElementsAre(10, 20));
}

// Breaks: an order that holds at the first instant it no longer should; a lifting of what was ordered after it.
TEST_F(RestrictionTableTest, AnOrderHoldsFromItsDayToItsEndOrItsLifting) {
  Order("order", v1::ORDER_KIND_TAKE_DOWN, kMonday, kMonday + 100);
  EXPECT_THAT(Said(kMonday - 1), IsEmpty());
  EXPECT_THAT(Said(kMonday + 99), ElementsAre("order"));
  EXPECT_THAT(Said(kMonday + 100), IsEmpty());
  EXPECT_NE(EndOf("order", kMonday + 100), "");
  EXPECT_NE(EndOf("order", kMonday + 100), "order");
  Order("lift", v1::ORDER_KIND_LIFT, kMonday + 50);
  EXPECT_THAT(Said(kMonday + 49), ElementsAre("order"));
  EXPECT_THAT(Said(kMonday + 50), IsEmpty());
  EXPECT_EQ(EndOf("order", kMonday + 60), "lift");
  EXPECT_THAT(Said(kMonday + 50, {0, 0, 1}), ElementsAre("order"));  // not known yet
  Order("later", v1::ORDER_KIND_STOP_SALE, kMonday + 50);
  EXPECT_THAT(Said(kMonday + 50), ElementsAre("later"));  // of one instant, ordered after the lifting
  Order("interview", v1::ORDER_KIND_INTERVIEW, kMonday + 50);
  EXPECT_THAT(Said(kMonday + 60), ElementsAre("later"));
}

// Breaks: the filter before the look-up's maker says no to one of its names, for the order in which the facts came. Seen
// in every order of two names and what is said of one of them, or of the code.
TEST(RestrictionTable, NoOrderOfFactsHidesAMakersNames) {
  constexpr char kUscc[] = "91110000600037341L";
  constexpr char kNew[] = "新乙有限公司";
  for (const Maker& said : {Maker{kMaker, ""}, Maker{kNew, ""}, Maker{"", kUscc}}) {
    std::vector<int> facts = {0, 1, 2};
    do {
      Registry registry;
      for (const int fact : facts) {
        v1::Inspection sample = testing::MakeInspection("sample", "task", 1, kMonday);
        sample.set_maker(said.name);
        sample.set_maker_uscc(said.uscc);
        sample.set_model("M1");
        const testing::OwnedRecord record =
            fact == 2 ? ToRecord(sample)
                      : ToRecord(testing::MakeEnterprise("e", kUscc, fact == 0 ? kMaker : kNew, kMonday, kMonday));
        registry.Append(record.View());
      }
      for (const char* name : {kMaker, kNew, kUscc}) {
        EXPECT_TRUE(registry.restrictions().MayConcernMaker(NameHash(name)))
            << name << " of " << said.name << said.uscc << ", first " << facts[0] << ", then " << facts[1];
      }
      EXPECT_FALSE(registry.restrictions().MayConcernMaker(NameHash("丁有限公司")));
    } while (std::next_permutation(facts.begin(), facts.end()));
  }
}

// Breaks: a certificate of the maker that nobody finds, or one that the task has not seen yet.
TEST_F(RestrictionTableTest, AMakersCertificatesAreFoundByNameAndUscc) {
  for (int i = 0; i < 3; ++i) {
    v1::Certificate certificate =
        testing::MakeCertificate("fact" + std::to_string(i), "202201090745487" + std::to_string(i),
                                 v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday);
    certificate.set_maker(i == 2 ? "丁有限公司" : kMaker);
    if (i == 1) certificate.set_maker_uscc("91110000600037341L");
    Append(certificate);
  }
  const auto of = [&](std::string_view name, int64_t cursor) {
    std::vector<CredentialId> found;
    registry_.makers().Visit(NameHash(name), cursor, [&](CredentialId id) { found.push_back(id % 10); });
    return found;
  };
  EXPECT_THAT(of(kMaker, 3), ElementsAre(0, 1));
  EXPECT_THAT(of(kMaker, 1), ElementsAre(0));
  EXPECT_THAT(of("91110000600037341L", 3), ElementsAre(1));
}

}  // namespace
}  // namespace zaojing
