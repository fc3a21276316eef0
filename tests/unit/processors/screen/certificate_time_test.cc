// What a certificate was and when, through the canonical replay: when it stopped being good, renewals recorded early.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using testing::MakeRequired;
using testing::Outcome;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr int64_t kDay = limits::kDay;

// One statement: what the status is from `from` on; until when it is valid, 0 = no end stated.
struct Said {
  v1::CertificateStatus status;
  int64_t from;
  int64_t until = 0;
};

Outcome Judge(const History& history) {
  testing::WorldOptions options;
  options.replay.partitions = 1;
  options.every_verdict = true;
  return Replay(history, options);
}

// Each statement arrives on the day it is of.
History Told(const std::vector<Said>& said) {
  History history;
  for (const Said& one : said) {
    v1::Certificate fact = MakeCertificate("fact-" + std::to_string(history.certificates.size()), kNumber, one.status,
                                           one.from, std::max(one.from, kMonday));
    fact.set_valid_until(one.until);
    history.certificates.push_back(ToRecord(fact));
  }
  return history;
}

v1::Lookup MadeAt(int64_t made_at, int64_t at) {
  v1::Lookup lookup = MakeLookup("l" + std::to_string(at), "item", kNumber, v1::SCENE_ON_SALE, at);
  lookup.set_made_at(made_at);
  lookup.set_shipment_proven(true);
  return lookup;
}

struct MadeCase {
  const char* what;
  std::vector<Said> said;
  int64_t made_at;
  const char* row;
};

constexpr int64_t kMarch = kMonday + 10 * kDay;
constexpr int64_t kJune = kMonday + 100 * kDay;
const Said kValid{v1::CERTIFICATE_STATUS_VALID, kMonday};
const Said kEnding{v1::CERTIFICATE_STATUS_VALID, kMonday, kMarch};
const Said kSuspended{v1::CERTIFICATE_STATUS_SUSPENDED, kMarch};
const Said kCancelled{v1::CERTIFICATE_STATUS_CANCELLED, kJune};

const MadeCase kMade[] = {
    {"cancelled after a suspension", {kValid, kSuspended, kCancelled}, kMarch + kDay, "cancelled-made-after"},
    {"made before both", {kValid, kSuspended, kCancelled}, kMarch - kDay, "cancelled-shipped-before"},
    {"valid in between",
     {kValid, kSuspended, {v1::CERTIFICATE_STATUS_VALID, kMarch + 5 * kDay}, kCancelled},
     kMarch + kDay,
     "cancelled-shipped-before"},
    {"expired by date, said later", {kEnding, {v1::CERTIFICATE_STATUS_EXPIRED, kJune}}, kMarch, "expired-made-after"},
    {"cancelled once expired", {kEnding, kCancelled}, kMarch, "cancelled-made-after"},
    {"the last day of its validity", {kEnding, kCancelled}, kMarch - 1, "cancelled-shipped-before"},
    {"suspended again",
     {kValid, kSuspended, {v1::CERTIFICATE_STATUS_SUSPENDED, kJune}},
     kMarch,
     "suspended-made-after"},
    {"never known as valid", {kSuspended, kCancelled}, kMarch, "cancelled-made-after"},
    {"the day of the suspension, by the hour after its dawn",
     {kValid, {v1::CERTIFICATE_STATUS_SUSPENDED, kMarch + 10 * limits::kHour}},
     kMarch,
     "suspended-made-after"},
    {"the day before it",
     {kValid, {v1::CERTIFICATE_STATUS_SUSPENDED, kMarch + 10 * limits::kHour}},
     kMarch - 1,
     "suspended"},
};

// Breaks: goods that left the factory under a suspension or after the expiry, sold because a newer fact is younger than
// they are. Seen by the row, for goods whose shipment is proven.
TEST(CertificateTime, GoodsAreComparedWithTheDayItStoppedBeingGood) {
  for (const MadeCase& c : kMade) {
    History history = Told(c.said);
    history.lookups.push_back(ToRecord(MadeAt(c.made_at, kJune + kDay)));
    const auto verdicts = Judge(history).Of<v1::Verdict>(Topic::kVerdicts);
    ASSERT_FALSE(verdicts.empty()) << c.what;
    EXPECT_EQ(verdicts.back().row(), c.row) << c.what;
  }
}

// Breaks: a take-down lifted because the suspended certificate was cancelled as well. Seen by the instructions.
TEST(CertificateTime, ACancellationLiftsNoSuspension) {
  History history = Told({kValid, kSuspended, kCancelled});
  history.lookups.push_back(ToRecord(MadeAt(kMarch + kDay, kMarch + 2 * kDay)));
  std::vector<v1::Instruction> instructions;
  for (const auto& takedown : Judge(history).Of<v1::Takedown>(Topic::kTakedowns)) {
    instructions.push_back(takedown.instruction());
  }
  EXPECT_THAT(instructions, ElementsAre(v1::INSTRUCTION_TAKE_DOWN));
}

// Breaks: a renewal recorded before its day takes the certificate it renews off sale. Seen by the answers before, on and
// after that day, and by the instructions.
TEST(CertificateTime, ARenewalRecordedEarlyLeavesTheCertificateValid) {
  History history = Told({kEnding});
  v1::Certificate renewal =
      MakeCertificate("renewal", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday + 2 * kDay, kMonday + 2 * kDay);
  renewal.set_valid_from(kMarch);
  renewal.set_valid_until(kJune);
  history.certificates.push_back(ToRecord(renewal));
  std::vector<std::string> rows;
  for (const int64_t at : {kMonday + kDay, kMonday + 3 * kDay, kMarch - 1, kMarch, kJune}) {
    history.lookups.push_back(ToRecord(MadeAt(0, at)));
  }
  const Outcome outcome = Judge(history);
  for (const auto& verdict : outcome.Of<v1::Verdict>(Topic::kVerdicts)) rows.push_back(verdict.row());
  EXPECT_THAT(rows, ElementsAre("valid", "valid", "valid", "valid", "expired"));
  EXPECT_EQ(outcome.Of<v1::Takedown>(Topic::kTakedowns).size(), 1U);
}

// Breaks: requirements told again make goods that needed another credential older than what they need. Seen by the row
// and by the day told.
TEST(CertificateTime, ARequirementToldAgainIsAsOldAsItWas) {
  History history = Told({kValid});
  history.control.push_back(
      ToRecord(MakeRequired("r1", "0914", kMarch, {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}, kMonday)));
  history.control.push_back(
      ToRecord(MakeRequired("r2", "0914", kJune, {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}, kMonday)));
  v1::Lookup lookup = MadeAt(kMarch, kJune + kDay);
  lookup.set_product_code("0914");
  history.lookups.push_back(ToRecord(lookup));
  const v1::Verdict verdict = Judge(history).Of<v1::Verdict>(Topic::kVerdicts).back();
  EXPECT_EQ(verdict.row(), "other-credential");
  EXPECT_EQ(verdict.required_since(), kMarch);
}

// Breaks: a verdict on a suspended certificate that does not say which version of it. Seen on a fact that states none.
TEST(CertificateTime, AStatusAloneLeavesTheVersionAsItWas) {
  History history;
  v1::Certificate issued = MakeCertificate("issued", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday);
  issued.set_version("B0");
  history.certificates.push_back(ToRecord(issued));
  history.certificates.push_back(
      ToRecord(MakeCertificate("suspended", kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMarch, kMarch)));
  history.lookups.push_back(ToRecord(MadeAt(0, kMarch + kDay)));
  const v1::Verdict verdict = Judge(history).Of<v1::Verdict>(Topic::kVerdicts).back();
  EXPECT_EQ(verdict.row(), "suspended");
  EXPECT_EQ(verdict.certificate_version(), "B0");
}

// Breaks: a suspension that makes a certificate last longer, so that goods are put on sale on it which an expired one
// would stop. Seen around the end, as the last fact that states one has it; goods on sale are where they were.
TEST(CertificateTime, ASuspensionDoesNotOutlastTheValidity) {
  const int64_t end = kMonday + 10 * kDay;
  const std::vector<Said> valid_until_end = {{v1::CERTIFICATE_STATUS_VALID, kMonday - kDay, end},
                                             {v1::CERTIFICATE_STATUS_SUSPENDED, kMonday}};
  const std::vector<Said> says_itself = {{v1::CERTIFICATE_STATUS_VALID, kMonday - kDay, end + 9 * kDay},
                                         {v1::CERTIFICATE_STATUS_SUSPENDED, kMonday, end}};
  for (const std::vector<Said>& said : {valid_until_end, says_itself}) {
    const auto row = [&](v1::Scene scene, int64_t at) {
      History history = Told(said);
      v1::Lookup lookup = MakeLookup("l1", "item", kNumber, scene, at);
      history.lookups.push_back(ToRecord(lookup));
      return Judge(history).Of<v1::Verdict>(Topic::kVerdicts).back().row();
    };
    EXPECT_EQ(row(v1::SCENE_PUBLISH, end - 1), "suspended");
    EXPECT_EQ(row(v1::SCENE_PUBLISH, end), "expired-before-sale");
    EXPECT_EQ(row(v1::SCENE_ON_SALE, end), "suspended");
  }
}

}  // namespace
}  // namespace zaojing
