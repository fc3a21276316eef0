#include "processors/reference/registry.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/models/fold.h"
#include "proto/limits.h"
#include "tests/support/events.h"
#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

using testing::kMonday;
using testing::MakeCertificate;

constexpr char kNumber[] = "2022011606454871";
const CredentialId kId = ParseCredentialNumber(kNumber).id;
constexpr int64_t kDay = limits::kDay;

RegistryCursor UpTo(int64_t certificates) {
  RegistryCursor cursor;
  cursor.certificates = certificates;
  return cursor;
}

template <typename Event>
void Append(Registry& registry, Topic topic, const Event& event, const std::string& key) {
  const std::string value = event.SerializeAsString();
  Record record;
  record.topic = topic;
  record.key = key;
  record.value = value;
  registry.Append(record);
}

void Append(Registry& registry, const v1::Certificate& certificate) {
  Append(registry, Topic::kCertificates, certificate, certificate.number());
}

// Breaks: a late fact that does not correct what held before it, or one seen by a task it has not reached. Seen by asking
// at every cursor.
TEST(Registry, IsBitemporal) {
  Registry registry;
  Append(registry, MakeCertificate("f0", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - 10 * kDay, kMonday));
  Append(registry, MakeCertificate("f1", kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday + kDay, kMonday + 1));
  Append(registry, MakeCertificate("f2", kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMonday - kDay, kMonday + 2));
  EXPECT_FALSE(registry.Find(kId, kMonday, UpTo(0)).has_value());
  EXPECT_EQ(registry.Find(kId, kMonday, UpTo(1))->status, v1::CERTIFICATE_STATUS_VALID);
  EXPECT_EQ(registry.Find(kId, kMonday, UpTo(2))->status, v1::CERTIFICATE_STATUS_VALID);
  EXPECT_EQ(registry.Find(kId, kMonday, UpTo(3))->status, v1::CERTIFICATE_STATUS_SUSPENDED);
  EXPECT_EQ(registry.Find(kId, kMonday, UpTo(3))->fact->event_id, "f2");
  EXPECT_EQ(registry.Find(kId, kMonday + kDay - 1, UpTo(3))->status, v1::CERTIFICATE_STATUS_SUSPENDED);
  EXPECT_EQ(registry.Find(kId, kMonday + kDay, UpTo(3))->status, v1::CERTIFICATE_STATUS_REVOKED);
  EXPECT_TRUE(registry.Find(kId, kMonday - 11 * kDay, UpTo(3))->not_yet_valid);
}

// Breaks: the first instant of expiry or of validity judged as the last one before it. Seen at both instants.
TEST(Registry, ValidityEndsAtItsInstant) {
  Registry registry;
  v1::Certificate fact = MakeCertificate("f0", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - kDay, kMonday);
  fact.set_valid_from(kMonday);
  fact.set_valid_until(kMonday + kDay);
  Append(registry, fact);
  EXPECT_TRUE(registry.Find(kId, kMonday - 1, UpTo(1))->not_yet_valid);
  EXPECT_FALSE(registry.Find(kId, kMonday, UpTo(1))->not_yet_valid);
  EXPECT_EQ(registry.Find(kId, kMonday + kDay - 1, UpTo(1))->status, v1::CERTIFICATE_STATUS_VALID);
  EXPECT_EQ(registry.Find(kId, kMonday + kDay, UpTo(1))->status, v1::CERTIFICATE_STATUS_EXPIRED);
  EXPECT_EQ(registry.Find(kId, kMonday + kDay, UpTo(1))->since, kMonday + kDay);
}

struct Told {
  v1::CertificateStatus status;
  int64_t day;        // from which on it is so
  int64_t until = 0;  // day on which a validity ends; 0 = not stated
};
struct EndCase {
  const char* what;
  std::vector<Told> facts;
  int64_t not_valid_since;  // day, asked on day 9
};

constexpr auto kValid = v1::CERTIFICATE_STATUS_VALID;
constexpr auto kSuspended = v1::CERTIFICATE_STATUS_SUSPENDED;
constexpr auto kCancelled = v1::CERTIFICATE_STATUS_CANCELLED;
const EndCase kEnds[] = {
    {"suspended, then cancelled", {{kValid, 1}, {kSuspended, 3}, {kCancelled, 6}}, 3},
    {"in another order of arrival", {{kCancelled, 6}, {kSuspended, 3}, {kValid, 1}}, 3},
    {"valid in between", {{kValid, 1}, {kSuspended, 3}, {kValid, 5}, {kCancelled, 6}}, 6},
    {"valid in between, and run out", {{kValid, 1}, {kSuspended, 3}, {kValid, 4, 5}, {kCancelled, 6}}, 5},
    {"run out before it was said", {{kValid, 1, 2}, {v1::CERTIFICATE_STATUS_EXPIRED, 6}}, 2},
    {"run out while suspended", {{kValid, 1, 4}, {kSuspended, 3}, {kCancelled, 6}}, 3},
    {"run out", {{kValid, 1, 4}}, 4},
    {"told valid again when it had run out", {{kValid, 1, 4}, {kValid, 6, 5}}, 4},
    {"corrected on its day", {{kValid, 1}, {kSuspended, 3}, {kValid, 5}, {kSuspended, 5}, {kCancelled, 6}}, 3},
    {"never known as valid", {{kSuspended, 3}, {kCancelled, 6}}, 3},
    {"valid later on", {{kValid, 1}, {kSuspended, 3}, {kValid, 10}}, 3},
};

// Breaks: an end of validity that is as young as the newest fact about it, so that goods made after the end are taken for
// older. Seen by the day, whatever the order of arrival.
TEST(Registry, KnowsSinceWhenACertificateIsNotValid) {
  for (const EndCase& c : kEnds) {
    Registry registry;
    for (const Told& told : c.facts) {
      v1::Certificate fact = MakeCertificate("f", kNumber, told.status, kMonday + told.day * kDay, kMonday + 9 * kDay);
      if (told.until != 0) fact.set_valid_until(kMonday + told.until * kDay);
      Append(registry, fact);
    }
    const auto cursor = UpTo(static_cast<int64_t>(c.facts.size()));
    const auto view = registry.Find(kId, kMonday + 9 * kDay, cursor);
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ((registry.NotValidSince(*view) - kMonday) / kDay, c.not_valid_since) << c.what;
  }
}

// Breaks: a suspension that makes a certificate one of nobody and for nothing, or a corrected scope that reaches back
// beyond its date. Seen on the scope at each status.
TEST(Registry, AFactWithoutScopeLeavesItAsItWas) {
  Registry registry;
  v1::Certificate first = MakeCertificate("f0", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - 10 * kDay, kMonday);
  first.set_holder("甲");
  first.add_models("A-100");
  Append(registry, first);
  Append(registry, MakeCertificate("f1", kNumber, v1::CERTIFICATE_STATUS_SUSPENDED, kMonday, kMonday));
  v1::Certificate changed = first;
  changed.set_event_id("f2");
  changed.set_effective_at(kMonday + kDay);
  changed.set_holder("乙");
  Append(registry, changed);
  const auto holder = [&](int64_t at, int64_t cursor) {
    const CertificateScope* scope = registry.ScopeOf(*registry.Find(kId, at, UpTo(cursor)));
    return scope == nullptr ? "none" : std::string(registry.scopes().PartyAt(scope->holder).name);
  };
  EXPECT_EQ(holder(kMonday, 3), "甲");
  EXPECT_EQ(registry.Find(kId, kMonday, UpTo(3))->status, v1::CERTIFICATE_STATUS_SUSPENDED);
  EXPECT_EQ(holder(kMonday + kDay, 3), "乙");
  EXPECT_EQ(holder(kMonday + kDay, 2), "甲");
  // A status that was known before any scope takes the earliest one.
  Append(registry, MakeCertificate("f3", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - 20 * kDay, kMonday));
  EXPECT_EQ(holder(kMonday - 15 * kDay, 4), "甲");
  Registry bare;
  Append(bare, MakeCertificate("f0", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday));
  EXPECT_EQ(bare.ScopeOf(*bare.Find(kId, kMonday, UpTo(1))), nullptr);
}

// Breaks: a renewal that counts before its day, or puts a certificate back in force that was suspended meanwhile. Seen on
// status, scope and the deciding fact, day by day.
TEST(Registry, ARenewalWaitsForItsDay) {
  Registry registry;
  v1::Certificate issued = MakeCertificate("issued", kNumber, kValid, kMonday, kMonday);
  issued.set_valid_until(kMonday + 10 * kDay);
  issued.set_holder("甲");
  Append(registry, issued);
  v1::Certificate renewal = MakeCertificate("renewal", kNumber, kValid, kMonday + 2 * kDay, kMonday);
  renewal.set_valid_from(kMonday + 10 * kDay);
  renewal.set_holder("乙");
  Append(registry, renewal);
  Append(registry, MakeCertificate("suspended", kNumber, kSuspended, kMonday + 6 * kDay, kMonday));
  const auto seen = [&](int64_t day, int64_t cursor) {
    const CertificateView view = *registry.Find(kId, kMonday + day * kDay, UpTo(cursor));
    const CertificateScope* scope = registry.ScopeOf(view);
    return std::string(view.fact->event_id) + (view.not_yet_valid ? " not yet, " : ", ") +
           std::string(registry.scopes().PartyAt(scope->holder).name);
  };
  EXPECT_EQ(seen(9, 2), "issued, 甲");
  EXPECT_EQ(seen(10, 2), "renewal, 乙");
  EXPECT_EQ(seen(9, 3), "suspended, 甲");
  EXPECT_EQ(seen(10, 3), "suspended, 乙");
  EXPECT_EQ(registry.NotValidSince(*registry.Find(kId, kMonday + 12 * kDay, UpTo(3))), kMonday + 6 * kDay);
  Registry alone;
  Append(alone, renewal);
  EXPECT_TRUE(alone.Find(kId, kMonday + 5 * kDay, UpTo(1))->not_yet_valid);
  EXPECT_FALSE(alone.Find(kId, kMonday + 10 * kDay, UpTo(1))->not_yet_valid);
}

// Breaks: a credential of another kind mixed up with a certificate, or lost. Seen by asking for both.
TEST(Registry, HoldsEveryKindOfCredential) {
  Registry registry;
  Append(registry, MakeCertificate("f0", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday));
  v1::Certificate licence = MakeCertificate("f1", "XK13-014-00123", v1::CERTIFICATE_STATUS_CANCELLED, kMonday, kMonday);
  licence.set_kind(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
  Append(registry, licence);
  const auto found = registry.Find(ParseCredentialNumber("(京)XK13-014-00123").id, kMonday, UpTo(2));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->status, v1::CERTIFICATE_STATUS_CANCELLED);
  EXPECT_EQ(registry.At(Topic::kCertificates, 1).credential, ParseCredentialNumber("XK13-014-00123").id);
  EXPECT_EQ(registry.Find(kId, kMonday, UpTo(2))->status, v1::CERTIFICATE_STATUS_VALID);
}

// Breaks: a bad reference record that shifts the positions after it, or loses its bytes. Seen by stepping over it.
TEST(Registry, ABadRecordKeepsItsPlaceAndBytes) {
  Registry registry;
  Record bad;
  bad.topic = Topic::kRecalls;
  bad.key = "R-1";
  bad.value = "\xff\xff";
  bad.offset = 7;
  registry.Append(bad);
  Append(registry, Topic::kRecalls, samples::Recall(), "R-1");
  ASSERT_EQ(registry.size(Topic::kRecalls), 2);
  EXPECT_EQ(registry.At(Topic::kRecalls, 0).reason, v1::DEAD_LETTER_REASON_UNPARSABLE);
  EXPECT_EQ(registry.At(Topic::kRecalls, 0).value, bad.value);
  EXPECT_EQ(registry.At(Topic::kRecalls, 0).offset, 7);
  EXPECT_EQ(registry.At(Topic::kRecalls, 0).received_at, 0);
  EXPECT_EQ(registry.At(Topic::kRecalls, 1).event_id, "recall-1");
  EXPECT_EQ(registry.At(Topic::kRecalls, 1).reason, v1::DEAD_LETTER_REASON_UNSPECIFIED);
}

// Breaks: a firm that changed its name taken for another one, or a name known before its fact arrived. Seen by cursor.
TEST(Registry, EnterprisesKeepTheirFormerNames) {
  Registry registry;
  v1::Enterprise enterprise = samples::Enterprise();
  Append(registry, Topic::kEnterprises, enterprise, enterprise.uscc());
  enterprise.set_name("新名有限公司");
  enterprise.set_tier(v1::ENTERPRISE_TIER_A);
  enterprise.set_effective_at(samples::kNow + kDay);
  Append(registry, Topic::kEnterprises, enterprise, enterprise.uscc());
  const EnterpriseTable& table = registry.enterprises();
  EXPECT_EQ(table.Find(enterprise.uscc(), samples::kNow, 2)->tier, v1::ENTERPRISE_TIER_B);
  EXPECT_EQ(table.Find(enterprise.uscc(), samples::kNow + kDay, 2)->name, "新名有限公司");
  EXPECT_FALSE(table.Find(enterprise.uscc(), samples::kNow - 1, 2).has_value());
  const uint64_t uscc = NameHash(enterprise.uscc());
  EXPECT_TRUE(table.HasName(uscc, NameHash("某电子有限公司"), 2));
  EXPECT_TRUE(table.HasName(uscc, NameHash("新名有限公司"), 2));
  EXPECT_FALSE(table.HasName(uscc, NameHash("新名有限公司"), 1));
}

// Breaks: a table that keeps what it does not need, so that five million certificates do not fit. Seen by counting.
TEST(Registry, ACertificateCostsLittle) {
  Registry registry;
  constexpr int kCount = 20'000;
  for (int i = 0; i < kCount; ++i) {
    v1::Certificate fact =
        MakeCertificate("0123456789abcdef0123456789abcdef" + std::to_string(i), std::to_string(2022011606000000 + i),
                        v1::CERTIFICATE_STATUS_VALID, kMonday, kMonday);
    fact.set_valid_until(kMonday + 1000 * kDay);
    const std::string firm = "某某某某电器有限公司" + std::to_string(i / 8);
    fact.set_holder(firm);
    fact.set_maker(firm);
    fact.set_factory(firm);
    for (int m = 0; m < 10; ++m) fact.add_models("KFR-" + std::to_string(i * 10 + m));
    Append(registry, fact);
  }
  std::printf("%zu bytes a certificate\n", registry.bytes() / kCount);
  EXPECT_LT(registry.bytes() / kCount, 450U);
}

}  // namespace
}  // namespace zaojing
