// Goal: a walk over the index comes to every listing it should, once a key, however it is cut.
#include "processors/screen/reach_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/state/memory_store.h"
#include "processors/state/tables.h"
#include "tests/support/events.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kMonday;

class ReachWalkTest : public ::testing::Test {
 protected:
  void List(const std::string& listing, const std::string& number, const std::string& code = "") {
    Listing state;
    state.certificate_number = number;
    state.product_code = code;
    std::string scratch;
    state_.Put(TableKey(Table::kListing, listing), state.Write("", &scratch));
  }
  std::vector<std::string> Walk(const ReachWalk& walk, uint64_t units_max) {
    std::vector<std::string> listings;
    ReachWalk::Step step;
    int steps = 0;
    do {
      step = walk.Walk(step.next, units_max, state_);
      EXPECT_LE(step.listings.size(), units_max);
      EXPECT_LE(step.units, units_max + 1);
      listings.insert(listings.end(), step.listings.begin(), step.listings.end());
    } while (!step.next.empty() && ++steps < 1'000);
    return listings;
  }

  MemoryStore store_;
  ListingIndex index_;
  TaskState state_{store_, StateMemory{1 << 20, 1 << 16}, Digest(), &index_};
};

// Breaks: a code whose certificates lie between others of the same body and year, or a listing lost where a slice ends.
TEST_F(ReachWalkTest, ACodeIsFoundInNumbersAndClaimsHoweverItIsCut) {
  List("a", "2022010907000001");
  List("b", "2022010907000001");
  List("other code", "2022010906000001");
  List("c", "2022180907000001");
  List("next code", "2022010908000001");
  List("d", "2023010907000001");
  List("last code", "2023019999000001");
  List("claims", "unreadable", "0907");
  List("claims another", "2022010907000002", "0908");
  List("licence", "XK13-014-00123", "0907");
  for (const uint64_t units : {1U, 2U, 3U, 7U, 100U}) {
    EXPECT_THAT(Walk(ReachWalk::OfCode("0907"), units),
                ElementsAre("claims", "licence", "a", "b", "claims another", "c", "d"))
        << units;
  }
  EXPECT_THAT(Walk(ReachWalk::OfCode("1111"), 1), IsEmpty());
  EXPECT_TRUE(ReachWalk::OfCode("0908").Any(state_));
  EXPECT_FALSE(ReachWalk::OfCode("1111").Any(state_));
}

// Breaks: an order about a seller that ends with the first slice, or leaves out what shows and claims nothing.
TEST_F(ReachWalkTest, ASellerWalksEverything) {
  Registry registry;
  v1::Disposition order = testing::MakeOrder("order", v1::ORDER_KIND_TAKE_DOWN, kMonday);
  order.set_seller_uscc("91110000600037341L");
  const testing::OwnedRecord record = testing::ToRecord(order);
  registry.Append(record.View());
  RegistryCursor cursor;
  cursor.dispositions = 1;
  const Statement* statement = registry.restrictions().Find("order");
  ASSERT_NE(statement, nullptr);
  const ReachWalk walk = ReachWalk::OfStatement(*statement, registry, cursor);
  EXPECT_FALSE(walk.Any(state_));
  List("shows nothing", "");
  List("a", "2022010907000001");
  List("licence", "XK13-014-00123");
  for (const uint64_t units : {1U, 2U, 100U}) {
    EXPECT_THAT(Walk(walk, units), ElementsAre("shows nothing", "a", "licence")) << units;
  }
  // What a task has not seen yet it does not walk.
  EXPECT_THAT(Walk(ReachWalk::OfStatement(*statement, registry, RegistryCursor()), 100), IsEmpty());
}

// Breaks: two entries for a listing that shows a certificate and claims what it says.
TEST_F(ReachWalkTest, AListingHasOneEntryUnlessItClaimsMore) {
  Listing listing;
  EXPECT_EQ(IndexKeysOf(listing).size(), 1U);
  listing.certificate_number = "2022010907000001(B0)";
  listing.product_code = "0907";
  listing.maker_hash = 42;
  EXPECT_THAT(IndexKeysOf(listing), ElementsAre("2022010907000001"));
  listing.product_code = "0908";
  EXPECT_EQ(IndexKeysOf(listing).size(), 2U);
  listing.maker_apart = true;
  listing.gtin = "06901234567892";
  EXPECT_EQ(IndexKeysOf(listing).size(), 4U);
}

}  // namespace
}  // namespace zaojing
