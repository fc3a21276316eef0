// Which kind of credential goods show and which they need, through the canonical replay.
#include <gtest/gtest.h>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using testing::MakeRequired;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr char kLicence[] = "XK13-014-00123";
constexpr int64_t kDay = limits::kDay;
constexpr int64_t kMandatory = kMonday + 20 * kDay;  // from here on a licence will not do

v1::Verdict Ask(History history, const v1::Lookup& lookup) {
  history.lookups.push_back(ToRecord(lookup));
  testing::WorldOptions options;
  options.replay.partitions = 1;
  options.every_verdict = true;
  return Replay(history, options).Of<v1::Verdict>(Topic::kVerdicts).back();
}

struct LicenceCase {
  v1::CertificateStatus status;  // of the licence shown; UNSPECIFIED = there is no such licence
  v1::Scene scene;
  int64_t made_at;
  const char* row;
};

constexpr int64_t kBeforeMandatory = kMandatory - kDay;
constexpr int64_t kLongBefore = kMonday - kDay;  // before the status began
const LicenceCase kLicences[] = {
    {v1::CERTIFICATE_STATUS_VALID, v1::SCENE_ON_SALE, kBeforeMandatory, "other-credential-made-before"},
    {v1::CERTIFICATE_STATUS_REVOKED, v1::SCENE_ON_SALE, kBeforeMandatory, "revoked"},
    {v1::CERTIFICATE_STATUS_REVOKED, v1::SCENE_PUBLISH, kBeforeMandatory, "revoked"},  // either blocks
    {v1::CERTIFICATE_STATUS_UNSPECIFIED, v1::SCENE_ON_SALE, kBeforeMandatory, "not-found"},
    {v1::CERTIFICATE_STATUS_SUSPENDED, v1::SCENE_ON_SALE, kBeforeMandatory, "suspended-made-after"},
    {v1::CERTIFICATE_STATUS_SUSPENDED, v1::SCENE_ON_SALE, kLongBefore, "suspended"},  // a person looks, for either
    {v1::CERTIFICATE_STATUS_SUSPENDED, v1::SCENE_ON_SALE, 0, "other-credential"},
    {v1::CERTIFICATE_STATUS_CANCELLED, v1::SCENE_ON_SALE, kLongBefore, "other-credential-made-before"},
    {v1::CERTIFICATE_STATUS_EXPIRED, v1::SCENE_CHECKOUT, kMandatory, "expired-made-after"},
};

// Breaks: a revoked or invented licence that passes for goods made before a certificate was needed, because it is of
// the wrong kind anyway. Seen by the row: the stricter of the two questions, and of two as strict the licence's own.
TEST(CredentialKind, WhatIsWrongWithTheCredentialItselfCountsToo) {
  for (const LicenceCase& c : kLicences) {
    History history;
    const bool known = c.status != v1::CERTIFICATE_STATUS_UNSPECIFIED;
    v1::Certificate licence = MakeCertificate("licence", known ? kLicence : "XK13-014-00999",
                                              known ? c.status : v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday);
    licence.set_kind(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
    history.certificates.push_back(ToRecord(licence));
    history.control.push_back(
        ToRecord(MakeRequired("r0", "0907", 1'000, {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}, kMonday)));
    history.control.push_back(ToRecord(MakeRequired("r1", "0907", kMandatory, {v1::CREDENTIAL_KIND_CCC}, kMonday)));
    v1::Lookup lookup = MakeLookup("l1", "item", kLicence, c.scene, kMandatory + kDay);
    lookup.set_product_code("0907");
    lookup.set_made_at(c.made_at);
    lookup.set_shipment_proven(true);
    const v1::Verdict verdict = Ask(history, lookup);
    EXPECT_EQ(verdict.row(), c.row) << v1::CertificateStatus_Name(c.status) << " " << c.made_at;
    const bool own = verdict.reason() != v1::REASON_OTHER_CREDENTIAL && verdict.reason() != v1::REASON_NOT_FOUND;
    EXPECT_EQ(verdict.decisive_fact(), own ? "licence" : "l1") << c.row;
  }
}

// Breaks: an answer in one scene that keeps another one's for goods on sale: what blocks the publication of goods made
// before is for a person once they are on sale. Seen by the instruction.
TEST(CredentialKind, GoodsOnSaleAreJudgedAsSuch) {
  History history;
  v1::Certificate licence =
      MakeCertificate("licence", kLicence, v1::CERTIFICATE_STATUS_CANCELLED, kMandatory - 5 * kDay, kMonday);
  licence.set_kind(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
  history.certificates.push_back(ToRecord(licence));
  history.control.push_back(ToRecord(MakeRequired("r1", "0907", kMandatory, {v1::CREDENTIAL_KIND_CCC}, kMonday)));
  v1::Lookup lookup = MakeLookup("l1", "item", kLicence, v1::SCENE_ON_SALE, kMandatory + kDay);
  lookup.set_product_code("0907");
  lookup.set_made_at(kMonday);
  lookup.set_shipment_proven(true);
  history.lookups.push_back(ToRecord(lookup));
  lookup.set_scene(v1::SCENE_PUBLISH);
  lookup.set_event_id("l2");
  history.lookups.push_back(ToRecord(lookup));
  testing::WorldOptions options;
  options.replay.partitions = 1;
  options.every_verdict = true;
  const testing::Outcome outcome = Replay(history, options);
  EXPECT_EQ(outcome.Of<v1::Verdict>(Topic::kVerdicts).back().row(), "cancelled-before-sale");
  const auto takedowns = outcome.Of<v1::Takedown>(Topic::kTakedowns);
  ASSERT_EQ(takedowns.size(), 1U);
  EXPECT_EQ(takedowns[0].row(), "other-credential-made-before");
  EXPECT_EQ(takedowns[0].instruction(), v1::INSTRUCTION_REVIEW_REQUESTED);
}

struct KindCase {
  v1::CredentialKind stated;  // by the first fact
  v1::CredentialKind needed;
  const char* row;
};

const KindCase kKinds[] = {
    {v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, v1::CREDENTIAL_KIND_CCC, "other-credential"},
    {v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, "valid"},
    {v1::CREDENTIAL_KIND_CCC, v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, "valid"},
    {v1::CREDENTIAL_KIND_UNSPECIFIED, v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, "valid"},
    {v1::CREDENTIAL_KIND_UNSPECIFIED, v1::CREDENTIAL_KIND_CCC, "valid"},
    {v1::CREDENTIAL_KIND_CCC_SELF_DECLARED, v1::CREDENTIAL_KIND_NONE, "valid"},
};

// Breaks: a maker's own declaration that passes where a body's certificate is needed. Seen by the row, also once a later
// fact states no kind.
TEST(CredentialKind, ASelfDeclarationIsNoCertificate) {
  for (const KindCase& c : kKinds) {
    for (const bool again : {false, true}) {
      History history;
      v1::Certificate fact = MakeCertificate("f1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - kDay, kMonday);
      fact.set_kind(c.stated);
      history.certificates.push_back(ToRecord(fact));
      const auto restated = MakeCertificate("f2", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday);
      if (again) history.certificates.push_back(ToRecord(restated));
      history.control.push_back(ToRecord(MakeRequired("r1", "0907", 1'000, {c.needed}, kMonday)));
      v1::Lookup lookup = MakeLookup("l1", "item", kNumber, v1::SCENE_PUBLISH, kMonday + 1);
      lookup.set_product_code("0907");
      EXPECT_EQ(Ask(history, lookup).row(), c.row)
          << v1::CredentialKind_Name(c.stated) << " for " << v1::CredentialKind_Name(c.needed) << " " << again;
    }
  }
}

// Breaks: goods that need nothing any more stopped, or goods that need another credential let through, because the
// listing leaves out a code that the number it shows says.
TEST(CredentialKind, TheCodeInTheNumberSaysWhatIsNeeded) {
  const struct {
    v1::CredentialKind needed;
    v1::CertificateStatus status;
    const char* row;
  } cases[] = {
      {v1::CREDENTIAL_KIND_NONE, v1::CERTIFICATE_STATUS_CANCELLED, "cancelled-not-required"},
      {v1::CREDENTIAL_KIND_CCC, v1::CERTIFICATE_STATUS_CANCELLED, "cancelled-before-sale"},
      {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE, v1::CERTIFICATE_STATUS_VALID, "other-credential"},
      {v1::CREDENTIAL_KIND_CCC, v1::CERTIFICATE_STATUS_VALID, "valid"},
  };
  for (const auto& c : cases) {
    for (const char* code : {"", "0907"}) {
      History history;
      history.control.push_back(ToRecord(MakeRequired("r1", "0907", kMonday - kDay, {c.needed}, kMonday)));
      history.certificates.push_back(ToRecord(MakeCertificate("fact", kNumber, c.status, kMonday - kDay, kMonday)));
      v1::Lookup lookup = MakeLookup("l1", "item", kNumber, v1::SCENE_PUBLISH, kMonday + kDay);
      lookup.set_product_code(code);
      const v1::Verdict verdict = Ask(history, lookup);
      EXPECT_EQ(verdict.row(), c.row) << "claims " << code;
      EXPECT_EQ(verdict.required(), c.needed) << "claims " << code;
    }
  }
}

}  // namespace
}  // namespace zaojing
