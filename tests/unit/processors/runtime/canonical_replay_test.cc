// Canonical order: one answer whatever the commit points; and what the order itself promises.
#include "processors/runtime/canonical_replay.h"

#include <gtest/gtest.h>

#include "proto/limits.h"
#include "tests/support/random_history.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;
using testing::Outcome;
using testing::ToRecord;

// Commit points are bookkeeping: 1, 7 or all in one give the same records in the same order and the same digests. A
// table that reads its own uncommitted writes differently from its committed ones would show here.
TEST(CanonicalReplay, CommitPointsChangeNothing) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    const History history = testing::RandomHistory(seed, {});
    testing::WorldOptions options;
    options.replay.partitions = 4;
    const Outcome whole = Replay(history, options);
    ASSERT_FALSE(whole.outputs.empty());
    for (uint64_t every : {1U, 7U}) {
      options.replay.commit_every = every;
      if (every == 1) options.replay.memory = {1000, 1000};
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
