// Look-ups since a cause, from look-ups to the cause's alert, through the canonical replay.
#include "processors/screen/asked.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
constexpr char kOther[] = "2022010907454872";
constexpr int64_t kHour = limits::kHour;

class AskedTest : public ::testing::Test {
 protected:
  AskedTest() {
    for (const char* number : {kNumber, kOther}) Tell(number, v1::CERTIFICATE_STATUS_VALID, kMonday);
  }
  void Tell(const std::string& number, v1::CertificateStatus status, int64_t at) {
    const std::string id = number + "-" + std::to_string(at);
    history_.certificates.push_back(ToRecord(MakeCertificate(id, number, status, kMonday - limits::kWeek, at)));
  }
  void Ask(int times, const std::string& number, int64_t at, v1::Scene scene = v1::SCENE_PUBLISH) {
    for (int i = 0; i < times; ++i) {
      const std::string id = "l" + std::to_string(asked_++);
      history_.lookups.push_back(ToRecord(MakeLookup(id, "listing-" + id, number, scene, at + i)));
    }
  }
  std::vector<v1::Alert> Alerts(uint32_t partitions = 1) {
    testing::WorldOptions options;
    options.replay.partitions = partitions;
    std::vector<v1::Alert> found;
    for (const v1::Alert& alert : Replay(history_, options).Of<v1::Alert>(Topic::kAlerts)) {
      if (alert.rule().rfind("certificate-reach@", 0) == 0) found.push_back(alert);
    }
    return found;
  }
  static std::vector<uint64_t> Told(const std::vector<v1::Alert>& alerts) {
    std::vector<uint64_t> told;
    told.reserve(alerts.size());
    for (const v1::Alert& alert : alerts) told.push_back(alert.numbers().lookups_since());
    return told;
  }

  History history_;
  int asked_ = 0;
};

// Breaks: look-ups of before the cause counted, or of another certificate; an update a look-up; a figure that stands still
// from one day to the next. Seen on what each message of the alert says; the first two are
// of the reach, and of its end.
TEST_F(AskedTest, AnAlertGoesOnCounting) {
  Ask(3, kNumber, kMonday + 1, v1::SCENE_ON_SALE);
  Tell(kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + kHour);
  Ask(5, kOther, kMonday + 2 * kHour);
  Ask(10, kNumber, kMonday + 3 * kHour);
  Ask(1, kNumber, kMonday + 30 * kHour);
  const auto alerts = Alerts();
  EXPECT_THAT(Told(alerts), ElementsAre(0, 0, 1, 2, 3, 4, 6, 9, 11));
  for (const v1::Alert& alert : alerts) {
    EXPECT_EQ(alert.alert_id(), alerts[0].alert_id());
    EXPECT_EQ(alert.numbers().listings(), 3U);
  }
  EXPECT_THAT(alerts.back().headline_zh(), HasSubstr("其后被查询 11 次"));
  EXPECT_THAT(alerts.back().headline_en(), HasSubstr("11 look-ups since"));
}

// Breaks: tasks that overwrite each other's count. Seen on the sum once a new day has made each tell all it has.
TEST_F(AskedTest, TasksAddUp) {
  Ask(3, kNumber, kMonday + 1, v1::SCENE_ON_SALE);
  Tell(kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + kHour);
  Ask(50, kNumber, kMonday + 3 * kHour);
  Ask(40, kNumber, kMonday + 30 * kHour);
  const auto alerts = Alerts(4);
  ASSERT_FALSE(alerts.empty());
  EXPECT_GT(alerts.back().numbers().lookups_since(), 60U);
  EXPECT_LE(alerts.back().numbers().lookups_since(), 90U);
}

// Breaks: a count that goes on where the next cause should begin, or look-ups counted that were allowed. Seen on the two
// alerts.
TEST_F(AskedTest, ANewCauseBeginsFromNothing) {
  Ask(2, kNumber, kMonday + 1, v1::SCENE_ON_SALE);
  Tell(kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMonday + kHour);
  Ask(2, kNumber, kMonday + 2 * kHour);
  Tell(kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday + 3 * kHour);
  Ask(4, kNumber, kMonday + 4 * kHour, v1::SCENE_ON_SALE);
  Tell(kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + 5 * kHour);
  Ask(1, kNumber, kMonday + 6 * kHour);
  const auto alerts = Alerts();
  ASSERT_FALSE(alerts.empty());
  EXPECT_THAT(Told(alerts), ElementsAre(0, 0, 1, 2, 0, 0, 1));
  EXPECT_NE(alerts.front().alert_id(), alerts.back().alert_id());
}

// Breaks: signals of a certificate that no listing was reached by raise an alert.
TEST_F(AskedTest, WithoutAnAlertThereIsNothingToUpdate) {
  Tell(kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + kHour);
  Ask(5, kNumber, kMonday + 2 * kHour);
  EXPECT_TRUE(Alerts().empty());
}

}  // namespace
}  // namespace zaojing
