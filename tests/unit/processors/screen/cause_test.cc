// Which change is told as the cause of what it came to, and that its alert ends, through the canonical replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr int64_t kHour = limits::kHour;
constexpr int64_t kDay = limits::kDay;
constexpr uint32_t kTasks = 4;

class CauseTest : public ::testing::Test {
 protected:
  CauseTest() { Tell("valid", v1::CERTIFICATE_STATUS_VALID, kMonday); }
  void Tell(const std::string& id, v1::CertificateStatus status, int64_t at, int64_t valid_until = 0,
            const std::string& model = "") {
    v1::Certificate fact = MakeCertificate(id, kNumber, status, at, at);
    fact.set_valid_until(valid_until);
    if (!model.empty()) fact.add_models(model);
    history_.certificates.push_back(ToRecord(fact));
  }
  // In every task.
  void Sell(int listings, int64_t at, const std::string& model = "") {
    for (int i = 0; i < listings; ++i) Ask("item" + std::to_string(i), kNumber, v1::SCENE_ON_SALE, at + i, model);
  }
  void Ask(const std::string& listing, const std::string& number, v1::Scene scene, int64_t at,
           const std::string& model = "") {
    v1::Lookup lookup = MakeLookup("l" + std::to_string(asked_++), listing, number, scene, at);
    lookup.set_model(model);
    history_.lookups.push_back(ToRecord(lookup));
  }
  // Moves the clock of every task.
  void PassTime(int64_t at) {
    for (int i = 0; i < 20; ++i) Ask("other" + std::to_string(i), "bad", v1::SCENE_PLATE, at);
  }
  // The messages about one cause, in order.
  std::vector<v1::Alert> AlertsOf(const std::string& cause) {
    testing::WorldOptions options;
    options.replay.partitions = kTasks;
    std::vector<v1::Alert> found;
    for (const v1::Alert& alert : Replay(history_, options).Of<v1::Alert>(Topic::kAlerts)) {
      if (cause.empty() || alert.evidence(0) == cause) found.push_back(alert);
    }
    return found;
  }
  static void ExpectOneThatEnded(const std::vector<v1::Alert>& alerts, uint64_t listings) {
    ASSERT_FALSE(alerts.empty());
    std::set<std::string> ids;
    for (const v1::Alert& alert : alerts) {
      EXPECT_EQ(alert.alert_id(), alerts.front().alert_id());
      EXPECT_TRUE(ids.insert(alert.event_id()).second) << alert.ShortDebugString();
    }
    EXPECT_EQ(alerts.back().numbers().tasks_done(), kTasks);
    EXPECT_EQ(alerts.back().numbers().listings(), listings);
  }

  History history_;
  int asked_ = 0;
};

// Breaks: a change among the statuses that are not valid is nobody's cause, so its alert never ends and its look-ups count
// for the one before. The usual way: suspended, then revoked.
TEST_F(CauseTest, ASuspendedCertificateThatIsRevoked) {
  Sell(40, kMonday + 1);
  Tell("suspended", v1::CERTIFICATE_STATUS_SUSPENDED, kMonday + kHour);
  Tell("revoked", v1::CERTIFICATE_STATUS_REVOKED, kMonday + 2 * kHour);
  Ask("item0", kNumber, v1::SCENE_CHECKOUT, kMonday + 3 * kHour);
  ExpectOneThatEnded(AlertsOf("suspended"), 40);
  ExpectOneThatEnded(AlertsOf("revoked"), 40);
  EXPECT_EQ(AlertsOf("suspended").back().numbers().lookups_since(), 0U);
  EXPECT_EQ(AlertsOf("revoked").back().numbers().lookups_since(), 1U);
}

// Breaks: goods that a change of the certificate's models puts out of its scope raise an alert that never ends.
TEST_F(CauseTest, ACertificateOfFewerModels) {
  Tell("wide", v1::CERTIFICATE_STATUS_VALID, kMonday, 0, "M1~M9");
  Sell(40, kMonday + 1, "M7");
  Tell("narrow", v1::CERTIFICATE_STATUS_VALID, kMonday + kHour, 0, "M1~M5");
  ExpectOneThatEnded(AlertsOf("narrow"), 40);
}

// Breaks: facts that state the same end each begin the job of it anew, and a task says that it is done before it began.
TEST_F(CauseTest, AnEndThatSeveralFactsState) {
  for (int i = 0; i < 3; ++i) {
    Tell("until-" + std::to_string(i), v1::CERTIFICATE_STATUS_VALID, kMonday + i, kMonday + kDay);
  }
  Sell(40, kMonday + kHour);
  PassTime(kMonday + kDay + 1);
  ExpectOneThatEnded(AlertsOf(""), 40);
}

// Breaks: a fact of no effect takes the place of a revocation that still waits, so that nobody's alert tells of its goods.
TEST_F(CauseTest, AFactOfNoEffectIsNoCause) {
  history_.control.push_back(ToRecord(testing::MakeHeartbeat("h1", kMonday, kMonday)));
  Sell(40, kMonday + 1);
  const int64_t later = kMonday + 3 * kDay;
  Tell("revoked", v1::CERTIFICATE_STATUS_REVOKED, later);
  v1::Certificate late = MakeCertificate("late", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday + 1, later + 1);
  history_.certificates.push_back(ToRecord(late));
  history_.control.push_back(ToRecord(testing::MakeHeartbeat("h2", later + 2, later + 2)));
  ExpectOneThatEnded(AlertsOf("revoked"), 40);
  EXPECT_TRUE(AlertsOf("late").empty());
}

// Breaks: goods stopped because their code needs a certificate from a day on are no alert's. Seen with what it says, and
// with the look-ups stopped since.
TEST_F(CauseTest, ACodeThatNeedsMoreFromADayOn) {
  using testing::MakeRequired;
  history_.control = {ToRecord(MakeRequired("r0", "0914", 1'000, {v1::CREDENTIAL_KIND_NONE}, kMonday - kDay)),
                      ToRecord(MakeRequired("r1", "0914", kMonday + kDay, {v1::CREDENTIAL_KIND_CCC}, kMonday - kDay))};
  for (int i = 0; i < 42; ++i) {
    v1::Lookup lookup = MakeLookup("p" + std::to_string(i), "item" + std::to_string(i % 40), "", v1::SCENE_ON_SALE,
                                   i < 40 ? kMonday + 1 : kMonday + kDay + kHour);
    lookup.set_product_code("0914");
    history_.lookups.push_back(ToRecord(lookup));
  }
  PassTime(kMonday + kDay + 1);
  const std::vector<v1::Alert> alerts = AlertsOf("");
  ExpectOneThatEnded(alerts, 40);
  EXPECT_EQ(alerts.front().subject().product_code(), "0914");
  EXPECT_THAT(alerts.front().headline_zh(), HasSubstr("产品0914须持的许可或认证变更"));
  EXPECT_THAT(alerts.front().headline_en(), HasSubstr("Requirement of product code 0914 changed: "));
  EXPECT_EQ(alerts.back().numbers().lookups_since(), 2U);
}

}  // namespace
}  // namespace zaojing
