// The gate through the canonical replay: what each user would see for short histories.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "proto/limits.h"
#include "tests/support/replay_world.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using testing::Outcome;
using testing::ToRecord;

constexpr char kNumber[] = "2022011606454871";

Outcome Judge(const History& history) {
  testing::WorldOptions options;
  options.replay.partitions = 4;
  return Replay(history, options);
}

History WithCertificate() {
  History history;
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday)));
  return history;
}

// The product's reason to exist: a revocation reaches listings nobody asked about again, once each, in every task, and
// leaves listings of other certificates alone.
TEST(ScreenStage, RevocationTakesDownEveryListingOnce) {
  History history = WithCertificate();
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-2", "2019010713148672", v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday)));
  for (int i = 0; i < 50; ++i) {
    history.lookups.push_back(
        ToRecord(MakeLookup("l" + std::to_string(i), "item" + std::to_string(i),
                            i % 5 == 0 ? "2019010713148672" : kNumber, v1::SCENE_PUBLISH, kMonday + i)));
  }
  history.certificates.push_back(ToRecord(
      MakeCertificate("fact-3", kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + 100, kMonday + limits::kHour)));
  const Outcome outcome = Judge(history);
  std::map<std::string, int> takedowns;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    EXPECT_EQ(takedown.instruction(), v1::INSTRUCTION_TAKE_DOWN);
    EXPECT_EQ(takedown.reason(), v1::REASON_REVOKED);
    EXPECT_EQ(takedown.decisive_fact(), "fact-3");
    ++takedowns[takedown.listing_id()];
  }
  EXPECT_EQ(takedowns.size(), 40U);
  for (const auto& [listing, count] : takedowns) EXPECT_EQ(count, 1) << listing;

  // One alert for the cause, final after all four tasks reported.
  const auto alerts = outcome.Of<v1::Alert>(Topic::kAlerts);
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(alerts.front().msg_type(), v1::MESSAGE_TYPE_ALERT);
  EXPECT_EQ(alerts.back().numbers().listings_blocked(), 40U);
  EXPECT_EQ(alerts.back().numbers().tasks_done(), 4U);
  for (const auto& alert : alerts) EXPECT_EQ(alert.alert_id(), alerts.front().alert_id());
}

// A certificate put back in force lifts what its suspension ordered, and nothing is lifted twice.
TEST(ScreenStage, SuspensionAsksForReviewAndLiftsAgain) {
  History history = WithCertificate();
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1)));
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-2", kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMonday + 2, kMonday + 2)));
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-3", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday + 3, kMonday + 3)));
  std::vector<v1::Instruction> instructions;
  for (const auto& takedown : Judge(history).Of<v1::Takedown>(Topic::kTakedowns)) {
    instructions.push_back(takedown.instruction());
  }
  EXPECT_THAT(instructions, ElementsAre(v1::INSTRUCTION_REVIEW_REQUESTED, v1::INSTRUCTION_LIFT));
}

// Expiry has no event of its own: the day roll must find it, at the first input of the new day and not a day earlier.
TEST(ScreenStage, ExpiryIsFoundAtTheDayRoll) {
  History history;
  auto certificate = MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_valid_until(kMonday + 2 * limits::kDay);
  history.certificates.push_back(ToRecord(certificate));
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1)));
  // Other listings of the same task move its clock: one to each of the next three days, in every task.
  for (int day = 0; day < 4; ++day) {
    for (int i = 0; i < 40; ++i) {
      const std::string id = "other" + std::to_string(day) + "-" + std::to_string(i);
      history.lookups.push_back(
          ToRecord(MakeLookup(id, id, "bad", v1::SCENE_PLATE, kMonday + day * limits::kDay + limits::kHour)));
    }
  }
  const auto takedowns = Judge(history).Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(takedowns.size(), 1U);
  EXPECT_EQ(takedowns[0].instruction(), v1::INSTRUCTION_REVIEW_REQUESTED);
  EXPECT_EQ(takedowns[0].reason(), v1::REASON_EXPIRED);
  EXPECT_EQ(takedowns[0].received_at(), kMonday + 2 * limits::kDay + limits::kHour);
}

// A late fact corrects history: a revocation effective last week that arrives today blocks today, and a validity with
// an earlier effective date that arrives after it does not bring the certificate back.
TEST(ScreenStage, LateFactsCorrectHistory) {
  History history = WithCertificate();
  history.certificates.push_back(ToRecord(
      MakeCertificate("fact-2", kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday - limits::kDay, kMonday + 10)));
  history.certificates.push_back(ToRecord(
      MakeCertificate("fact-3", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - 2 * limits::kDay, kMonday + 20)));
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_PUBLISH, kMonday + 30)));
  const auto verdicts = Judge(history).Of<v1::Verdict>(Topic::kVerdicts);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].action(), v1::ACTION_BLOCK);
  EXPECT_EQ(verdicts[0].decisive_fact(), "fact-2");
}

// An empty or stale registry answers REVIEW, orders nothing, and forgets nothing that stood before.
TEST(ScreenStage, AStaleRegistryBlocksNothing) {
  History history = WithCertificate();
  history.control.push_back(ToRecord(testing::MakeHeartbeat("h1", kMonday, kMonday)));
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1)));
  const int64_t later = kMonday + 2 * limits::kDay;
  history.lookups.push_back(ToRecord(MakeLookup("l2", "item", "2019010713148672", v1::SCENE_ON_SALE, later)));
  const Outcome outcome = Judge(history);
  EXPECT_TRUE(outcome.Of<v1::Takedown>(Topic::kTakedowns).empty());
  const auto verdicts = outcome.Of<v1::Verdict>(Topic::kVerdicts);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].action(), v1::ACTION_REVIEW);
  EXPECT_EQ(verdicts[0].reason(), v1::REASON_REGISTRY_STALE);

  History empty;
  empty.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_PUBLISH, kMonday)));
  EXPECT_EQ(Judge(empty).Of<v1::Verdict>(Topic::kVerdicts).at(0).reason(), v1::REASON_REGISTRY_STALE);
}

// A change that arrives, and an expiry that falls due, while the registry is stale must have their effect once it is not:
// a fan-out that ran in between would pass over every listing, and nobody would ever be told.
TEST(ScreenStage, WhatHappensWhileTheRegistryIsStaleIsMadeUpFor) {
  constexpr char kExpiring[] = "2019010713148672";
  const int64_t later = kMonday + 3 * limits::kDay;
  History history = WithCertificate();
  auto expiring = MakeCertificate("fact-2", kExpiring, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  expiring.set_valid_until(kMonday + 2 * limits::kDay);
  history.certificates.push_back(ToRecord(expiring));
  history.control.push_back(ToRecord(testing::MakeHeartbeat("h1", kMonday, kMonday)));
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1)));
  history.lookups.push_back(ToRecord(MakeLookup("l2", "other", kExpiring, v1::SCENE_ON_SALE, kMonday + 1)));
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-3", kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + 2, later)));
  EXPECT_TRUE(Judge(history).Of<v1::Takedown>(Topic::kTakedowns).empty()) << "an outage of ours is no finding";
  EXPECT_TRUE(Judge(history).Of<v1::Alert>(Topic::kAlerts).empty());

  history.control.push_back(ToRecord(testing::MakeHeartbeat("h2", later + 1, later + 1)));
  const Outcome outcome = Judge(history);
  std::map<std::string, v1::Instruction> instructions;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    EXPECT_EQ(takedown.received_at(), later + 1);
    EXPECT_TRUE(instructions.emplace(takedown.listing_id(), takedown.instruction()).second) << takedown.listing_id();
  }
  const std::map<std::string, v1::Instruction> expected = {{"item", v1::INSTRUCTION_TAKE_DOWN},
                                                           {"other", v1::INSTRUCTION_REVIEW_REQUESTED}};
  EXPECT_EQ(instructions, expected);
  const auto alerts = outcome.Of<v1::Alert>(Topic::kAlerts);
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(alerts.back().numbers().tasks_done(), 4U) << "each task says it is done";
}

// What an officer orders while the registry is stale is carried out at once: it rests on no certificate.
TEST(ScreenStage, AnOrderDoesNotWaitForAStaleRegistry) {
  const int64_t later = kMonday + 3 * limits::kDay;
  History history = WithCertificate();
  history.control.push_back(ToRecord(testing::MakeHeartbeat("h1", kMonday, kMonday)));
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1)));
  // A job that waits must not hold the order up.
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-3", kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMonday + 2, later)));
  auto order = testing::MakeOrder("order-1", v1::ORDER_KIND_TAKE_DOWN, later);
  order.set_platform("taobao");
  order.set_listing_id("item");
  history.dispositions.push_back(ToRecord(order));
  const auto takedowns = Judge(history).Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(takedowns.size(), 1U);
  EXPECT_EQ(takedowns[0].reason(), v1::REASON_ORDERED);
  EXPECT_EQ(takedowns[0].received_at(), later);
}

// The same listing blocked by a look-up and again by another look-up is one instruction: the id names the fact.
TEST(ScreenStage, AnInstructionIsGivenOnce) {
  History history = WithCertificate();
  for (int i = 0; i < 3; ++i) {
    history.lookups.push_back(
        ToRecord(MakeLookup("l" + std::to_string(i), "item", "2019010713148672", v1::SCENE_ON_SALE, kMonday + 1 + i)));
  }
  const Outcome outcome = Judge(history);
  EXPECT_EQ(outcome.Of<v1::Takedown>(Topic::kTakedowns).size(), 1U);
  EXPECT_EQ(outcome.Of<v1::Verdict>(Topic::kVerdicts).size(), 3U);  // every block is answered
}

// Bad look-ups go to dead-letter with their bytes; good ones around them are judged as if they were not there.
TEST(ScreenStage, BadRecordsAreSetAside) {
  History history = WithCertificate();
  history.lookups.push_back(ToRecord(MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1)));
  testing::OwnedRecord bad = history.lookups[0];
  bad.value = "\xff\xff not a message";
  history.lookups.push_back(bad);
  history.lookups.push_back(ToRecord(MakeLookup("l3", "item", "none", v1::SCENE_ON_SALE, kMonday + 3)));
  const Outcome outcome = Judge(history);
  const auto letters = outcome.Of<v1::DeadLetter>(Topic::kDeadLetter);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].reason(), v1::DEAD_LETTER_REASON_UNPARSABLE);
  EXPECT_EQ(letters[0].value(), bad.value);
  EXPECT_EQ(letters[0].offset(), 1);
  EXPECT_EQ(outcome.Of<v1::Verdict>(Topic::kVerdicts).size(), 1U);
}

}  // namespace
}  // namespace zaojing
