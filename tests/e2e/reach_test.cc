// One revocation over very many listings, on a real broker, with the worker killed again and again in the middle of it.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "proto/limits.h"
#include "tests/e2e/worker_fixture.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/signal.pb.h"
#include "zaojing/v1/takedown.pb.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;

constexpr char kNumber[] = "2022010907454871";
constexpr size_t kListingsOfOne = 7;  // merchant

size_t Listings() {
  const char* asked = std::getenv("ZAOJING_REACH_LISTINGS");
  return asked == nullptr ? 120'000 : std::strtoull(asked, nullptr, 10);
}

class ReachTest : public WorkerTest {
 protected:
  // Everything on sale on one certificate, then the certificate revoked.
  void Fill(size_t listings) {
    History history;
    history.certificates.push_back(testing::ToRecord(
        testing::MakeCertificate("valid", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday)));
    for (size_t i = 0; i < listings; ++i) {
      const std::string id = std::to_string(i);
      v1::Lookup lookup =
          testing::MakeLookup("l" + id, "item" + id, kNumber, v1::SCENE_ON_SALE, kMonday + static_cast<int64_t>(i));
      lookup.set_seller_uscc("seller-" + std::to_string(i / kListingsOfOne));
      history.lookups.push_back(testing::ToRecord(lookup));
    }
    FeedFacts(history);
    Feed(history.lookups);
    RunToTheEnd();
    History revoked;
    revoked.certificates.push_back(testing::ToRecord(testing::MakeCertificate(
        "revoked", kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + limits::kDay, kMonday + limits::kDay)));
    FeedFacts(revoked);
  }
};

// Breaks: a listing forgotten, or told twice, because a fan-out does not go on where its last commit left it. Seen by the
// instructions of every listing, their ids, the numbers of the task's records, and the journal.
TEST_F(ReachTest, KilledInTheMiddleEachInstructionIsThereOnce) {
  const size_t listings = Listings();
  wait_seconds_ = 600;
  Fill(listings);
  if (HasFatalFailure()) return;
  // Each run gets some commits further: the fan-out takes a dozen and more.
  for (const char* step : {"produce:2", "commit:2", "apply:2", "send-offsets:3", "produce:1", "applied:2"}) {
    RunUntilKilled(step, SIGKILL);
    if (HasFatalFailure()) return;
  }
  RunToTheEnd();
  Export();
  if (HasFatalFailure()) return;
  EXPECT_EQ(EmissionFault(ReadOutputs()), "");
  std::map<std::string, int> told;
  std::set<std::string> ids;
  for (const auto& takedown : Read<v1::Takedown>("export", Topic::kTakedowns)) {
    EXPECT_EQ(takedown.instruction(), v1::INSTRUCTION_TAKE_DOWN);
    ++told[takedown.listing_id()];
    ids.insert(takedown.event_id());
  }
  EXPECT_EQ(told.size(), listings);
  EXPECT_EQ(ids.size(), listings);
  for (const auto& [listing, count] : told) ASSERT_EQ(count, 1) << listing;
  std::set<std::string> alert_ids;
  v1::Alert last;
  for (const auto& alert : Read<v1::Alert>("export", Topic::kAlerts)) {
    alert_ids.insert(alert.alert_id());
    last = alert;
  }
  EXPECT_EQ(alert_ids.size(), 1U);
  EXPECT_EQ(last.numbers().listings_blocked(), listings);
  EXPECT_EQ(last.numbers().tasks_done(), static_cast<uint64_t>(kWorkerPartitions));
  const auto merchants = static_cast<double>(listings) / kListingsOfOne;
  EXPECT_NEAR(static_cast<double>(last.numbers().merchants()), merchants, merchants / 20);
  CheckJournalReplay();
}

}  // namespace
}  // namespace zaojing
