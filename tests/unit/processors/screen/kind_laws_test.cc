// Goal: no licence and no device registration is stopped under the law of certification, and nobody is sent to a
// certification body about what an authority decided.
#include "processors/screen/kind_laws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::HasSubstr;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using ::testing::Not;
using testing::ToRecord;

constexpr char kLicence[] = "XK16-204-00001";
constexpr char kDevice[] = "国械注准20173210001";
constexpr char kRecord[] = "京械备20170001";
constexpr int64_t kDay = limits::kDay;

// What is on sale and was made after the status of what it shows changed; `needed` of its product code.
v1::Takedown Stopped(const std::string& number, v1::CertificateStatus status, v1::CredentialKind needed) {
  History history;
  history.control.push_back(ToRecord(testing::MakeRequired("r", "06-04", kMonday - kDay, {needed}, kMonday)));
  for (const v1::CertificateStatus now : {v1::CERTIFICATE_STATUS_VALID, status}) {
    const int64_t at = kMonday + (now == status ? kDay : 0);
    v1::Certificate fact = MakeCertificate("fact-" + std::to_string(at), number, now, at, at);
    fact.set_kind(needed);
    history.certificates.push_back(ToRecord(fact));
  }
  v1::Lookup lookup = MakeLookup("l1", "item", number, v1::SCENE_ON_SALE, kMonday + 3 * kDay);
  lookup.set_product_code("06-04");
  lookup.set_made_at(kMonday + kDay);
  history.lookups.push_back(ToRecord(lookup));
  const auto takedowns = Replay(history, {}).Of<v1::Takedown>(Topic::kTakedowns);
  EXPECT_EQ(takedowns.size(), 1U) << number;
  return takedowns.empty() ? v1::Takedown() : takedowns.back();
}

// Breaks: a shop told to ask a certification body about a licence that a bureau revoked, under a law that is not about it.
TEST(KindLaws, AnInstructionStandsOnTheLawOfWhatIsShown) {
  const struct {
    const char* number;
    v1::CredentialKind needed;
    const char* law;
  } cases[] = {
      {kLicence, v1::CREDENTIAL_KIND_PRODUCTION_LICENCE, "工业产品生产许可证管理条例第五条"},
      {kDevice, v1::CREDENTIAL_KIND_DEVICE_REGISTRATION, "医疗器械监督管理条例第五十五条"},
      {kRecord, v1::CREDENTIAL_KIND_DEVICE_RECORD, "医疗器械监督管理条例第五十五条"},
  };
  for (const auto& c : cases) {
    for (const v1::CertificateStatus status :
         {v1::CERTIFICATE_STATUS_REVOKED, v1::CERTIFICATE_STATUS_SUSPENDED, v1::CERTIFICATE_STATUS_CANCELLED}) {
      const v1::Takedown takedown = Stopped(c.number, status, c.needed);
      EXPECT_THAT(takedown.legal_basis(), HasSubstr(c.law)) << c.number;
      EXPECT_THAT(takedown.legal_basis(), Not(HasSubstr("认证认可条例"))) << c.number;
      EXPECT_EQ(takedown.appeal_route(), v1::APPEAL_ROUTE_RECONSIDERATION) << c.number;
      EXPECT_THAT(takedown.appeal(), HasSubstr("行政复议")) << c.number;
    }
  }
  const v1::Takedown ccc = Stopped("2022010907454871", v1::CERTIFICATE_STATUS_REVOKED, v1::CREDENTIAL_KIND_CCC);
  EXPECT_THAT(ccc.legal_basis(), HasSubstr("认证认可条例"));
  EXPECT_EQ(ccc.appeal_route(), v1::APPEAL_ROUTE_CERTIFICATION_BODY);
}

// Breaks: a row that is added to the shipped table and forgotten here. Seen over every row, whatever it decides.
TEST(KindLaws, NoRowCitesCertificationForWhatIsNone) {
  const v1::RuleSet& rules = testing::DefaultRules();
  const KindLaws laws(rules);
  for (const v1::CredentialKind kind : {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE, v1::CREDENTIAL_KIND_DEVICE_REGISTRATION,
                                        v1::CREDENTIAL_KIND_DEVICE_RECORD}) {
    Question question;
    question.shown = kind;
    question.needed = kind;
    for (const v1::DecisionRow& row : rules.decisions()) {
      const v1::KindLaw* law = laws.Of(row, question);
      const bool own = row.reason() == v1::REASON_NO_CREDENTIAL || row.reason() == v1::REASON_REGISTRY_STALE ||
                       row.reason() == v1::REASON_NOT_REQUIRED || row.reason() == v1::REASON_VEHICLE_MISMATCH ||
                       row.reason() == v1::REASON_VEHICLE_REUSED;
      EXPECT_EQ(law == nullptr, own) << row.id();
      EXPECT_THAT(law == nullptr ? "" : law->legal_basis(), Not(HasSubstr("认证"))) << row.id();
    }
  }
}

// What is shown in place of what is needed is a matter of the law that needs it.
TEST(KindLaws, TheWrongCredentialIsStoppedByTheLawThatNeedsAnother) {
  const KindLaws laws(testing::DefaultRules());
  v1::DecisionRow row;
  row.set_reason(v1::REASON_OTHER_CREDENTIAL);
  Question question;
  question.shown = v1::CREDENTIAL_KIND_PRODUCTION_LICENCE;
  question.needed = v1::CREDENTIAL_KIND_CCC;
  EXPECT_EQ(laws.Of(row, question), nullptr);
  std::swap(question.shown, question.needed);
  ASSERT_NE(laws.Of(row, question), nullptr);
  EXPECT_THAT(laws.Of(row, question)->legal_basis(), HasSubstr("生产许可证"));
}

}  // namespace
}  // namespace zaojing
