// Goal: no answer that asks a person leaves whoever asked with nothing to do. Every case of both tables that the shipped
// rules send to REVIEW is met with every claim that makes the case; what is still missing must not come out empty.
#include "processors/screen/missing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/rules/restriction_domain.h"
#include "processors/screen/decision_table.h"
#include "processors/screen/restriction_check.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kSince = 1'000;
constexpr const char* kCcc = "2022010914000001";

template <typename Row>
std::vector<v1::Missing> MissingOf(const Row& row, const Listing& claim, const RowGround& ground) {
  std::vector<v1::Missing> missing;
  for (const int code : row.missing()) {
    if (IsMissing(static_cast<v1::Missing>(code), claim, ground)) missing.push_back(static_cast<v1::Missing>(code));
  }
  return missing;
}

Question QuestionOf(const DecisionCase& c, const Listing& claim) {
  return {c.scene, c.finding, kSince, claim.made_at, claim.shipment_proven, c.scope, c.requirement};
}

// Every claim that can make the case: with and without all that may be said, but for what the case itself tells.
std::vector<Listing> ClaimsOf(const DecisionCase& c) {
  std::vector<Listing> claims;
  for (unsigned bits = 0; bits < 16; ++bits) {
    Listing claim;
    claim.certificate_number = c.finding == v1::FINDING_NOT_SHOWN ? "" : kCcc;
    if ((bits & 1U) != 0) claim.product_code = "0908";
    if ((bits & 2U) != 0) claim.model = "M1";
    if ((bits & 4U) != 0) claim.batch = "B1";
    claim.shipment_proven = (bits & 8U) != 0;
    if (c.made != MadeCase::kUnknown) {
      claim.made_at = c.made == MadeCase::kOnOrAfter ? kSince : kSince - 1;
      if (c.made != MadeCase::kOnOrAfter && claim.shipment_proven != (c.made == MadeCase::kBeforeProven)) continue;
    }
    const bool codeless = claim.product_code.empty();
    if (codeless && (c.scope == v1::SCOPE_CODE_MISMATCH || c.requirement != v1::REQUIREMENT_NOT_KNOWN)) continue;
    if (claim.model.empty() && c.scope == v1::SCOPE_MODEL_MISMATCH) continue;
    claims.push_back(claim);
  }
  return claims;
}

TEST(Missing, NoReviewOfACertificateAsksForNothing) {
  const DecisionTable table(testing::DefaultRules());
  for (size_t i = 0; i < kDecisionCases; ++i) {
    if (!PossibleCases()[i]) continue;
    const DecisionCase c = CaseAt(i);
    for (const Listing& claim : ClaimsOf(c)) {
      const v1::DecisionRow& row = table.Decide(QuestionOf(c, claim));
      if (row.action() != v1::ACTION_REVIEW) continue;
      const std::vector<v1::Missing> missing = MissingOf(row, claim, {c.scope, false});
      EXPECT_THAT(missing, Not(IsEmpty())) << row.id() << ": " << Describe(c);
      // The one thing that is not theirs to bring, and then the only one: a registry that is too old.
      const bool ours = std::count(missing.begin(), missing.end(), v1::MISSING_REGISTRY) > 0;
      EXPECT_EQ(ours, c.finding == v1::FINDING_REGISTRY_STALE) << row.id();
    }
  }
}

TEST(Missing, NoReviewOfGoodsAsksForNothing) {
  const RestrictionRows rows(testing::DefaultRules());
  for (size_t i = 0; i < kRestrictionCases; ++i) {
    if (!PossibleRestrictionCases()[i]) continue;
    const RestrictionCase c = RestrictionCaseAt(i);
    const v1::RestrictionRow& row = rows.Decide(Match{c.ground, c.fit, nullptr}, c.scene);
    if (row.action() != v1::ACTION_REVIEW) continue;
    for (unsigned bits = 0; bits < 16; ++bits) {
      Listing claim;
      if ((bits & 1U) != 0) claim.product_code = "0908";
      if ((bits & 2U) != 0) claim.model = "M1";
      if ((bits & 4U) != 0) claim.batch = "B1";
      if ((bits & 8U) != 0) claim.made_at = kSince;
      EXPECT_THAT(MissingOf(row, claim, {v1::SCOPE_MATCH, true}), Not(IsEmpty())) << row.id() << ": " << Describe(c);
    }
  }
}

const v1::DecisionRow& RowNamed(const std::string& id) {
  for (const v1::DecisionRow& row : testing::DefaultRules().decisions()) {
    if (row.id() == id) return row;
  }
  ADD_FAILURE() << "no row " << id;
  return v1::DecisionRow::default_instance();
}

// Breaks: a merchant sent for what nothing is wrong with. Seen on a row that names all a claim can contradict.
TEST(Missing, OnlyWhatIsInTheWayIsNamed) {
  Listing claim;
  claim.certificate_number = kCcc;
  claim.made_at = kSince - 1;
  const v1::DecisionRow& row = RowNamed("cancelled");
  EXPECT_THAT(MissingOf(row, claim, {v1::SCOPE_MATCH, false}), ElementsAre(v1::MISSING_SHIPMENT_PROOF));
  claim.shipment_proven = true;
  claim.product_code = "0908";
  claim.model = "M1";
  EXPECT_THAT(MissingOf(row, claim, {v1::SCOPE_CODE_MISMATCH, false}), ElementsAre(v1::MISSING_PRODUCT_CODE));
  EXPECT_THAT(MissingOf(row, claim, {v1::SCOPE_MODEL_MISMATCH, false}), ElementsAre(v1::MISSING_MODEL));
  EXPECT_THAT(MissingOf(row, claim, {v1::SCOPE_MAKER_MISMATCH, false}), ElementsAre(v1::MISSING_PARTY));
  EXPECT_THAT(MissingOf(row, claim, {v1::SCOPE_VEHICLE_REUSED, false}), ElementsAre(v1::MISSING_VEHICLE_CHECK));
}

// MISSING_BATCH is the batch number or the day of making: a recall by dates is not answered by a number.
TEST(Missing, ABatchIsItsNumberAndItsDay) {
  const RowGround said{v1::SCOPE_MATCH, true};
  Listing claim;
  EXPECT_TRUE(IsMissing(v1::MISSING_BATCH, claim, said));
  claim.batch = "B1";
  EXPECT_TRUE(IsMissing(v1::MISSING_BATCH, claim, said));
  claim.made_at = kSince;
  EXPECT_FALSE(IsMissing(v1::MISSING_BATCH, claim, said));
  claim.batch = "";
  EXPECT_TRUE(IsMissing(v1::MISSING_BATCH, claim, said));
}

}  // namespace
}  // namespace zaojing
