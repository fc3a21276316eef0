// The stages against the oracle, over random histories in canonical order.
#include "tests/oracle/oracle.h"

#include <gtest/gtest.h>

#include "ingest/decoder.h"
#include "tests/support/random_history.h"

namespace zaojing {
namespace {

using testing::History;
using testing::Outcome;

constexpr uint32_t kPartitions = 4;

oracle::Input Decoded(const History& history) {
  oracle::Input input;
  for (const auto& record : history.control) input.control.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.enterprises) input.enterprises.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.certificates) input.certificates.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.inspections) input.inspections.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.recalls) input.recalls.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.dispositions) input.orders.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.lookups) input.lookups.emplace_back().ParseFromString(record.value);
  for (const auto& record : history.complaints) input.complaints.emplace_back().ParseFromString(record.value);
  return input;
}

// What stands at the end, from the emitted records alone, as a consumer of the topics would know it.
std::map<std::string, v1::Action> InForce(const Outcome& outcome) {
  std::map<std::string, v1::Action> in_force;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    const std::string key = takedown.platform() + "/" + takedown.listing_id();
    switch (takedown.instruction()) {
      case v1::INSTRUCTION_TAKE_DOWN:
        in_force[key] = v1::ACTION_BLOCK;
        break;
      case v1::INSTRUCTION_REVIEW_REQUESTED:
        in_force[key] = v1::ACTION_REVIEW;
        break;
      default:
        EXPECT_EQ(in_force.erase(key), 1U) << "lifted what did not stand: " << key;
    }
  }
  return in_force;
}

// A consumer that carries each id out once must carry out every instruction.
void ExpectEachNamedOnce(const Outcome& outcome) {
  std::map<std::string, std::string> named;
  for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) {
    const auto [before, added] = named.try_emplace(takedown.event_id(), takedown.ShortDebugString());
    EXPECT_TRUE(added) << before->second << "\n" << takedown.ShortDebugString();
  }
}

// Who is taken down is told where to object, and the platform to report; who is let go owes and is owed nothing.
void ExpectTermsFit(const v1::Takedown& takedown) {
  const bool down = takedown.instruction() == v1::INSTRUCTION_TAKE_DOWN;
  const bool lift = takedown.instruction() == v1::INSTRUCTION_LIFT;
  const std::string told = takedown.ShortDebugString();
  EXPECT_EQ(takedown.appeal_route() == v1::APPEAL_ROUTE_UNSPECIFIED, lift) << told;
  EXPECT_EQ(takedown.appeal().empty(), lift) << told;
  EXPECT_EQ(takedown.report(), down ? v1::MODALITY_SHALL : v1::MODALITY_UNSPECIFIED) << told;
  EXPECT_EQ(takedown.report_by(), down ? takedown.deadline() : 0) << told;
  EXPECT_EQ(takedown.report_basis().empty(), !down) << told;
  const bool recall_decides = takedown.row() == "recalled" && down;
  EXPECT_EQ(takedown.further_measures_size(), recall_decides ? 1 : 0) << told;
}

std::map<std::string, v1::Action> LastAnswers(const Outcome& outcome) {
  std::map<std::string, v1::Action> answers;
  for (const auto& verdict : outcome.Of<v1::Verdict>(Topic::kVerdicts)) {
    answers[verdict.platform() + "/" + verdict.listing_id()] = verdict.action();
  }
  return answers;
}

std::vector<oracle::RaisedAlert> Raised(const Outcome& outcome) {
  std::vector<oracle::RaisedAlert> raised;
  for (const auto& alert : outcome.Of<v1::Alert>(Topic::kAlerts)) {
    if (alert.msg_type() != v1::MESSAGE_TYPE_ALERT || alert.subject().problem().empty()) continue;
    raised.push_back({alert.subject().maker() + "|" + alert.subject().model() + "|" + alert.subject().problem(),
                      alert.evidence(0), alert.raised_at(), alert.numbers().total_count()});
  }
  return raised;
}

// A wrong order, a missed fan-out, a lost or doubled count: each shows as a listing, an instruction or an alert that
// the oracle has otherwise. Every look-up's answer is emitted, so the last answer of each listing is known outside.
TEST(Oracle, AgreesWithTheStagesOnRandomHistories) {
  size_t alerts = 0;
  size_t instructions = 0;
  std::map<v1::Reason, int> reasons;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    const History history = testing::RandomHistory(seed, {600, false});
    testing::WorldOptions options;
    options.replay.partitions = kPartitions;
    options.every_verdict = true;
    const Outcome outcome = Replay(history, options);
    const oracle::Output expected = oracle::Judge(Decoded(history), kPartitions);
    EXPECT_EQ(LastAnswers(outcome), expected.told) << "seed " << seed;
    EXPECT_EQ(InForce(outcome), expected.in_force) << "seed " << seed;
    EXPECT_EQ(Raised(outcome), expected.alerts) << "seed " << seed;
    ExpectEachNamedOnce(outcome);
    for (const auto& takedown : outcome.Of<v1::Takedown>(Topic::kTakedowns)) ExpectTermsFit(takedown);
    for (const auto& verdict : outcome.Of<v1::Verdict>(Topic::kVerdicts)) ++reasons[verdict.reason()];
    alerts += expected.alerts.size();
    instructions += expected.in_force.size();
    if (HasFailure()) break;
  }
  // The histories must exercise what they are there for.
  EXPECT_GT(alerts, 20U);
  EXPECT_GT(instructions, 300U);
  for (int reason = v1::Reason_MIN + 1; reason <= v1::Reason_MAX; ++reason) {
    const bool drawn = reason != v1::REASON_HOLDER_MISMATCH && reason != v1::REASON_FACTORY_MISMATCH;  // as MAKER
    EXPECT_GT(reasons[static_cast<v1::Reason>(reason)], drawn ? 10 : -1)
        << v1::Reason_Name(static_cast<v1::Reason>(reason));
  }
}

}  // namespace
}  // namespace zaojing
