// The gate's law through the canonical replay: scopes, required credentials and their dates, plates.
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
using testing::MakeRequired;
using testing::Outcome;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr int64_t kDay = limits::kDay;

std::vector<v1::Verdict> Verdicts(const History& history) {
  testing::WorldOptions options;
  options.replay.partitions = 2;
  options.every_verdict = true;
  return Replay(history, options).Of<v1::Verdict>(Topic::kVerdicts);
}

v1::Certificate Scoped() {
  v1::Certificate certificate =
      MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_holder("甲（集团）有限公司");
  certificate.set_maker("乙有限公司");
  certificate.set_maker_uscc("91110000600037341L");
  certificate.set_factory("丙厂");
  certificate.add_models("PB-10000~PB-20000(BC-1)、Q1");
  certificate.add_models("PB-5000");
  certificate.set_version("B0");
  certificate.mutable_vehicle()->set_speed_max(250);
  certificate.mutable_vehicle()->set_mass(550);
  return certificate;
}

// What one look-up is told when everything else is in order.
template <typename Change>
v1::Verdict Ask(const Change& change, v1::Scene scene = v1::SCENE_PUBLISH) {
  History history;
  history.certificates.push_back(ToRecord(Scoped()));
  v1::Lookup lookup = MakeLookup("l1", "item", kNumber, scene, kMonday + 1);
  change(lookup);
  history.lookups.push_back(ToRecord(lookup));
  return Verdicts(history).at(0);
}

struct ScopeCase {
  const char* row;
  void (*claim)(v1::Lookup&);
  v1::Scene scene = v1::SCENE_PUBLISH;
};

const ScopeCase kScopeCases[] = {
    {"valid", [](v1::Lookup&) {}},
    {"valid",
     [](v1::Lookup& l) {
       l.set_product_code("0907");
       l.set_holder("甲(集团)有限公司");
       l.set_maker("91110000600037341L");
       l.set_factory("丙厂");
       l.set_model("ｐｂ－5000");
     }},
    {"code-mismatch-before-sale", [](v1::Lookup& l) { l.set_product_code("0908"); }},
    {"code-mismatch", [](v1::Lookup& l) { l.set_product_code("0908"); }, v1::SCENE_ON_SALE},
    {"valid", [](v1::Lookup& l) { l.set_product_code("XK13-014"); }},
    {"model-mismatch", [](v1::Lookup& l) { l.set_model("PB-30000"); }},
    {"holder-mismatch", [](v1::Lookup& l) { l.set_holder("丁有限公司"); }},
    {"maker-mismatch", [](v1::Lookup& l) { l.set_maker("甲（集团）有限公司"); }},
    {"factory-mismatch", [](v1::Lookup& l) { l.set_factory("丙二厂"); }},
    // The goods before the names: what is another product is not a question of whose it is.
    {"model-mismatch", [](v1::Lookup& l) { l.set_model("X"), l.set_holder("丁"); }},
    {"valid", [](v1::Lookup& l) { l.set_speed_max(250), l.set_mass(577); }, v1::SCENE_PLATE},
    {"vehicle-mismatch", [](v1::Lookup& l) { l.set_mass(578); }, v1::SCENE_PLATE},
    {"vehicle-mismatch", [](v1::Lookup& l) { l.set_speed_max(450); }, v1::SCENE_PLATE},
    {"valid", [](v1::Lookup& l) { l.set_motor_power(2'000); }, v1::SCENE_PLATE},  // not stated on the certificate
};

// Breaks: another's certificate that lets goods on sale, or a good listing stopped for how a name is written. Seen row
// by row.
TEST(GateScenes, ClaimsAreComparedWithTheScope) {
  for (const ScopeCase& c : kScopeCases) {
    const v1::Verdict verdict = Ask(c.claim, c.scene);
    EXPECT_EQ(verdict.row(), c.row);
    EXPECT_EQ(verdict.certificate_version(), "B0");
  }
}

// Breaks: a REVIEW that asks for what was given. Seen on the listed items.
TEST(GateScenes, AVerdictSaysWhatIsMissing) {
  History history;
  history.certificates.push_back(ToRecord(Scoped()));
  history.certificates.push_back(
      ToRecord(MakeCertificate("fact-2", kNumber, v1::CERTIFICATE_STATUS_CANCELLED, kMonday, kMonday)));
  v1::Lookup lookup = MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + 1);
  history.lookups.push_back(ToRecord(lookup));
  lookup.set_made_at(kMonday - 1);
  history.lookups.push_back(ToRecord(lookup));
  lookup.set_shipment_proven(true);
  history.lookups.push_back(ToRecord(lookup));
  const auto verdicts = Verdicts(history);
  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_THAT(verdicts[0].missing(), ElementsAre(v1::MISSING_MADE_AT, v1::MISSING_SHIPMENT_PROOF));
  EXPECT_THAT(verdicts[1].missing(), ElementsAre(v1::MISSING_SHIPMENT_PROOF));
  EXPECT_EQ(verdicts[2].row(), "cancelled-shipped-before");
  EXPECT_THAT(verdicts[2].missing(), ElementsAre());
}

// Breaks: a claim that contradicts the certificate answered without saying in what. Seen where the claim itself is there.
TEST(GateScenes, AVerdictSaysWhatContradicts) {
  const auto missing = [](const auto& claim) { return Ask(claim, v1::SCENE_ON_SALE).missing(); };
  EXPECT_THAT(missing([](v1::Lookup& l) { l.set_product_code("0908"); }), ElementsAre(v1::MISSING_PRODUCT_CODE));
  EXPECT_THAT(missing([](v1::Lookup& l) { l.set_model("PB-30000"); }), ElementsAre(v1::MISSING_MODEL));
  EXPECT_THAT(missing([](v1::Lookup& l) { l.set_maker("丁"); }), ElementsAre(v1::MISSING_PARTY));
}

// Breaks: an enterprise that was renamed stopped as a stranger. Seen before and after its fact.
TEST(GateScenes, AFormerNameIsTheMakers) {
  History history;
  history.certificates.push_back(ToRecord(Scoped()));
  v1::Lookup lookup = MakeLookup("l1", "item", kNumber, v1::SCENE_PUBLISH, kMonday + 1);
  lookup.set_maker("新乙有限公司");
  history.lookups.push_back(ToRecord(lookup));
  history.enterprises.push_back(
      ToRecord(testing::MakeEnterprise("e1", "91110000600037341L", "新乙有限公司", kMonday, kMonday + 2)));
  lookup.set_received_at(kMonday + 3);
  history.lookups.push_back(ToRecord(lookup));
  const auto verdicts = Verdicts(history);
  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_EQ(verdicts[0].row(), "maker-mismatch");
  EXPECT_EQ(verdicts[1].row(), "valid");
  EXPECT_EQ(verdicts[1].lookup_id(), "") << "the record itself changes the answer";
  EXPECT_EQ(verdicts[2].row(), "valid");
}

struct DateCase {
  const char* code;
  int64_t mandatory_from;  // 00:00 UTC+8
};
const DateCase kDates[] = {
    {"0914", 1'722'441'600'000'000},  // 2024-08-01: power banks, lithium-ion cells
    {"1119", 1'761'926'400'000'000},  // 2025-11-01: e-bike batteries and chargers
};

// Breaks: goods stopped a day before the law, or sold a day after it. Seen at the last instant before and the first of
// the date, for goods that show nothing; and on the listing that nobody asks about again.
TEST(GateScenes, MandatoryFromDatesBeginAtMidnight) {
  for (const DateCase& c : kDates) {
    History history;
    history.control.push_back(ToRecord(MakeRequired("r0", c.code, 1'000, {v1::CREDENTIAL_KIND_NONE}, kMonday - kDay)));
    history.control.push_back(
        ToRecord(MakeRequired("r1", c.code, c.mandatory_from, {v1::CREDENTIAL_KIND_CCC}, kMonday - kDay)));
    for (const int64_t at : {c.mandatory_from - 1, c.mandatory_from}) {
      v1::Lookup lookup = MakeLookup("l" + std::to_string(at), "item", "", v1::SCENE_ON_SALE, at);
      lookup.set_product_code(c.code);
      history.lookups.push_back(ToRecord(lookup));
    }
    const auto verdicts = Verdicts(history);
    // The third: at the day roll the first listing was told before it was asked again.
    ASSERT_GE(verdicts.size(), 2U) << c.code;
    EXPECT_EQ(verdicts.front().row(), "not-required") << c.code;
    EXPECT_EQ(verdicts.front().required(), v1::CREDENTIAL_KIND_NONE);
    EXPECT_EQ(verdicts.back().row(), "no-certificate") << c.code;
    EXPECT_EQ(verdicts.back().required(), v1::CREDENTIAL_KIND_CCC);
    EXPECT_EQ(verdicts.back().required_since(), c.mandatory_from);
  }
}

// Breaks: a mandatory-from date that reaches only what is asked about again. Seen on a listing on sale that is not.
TEST(GateScenes, ADateReachesListingsOnSale) {
  History history;
  history.control.push_back(ToRecord(MakeRequired("r0", "0914", 1'000, {v1::CREDENTIAL_KIND_NONE}, kMonday - kDay)));
  history.control.push_back(
      ToRecord(MakeRequired("r1", "0914", kMonday + kDay, {v1::CREDENTIAL_KIND_CCC}, kMonday - kDay)));
  v1::Lookup lookup = MakeLookup("l1", "item", "", v1::SCENE_ON_SALE, kMonday + 1);
  lookup.set_product_code("0914");
  history.lookups.push_back(ToRecord(lookup));
  for (int i = 0; i < 20; ++i) {  // moves the clock of every task over midnight
    history.lookups.push_back(ToRecord(
        MakeLookup("o" + std::to_string(i), "o" + std::to_string(i), "bad", v1::SCENE_PLATE, kMonday + kDay + 1)));
  }
  const auto takedowns = Replay(history, {}).Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(takedowns.size(), 1U);
  EXPECT_EQ(takedowns[0].listing_id(), "item");
  EXPECT_EQ(takedowns[0].reason(), v1::REASON_NO_CREDENTIAL);
  // And a late announcement, already in force when it arrives, at once.
  history.control.push_back(
      ToRecord(MakeRequired("r2", "0914", kMonday + kDay, {v1::CREDENTIAL_KIND_NONE}, kMonday + kDay + 2)));
  const auto lifted = Replay(history, {}).Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(lifted.size(), 2U);
  EXPECT_EQ(lifted[1].instruction(), v1::INSTRUCTION_LIFT);
}

// Breaks: a licence refused while it holds, or taken after it became a certification (许可转认证). Seen at each date.
TEST(GateScenes, LicenceBecomesCertification) {
  History history;
  v1::Certificate licence =
      MakeCertificate("f1", "XK13-014-00123", v1::CERTIFICATE_STATUS_VALID, kMonday - kDay, kMonday);
  licence.set_kind(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
  history.certificates.push_back(ToRecord(licence));
  history.certificates.push_back(ToRecord(Scoped()));
  const auto both = {v1::CREDENTIAL_KIND_CCC, v1::CREDENTIAL_KIND_PRODUCTION_LICENCE};
  history.control.push_back(
      ToRecord(MakeRequired("r0", "0907", 1'000, {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}, kMonday)));
  history.control.push_back(ToRecord(MakeRequired("r1", "0907", kMonday + kDay, both, kMonday)));
  history.control.push_back(
      ToRecord(MakeRequired("r2", "0907", kMonday + 2 * kDay, {v1::CREDENTIAL_KIND_CCC}, kMonday)));
  const auto ask = [&](const std::string& id, const std::string& number, int64_t at) {
    v1::Lookup lookup = MakeLookup(id, id, number, v1::SCENE_PUBLISH, at);
    lookup.set_product_code("0907");
    history.lookups.push_back(ToRecord(lookup));
  };
  ask("a", "(京)XK13-014-00123", kMonday + 1);
  ask("b", kNumber, kMonday + 2);
  ask("c", "XK13-014-00123", kMonday + 2 * kDay - 1);
  ask("d", "XK13-014-00123", kMonday + 2 * kDay);
  ask("e", kNumber, kMonday + 2 * kDay);
  std::map<std::string, std::string> rows;
  for (const auto& verdict : Verdicts(history)) {
    if (!verdict.lookup_id().empty()) rows[verdict.listing_id()] = verdict.row();
  }
  EXPECT_EQ(rows,
            (std::map<std::string, std::string>{
                {"a", "valid"}, {"b", "other-credential"}, {"c", "valid"}, {"d", "other-credential"}, {"e", "valid"}}));
}

// Breaks: a device held to be unregistered because nobody ever gave us that register. Seen by the reason.
TEST(GateScenes, ARegisterNeverReadBlocksNothing) {
  const v1::Verdict verdict = Ask([](v1::Lookup& l) { l.set_certificate_number("国械注准20153131234"); });
  EXPECT_EQ(verdict.reason(), v1::REASON_REGISTRY_STALE);
  EXPECT_EQ(verdict.action(), v1::ACTION_REVIEW);
}

// Breaks: a category that is not understood. Seen by the code in the verdict.
TEST(GateScenes, ACategoryStandsForItsCode) {
  History history;
  history.control.push_back(ToRecord(testing::MakeCatalogue("c1", "0914", "power-bank", kMonday - kDay, kMonday)));
  history.control.push_back(ToRecord(MakeRequired("r1", "0914", 1'000, {v1::CREDENTIAL_KIND_CCC}, kMonday)));
  v1::Lookup lookup = MakeLookup("l1", "item", "", v1::SCENE_PUBLISH, kMonday + 1);
  lookup.set_category("power-bank");
  history.lookups.push_back(ToRecord(lookup));
  const v1::Verdict verdict = Verdicts(history).at(0);
  EXPECT_EQ(verdict.row(), "no-certificate");
  EXPECT_EQ(verdict.product_code(), "0914");
}

struct PlateAsk {
  const char* application;
  const char* region;
  int64_t after;
  const char* row;
};

// Breaks: a copied vehicle plated, or the owner who asks twice taken for a copy. Seen by each answer and by the signals.
TEST(GateScenes, OneVehicleCodeIsOneVehicle) {
  const PlateAsk asks[] = {
      {"app-1", "330110", 1, "valid"},
      {"app-1", "330110", 40 * kDay, "valid"},           // the same registration
      {"", "330110", 10, "valid"},                       // the same window within a day, without a number
      {"", "330110", 2 * kDay, "vehicle-reused"},        // and later
      {"", "440300", 20, "vehicle-reused"},              // another place
      {"app-2", "440300", 41 * kDay, "vehicle-reused"},  // another registration
  };
  for (const PlateAsk& ask : asks) {
    History history;
    history.certificates.push_back(ToRecord(Scoped()));
    const auto plate = [&](const std::string& id, const PlateAsk& a) {
      v1::Lookup lookup = MakeLookup(id, "V-1", kNumber, v1::SCENE_PLATE, kMonday + a.after);
      lookup.set_application_id(a.application);
      lookup.set_region(a.region);
      history.lookups.push_back(ToRecord(lookup));
    };
    plate("l1", asks[0]);
    plate("l2", ask);
    testing::WorldOptions options;
    options.every_verdict = true;
    const Outcome outcome = Replay(history, options);
    EXPECT_EQ(outcome.Of<v1::Verdict>(Topic::kVerdicts).back().row(), ask.row) << ask.application << ask.region;
    const auto signals = outcome.Of<v1::Signal>(Topic::kSignals);
    const bool reused = std::string(ask.row) == "vehicle-reused";
    ASSERT_EQ(signals.size(), reused ? 1U : 0U);
    if (!reused) continue;
    EXPECT_EQ(signals[0].kind(), v1::SIGNAL_KIND_VEHICLE_REUSED);
    EXPECT_EQ(signals[0].vehicle_code(), "V-1");
    EXPECT_EQ(signals[0].first_region(), "330110");
    EXPECT_EQ(signals[0].region(), ask.region);
  }
}

// Breaks: plates counted twice, or a maker's whole year told vehicle by vehicle. Seen by the counts signalled.
TEST(GateScenes, PlatesAreCountedAgainstTheYearlyProduction) {
  History history;
  v1::Certificate certificate = Scoped();
  certificate.set_yearly_production(1'000);
  history.certificates.push_back(ToRecord(certificate));
  for (int i = 0; i < 100; ++i) {
    for (int twice = 0; twice < 2; ++twice) {
      v1::Lookup lookup = MakeLookup("l" + std::to_string(i), "V-" + std::to_string(i), kNumber, v1::SCENE_PLATE,
                                     kMonday + 2 * i + twice);
      lookup.set_application_id("app-" + std::to_string(i));
      history.lookups.push_back(ToRecord(lookup));
    }
  }
  testing::WorldOptions options;
  options.replay.partitions = 1;
  const auto signals = Replay(history, options).Of<v1::Signal>(Topic::kSignals);
  ASSERT_EQ(signals.size(), 10U);  // 1 % of 1,000 is ten vehicles
  for (size_t i = 0; i < signals.size(); ++i) {
    EXPECT_EQ(signals[i].kind(), v1::SIGNAL_KIND_PLATES);
    EXPECT_EQ(signals[i].plates(), 10 * (i + 1));
    EXPECT_EQ(signals[i].year(), 2024U);
    EXPECT_EQ(signals[i].yearly_production(), 1'000U);
    EXPECT_EQ(signals[i].cause(), signals[0].cause());
  }
}

// Breaks: more plates than a maker can have made, seen by no task alone and so by nobody; or an alert a vehicle. Seen on
// plates spread over four tasks, none of which has the yearly production (scenario 2).
TEST(GateScenes, PlatesBeyondTheYearlyProductionRaiseOneAlert) {
  History history;
  v1::Certificate certificate = Scoped();
  certificate.set_yearly_production(100);
  history.certificates.push_back(ToRecord(certificate));
  const auto plate = [&](int from, int to, int64_t at) {
    for (int i = from; i < to; ++i) {
      history.lookups.push_back(
          ToRecord(MakeLookup("l" + std::to_string(i), "V-" + std::to_string(i), kNumber, v1::SCENE_PLATE, at + i)));
    }
  };
  plate(0, 100, kMonday);
  testing::WorldOptions options;
  options.replay.partitions = 4;
  EXPECT_TRUE(Replay(history, options).Of<v1::Alert>(Topic::kAlerts).empty()) << "exactly the yearly production";
  plate(100, 103, kMonday);
  const auto alerts = Replay(history, options).Of<v1::Alert>(Topic::kAlerts);
  ASSERT_EQ(alerts.size(), 3U);
  EXPECT_EQ(alerts[0].msg_type(), v1::MESSAGE_TYPE_ALERT);
  EXPECT_EQ(alerts[0].numbers().plates(), 101U);
  EXPECT_EQ(alerts[0].numbers().yearly_production(), 100U);
  EXPECT_EQ(alerts[0].numbers().year(), 2024U);
  EXPECT_EQ(alerts[0].subject().certificate_number(), kNumber);
  EXPECT_EQ(alerts[0].actions(0).code(), "check-production");
  EXPECT_EQ(alerts[2].numbers().plates(), 103U);
  EXPECT_EQ(alerts[2].msg_type(), v1::MESSAGE_TYPE_UPDATE);
  EXPECT_EQ(alerts[2].alert_id(), alerts[0].alert_id());
  // Another year counts for itself.
  const int64_t next_year = 1'735'660'800'000'000;  // 2025-01-01 00:00 UTC+8
  plate(200, 300, next_year);
  EXPECT_EQ(Replay(history, options).Of<v1::Alert>(Topic::kAlerts).size(), 3U);
}

// Breaks: an alert that outlives what it rests on. Seen when the maker declares a larger production.
TEST(GateScenes, ALargerProductionRetractsTheAlert) {
  History history;
  v1::Certificate certificate = Scoped();
  certificate.set_yearly_production(10);
  history.certificates.push_back(ToRecord(certificate));
  const auto plate = [&](const std::string& id, int64_t at) {
    history.lookups.push_back(ToRecord(MakeLookup(id, id, kNumber, v1::SCENE_PLATE, at)));
  };
  for (int i = 0; i < 11; ++i) plate("V-" + std::to_string(i), kMonday + i);
  certificate.set_event_id("fact-larger");
  certificate.set_yearly_production(20);
  certificate.set_received_at(kMonday + limits::kHour);
  certificate.set_effective_at(kMonday + limits::kMinute);
  history.certificates.push_back(ToRecord(certificate));
  plate("later", kMonday + 2 * limits::kHour);
  testing::WorldOptions options;
  options.replay.partitions = 1;
  const auto alerts = Replay(history, options).Of<v1::Alert>(Topic::kAlerts);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].numbers().plates(), 11U);
  EXPECT_EQ(alerts[1].msg_type(), v1::MESSAGE_TYPE_CANCEL);
  EXPECT_EQ(alerts[1].stage(), v1::STAGE_RETRACTED);
  EXPECT_EQ(alerts[1].numbers().yearly_production(), 20U);
}

// Breaks: a copied vehicle code that no office hears of, or hears of once for each look-up. Seen by the alerts.
TEST(GateScenes, AReusedVehicleCodeIsOneAlert) {
  History history;
  history.certificates.push_back(ToRecord(Scoped()));
  const char* applications[] = {"app-1", "app-2", "app-2", "app-1", "app-2", "app-3"};
  for (int i = 0; i < 6; ++i) {
    v1::Lookup lookup = MakeLookup("l" + std::to_string(i), "V-1", kNumber, v1::SCENE_PLATE, kMonday + i);
    lookup.set_application_id(applications[i]);
    lookup.set_region(i == 0 ? "330110" : "440300");
    history.lookups.push_back(ToRecord(lookup));
  }
  const auto alerts = Replay(history, {}).Of<v1::Alert>(Topic::kAlerts);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].subject().vehicle_code(), "V-1");
  EXPECT_EQ(alerts[0].subject().region(), "440300");
  EXPECT_EQ(alerts[0].numbers().applications(), 1U);
  EXPECT_THAT(alerts[0].evidence(), ElementsAre("l1"));
  EXPECT_EQ(alerts[0].actions(0).code(), "inspect-vehicles");
  EXPECT_EQ(alerts[1].alert_id(), alerts[0].alert_id());
  EXPECT_EQ(alerts[1].revision(), 2U);
  EXPECT_THAT(alerts[1].evidence(), ElementsAre("l1", "l5"));
}

}  // namespace
}  // namespace zaojing
