// Canonical order: one answer whatever the commit points; and what the order itself promises.
#include "processors/runtime/canonical_replay.h"

#include <gtest/gtest.h>

#include <random>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;
using testing::Outcome;
using testing::ToRecord;

// A history with everything in it: racing facts, equal times, late records, rejects, day rolls.
History RandomHistory(uint32_t seed) {
  std::mt19937 random(seed);
  const auto pick = [&](uint32_t n) { return static_cast<uint32_t>(random()) % n; };
  History history;
  constexpr v1::CertificateStatus kStatuses[] = {v1::CERTIFICATE_STATUS_VALID, v1::CERTIFICATE_STATUS_SUSPENDED,
                                                 v1::CERTIFICATE_STATUS_REVOKED, v1::CERTIFICATE_STATUS_CANCELLED};
  int64_t now = kMonday;
  for (int i = 0; i < 400; ++i) {
    now += static_cast<int64_t>(pick(4)) * limits::kHour;
    const int64_t at = now - static_cast<int64_t>(pick(3)) * limits::kHour;
    const std::string number = "202201160645487" + std::to_string(pick(6));
    const std::string id = "e" + std::to_string(i);
    if (pick(8) == 0) {
      auto fact = testing::MakeCertificate(id, number, kStatuses[pick(4)], at - limits::kHour, at);
      if (pick(2) == 0) fact.set_valid_until(at + static_cast<int64_t>(pick(5)) * limits::kDay);
      history.certificates.push_back(ToRecord(fact));
    } else {
      const auto scene = static_cast<v1::Scene>(1 + pick(4));
      history.lookups.push_back(
          ToRecord(testing::MakeLookup(id, "item" + std::to_string(pick(40)), number, scene, at)));
      if (pick(20) == 0) history.lookups.back().value.resize(5);
    }
    history.complaints.push_back(ToRecord(
        testing::MakeComplaint("c" + std::to_string(pick(300)), 1 + pick(3), "M" + std::to_string(pick(3)), "p", at)));
  }
  return history;
}

// Commit points are bookkeeping: 1, 7 or all in one give the same records in the same order and the same digests. A
// table that reads its own uncommitted writes differently from its committed ones would show here.
TEST(CanonicalReplay, CommitPointsChangeNothing) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    const History history = RandomHistory(seed);
    testing::WorldOptions options;
    options.replay.partitions = 4;
    const Outcome whole = Replay(history, options);
    ASSERT_FALSE(whole.outputs.empty());
    for (uint64_t every : {1U, 7U}) {
      options.replay.commit_every = every;
      options.replay.cache_bytes_max = every == 1 ? 1000 : 256 << 20;
      const Outcome other = Replay(history, options);
      EXPECT_EQ(whole.digests, other.digests) << "seed " << seed;
      ASSERT_EQ(whole.outputs.size(), other.outputs.size()) << "seed " << seed;
      for (size_t i = 0; i < whole.outputs.size(); ++i) {
        EXPECT_EQ(whole.outputs[i].value, other.outputs[i].value) << "seed " << seed << " output " << i;
      }
    }
  }
}

// Ties: a fact and a look-up of the same instant are judged fact first, because what is known ranks before what is
// asked; a late look-up is judged at its task's clock, not at its own.
TEST(CanonicalReplay, FactsComeBeforeLookupsOfTheSameInstant) {
  History history;
  constexpr char kNumber[] = "2022011606454871";
  history.certificates.push_back(
      ToRecord(testing::MakeCertificate("f1", kNumber, v1::CERTIFICATE_STATUS_REVOKED, kMonday, kMonday + 5)));
  history.lookups.push_back(ToRecord(testing::MakeLookup("l1", "a", kNumber, v1::SCENE_PUBLISH, kMonday + 5)));
  const auto verdicts = Replay(history, {}).Of<v1::Verdict>(Topic::kVerdicts);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].reason(), v1::REASON_REVOKED);
}

}  // namespace
}  // namespace zaojing
