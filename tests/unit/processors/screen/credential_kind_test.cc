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
constexpr int64_t kDay = limits::kDay;

v1::Verdict Ask(History history, const v1::Lookup& lookup) {
  history.lookups.push_back(ToRecord(lookup));
  testing::WorldOptions options;
  options.replay.partitions = 1;
  options.every_verdict = true;
  return Replay(history, options).Of<v1::Verdict>(Topic::kVerdicts).back();
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

}  // namespace
}  // namespace zaojing
