// Complaints to alerts, through the canonical replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "processors/risk/intake.h"
#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;
using testing::MakeComplaint;
using testing::Outcome;
using testing::ToRecord;

Outcome Judge(const History& history) { return Replay(history, {}); }

// A quiet subject: one complaint a week for `weeks` weeks from kMonday.
void AddQuietWeeks(int weeks, History& history) {
  for (int week = 0; week < weeks; ++week) {
    history.complaints.push_back(ToRecord(MakeComplaint("quiet" + std::to_string(week), 1, "Kettle", "burns",
                                                        kMonday + week * limits::kWeek + limits::kHour)));
  }
}

void AddBurst(int week, int count, const std::string& prefix, History& history) {
  for (int i = 0; i < count; ++i) {
    history.complaints.push_back(ToRecord(
        MakeComplaint(prefix + std::to_string(i), 1, "Kettle", "burns", kMonday + week * limits::kWeek + i + 1)));
  }
}

// The feed began at kMonday, so that five cases of a subject that had none are just enough.
History OfAnotherSubject() {
  History history;
  history.complaints.push_back(ToRecord(MakeComplaint("first", 1, "Toaster", "burns", kMonday)));
  return history;
}

std::vector<v1::Alert> AlertsOf(const Outcome& outcome) { return outcome.Of<v1::Alert>(Topic::kAlerts); }

// A surge raises one alert within the week it happens in, updates it, and closes it after eight quiet weeks.
TEST(RiskStage, ASurgeIsOneAlertFromRaiseToClose) {
  History history;
  AddQuietWeeks(20, history);
  AddBurst(20, 12, "burst", history);
  history.complaints.push_back(ToRecord(MakeComplaint("later", 1, "Other", "hums", kMonday + 30 * limits::kWeek)));
  const auto alerts = AlertsOf(Judge(history));
  ASSERT_GE(alerts.size(), 2U);
  EXPECT_EQ(alerts.front().msg_type(), v1::MESSAGE_TYPE_ALERT);
  EXPECT_LT(alerts.front().raised_at(), kMonday + 20 * limits::kWeek + 12);
  EXPECT_EQ(alerts.front().subject().model(), "KETTLE");
  EXPECT_EQ(alerts.back().stage(), v1::STAGE_CLOSED);
  EXPECT_EQ(alerts.back().received_at(), kMonday + 30 * limits::kWeek);
  for (size_t i = 0; i < alerts.size(); ++i) {
    EXPECT_EQ(alerts[i].alert_id(), alerts[0].alert_id());
    EXPECT_EQ(alerts[i].revision(), i + 1);
  }
  EXPECT_LE(alerts.size(), 4U) << "an alert updates, it does not repeat";
}

// The baseline's own level is not news: the same twelve a week, every week, raise nothing.
TEST(RiskStage, ABusySubjectIsNotASurge) {
  History history;
  for (int week = 0; week < 30; ++week) AddBurst(week, 12, "w" + std::to_string(week) + "-", history);
  EXPECT_TRUE(AlertsOf(Judge(history)).empty());
}

// Duplicates are the worst thing to count: the same version sent five times is one case.
TEST(RiskStage, DuplicatesCountOnce) {
  History history;
  AddQuietWeeks(20, history);
  for (int copy = 0; copy < 12; ++copy) AddBurst(20, 2, "burst", history);
  EXPECT_TRUE(AlertsOf(Judge(history)).empty());
}

// A withdrawn case leaves every count; when nothing of the surge is left the alert is cancelled, by its own id.
TEST(RiskStage, WithdrawnEvidenceRetractsTheAlert) {
  History history;
  AddQuietWeeks(20, history);
  AddBurst(20, 9, "burst", history);
  for (int i = 0; i < 7; ++i) {
    auto complaint = MakeComplaint("burst" + std::to_string(i), 2, "Kettle", "burns",
                                   kMonday + 20 * limits::kWeek + limits::kDay + i);
    complaint.set_withdrawn(true);
    history.complaints.push_back(ToRecord(complaint));
  }
  const auto alerts = AlertsOf(Judge(history));
  ASSERT_GE(alerts.size(), 2U);
  EXPECT_EQ(alerts.back().msg_type(), v1::MESSAGE_TYPE_CANCEL);
  EXPECT_EQ(alerts.back().stage(), v1::STAGE_RETRACTED);
  EXPECT_EQ(alerts.back().alert_id(), alerts.front().alert_id());
}

// Breaks: a follow-up of one of just as many cases as signal cancels the alert, and raises it again under a message id
// that was used. Seen on the types and the revisions.
TEST(RiskStage, AFollowUpOfTheSameSubjectEndsNothing) {
  History history = OfAnotherSubject();
  AddBurst(20, 5, "burst", history);
  auto follow_up = MakeComplaint("burst2", 2, "Kettle", "burns", kMonday + 20 * limits::kWeek + limits::kDay);
  follow_up.set_injured(1);
  history.complaints.push_back(ToRecord(follow_up));
  const auto alerts = AlertsOf(Judge(history));
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].msg_type(), v1::MESSAGE_TYPE_ALERT);
  EXPECT_EQ(alerts[1].msg_type(), v1::MESSAGE_TYPE_UPDATE);
  EXPECT_EQ(alerts[1].revision(), 2U);
  EXPECT_EQ(alerts[1].numbers().injured(), 1U);
  EXPECT_EQ(alerts[1].evidence_count(), 5U);
}

// Breaks: an alert cancelled and raised again on the same first evidence begins to number its messages anew, so that a
// consumer that takes each id once stays at the cancellation.
TEST(RiskStage, WhatIsRaisedAgainIsNumberedOn) {
  History history = OfAnotherSubject();
  AddBurst(20, 5, "burst", history);
  auto withdrawn = MakeComplaint("burst4", 2, "Kettle", "burns", kMonday + 20 * limits::kWeek + limits::kDay);
  withdrawn.set_withdrawn(true);
  history.complaints.push_back(ToRecord(withdrawn));
  history.complaints.push_back(
      ToRecord(MakeComplaint("another", 1, "Kettle", "burns", kMonday + 20 * limits::kWeek + 2 * limits::kDay)));
  std::vector<v1::MessageType> types;
  std::set<std::string> ids;
  for (const v1::Alert& alert : AlertsOf(Judge(history))) {
    types.push_back(alert.msg_type());
    ids.insert(alert.event_id());
  }
  EXPECT_THAT(types, ::testing::ElementsAre(v1::MESSAGE_TYPE_ALERT, v1::MESSAGE_TYPE_CANCEL, v1::MESSAGE_TYPE_ALERT));
  EXPECT_EQ(ids.size(), 3U);
}

// A follow-up that names another model moves the case: out of the old subject, into the new one.
TEST(RiskStage, AFollowUpMovesTheCase) {
  History history;
  AddQuietWeeks(20, history);
  AddBurst(20, 9, "burst", history);
  for (int i = 0; i < 9; ++i) {
    history.complaints.push_back(ToRecord(MakeComplaint("burst" + std::to_string(i), 2, "Toaster", "burns",
                                                        kMonday + 20 * limits::kWeek + limits::kDay + i)));
  }
  const auto alerts = AlertsOf(Judge(history));
  std::map<std::string, v1::MessageType> last;
  for (const v1::Alert& alert : alerts) last[alert.subject().model()] = alert.msg_type();
  EXPECT_EQ(last["KETTLE"], v1::MESSAGE_TYPE_CANCEL);
  EXPECT_NE(last["TOASTER"], v1::MESSAGE_TYPE_UNSPECIFIED);
}

// A death makes the risk major at once, without waiting for the evidence to double.
TEST(RiskStage, AHigherLevelIsToldAtOnce) {
  History history;
  AddQuietWeeks(20, history);
  AddBurst(20, 9, "burst", history);
  auto fatal = MakeComplaint("fatal", 1, "Kettle", "burns", kMonday + 20 * limits::kWeek + limits::kDay);
  fatal.set_deaths(1);
  history.complaints.push_back(ToRecord(fatal));
  const auto alerts = AlertsOf(Judge(history));
  EXPECT_EQ(alerts.front().level(), v1::RISK_LEVEL_SMALL);
  EXPECT_EQ(alerts.back().level(), v1::RISK_LEVEL_MAJOR);
  EXPECT_EQ(alerts.back().urgency(), v1::URGENCY_IMMEDIATE);
}

// No personal data leaves intake in the clear: not the name, not the text, in no output and in no state value.
TEST(RiskStage, PersonalDataStaysOut) {
  History history;
  AddQuietWeeks(20, history);
  for (int i = 0; i < 9; ++i) {
    auto complaint = MakeComplaint("b" + std::to_string(i), 1, "Kettle", "burns", kMonday + 20 * limits::kWeek + i);
    complaint.set_complainant("Zhang San 13800000000");
    complaint.set_text("my kettle at Xihu road 5 burned");
    history.complaints.push_back(ToRecord(complaint));
  }
  const Outcome outcome = Judge(history);
  ASSERT_FALSE(AlertsOf(outcome).empty());
  for (const OutputRecord& output : outcome.outputs) {
    EXPECT_EQ(output.value.find("Zhang"), std::string::npos);
    EXPECT_EQ(output.value.find("Xihu"), std::string::npos);
  }
}

TEST(Intake, NamesAreComparedNormalised) {
  EXPECT_EQ(NormalName("  Ford \t explorer "), "FORD EXPLORER");
  EXPECT_EQ(NormalName("电水壶  A1"), "电水壶 A1");
  EXPECT_EQ(NormalName(""), "");
}

}  // namespace
}  // namespace zaojing
