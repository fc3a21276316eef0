// What an alert about listings says and advises, by what reached them, from look-ups and facts through the canonical
// replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";

// So many listings on sale, each of a merchant of its own.
History Shelf(int merchants) {
  History history;
  const v1::Certificate certificate =
      MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  history.certificates.push_back(ToRecord(certificate));
  for (int i = 0; i < merchants; ++i) {
    const std::string id = std::to_string(i);
    v1::Lookup lookup = MakeLookup("l" + id, "item" + id, kNumber, v1::SCENE_ON_SALE, kMonday + 1);
    lookup.set_seller_uscc("seller " + id);
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

void Revoke(History* history) {
  history->certificates.push_back(ToRecord(MakeCertificate("fact-2", kNumber, v1::CERTIFICATE_STATUS_REVOKED,
                                                           kMonday + limits::kHour, kMonday + limits::kHour)));
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
