// The checkers checked: a client that breaks one rule of exactly once must be found out within a few hundred seeds. A
// bug that stays unseen here means that the green seeds prove nothing about its rule.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tests/sim/sim_chaos.h"

namespace zaojing::sim {
namespace {

// The first violation any seed reports under `bug`, empty when all pass; only those that contain one of `of_kind` count.
std::string FirstViolation(PlantedBug bug, uint64_t seeds, const std::vector<std::string>& of_kind) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    for (const std::string& violation : RunSeed(seed, bug).violations) {
      for (const std::string& kind : of_kind) {
        if (violation.find(kind) == std::string::npos) continue;
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), violation.c_str());
        return violation;
      }
    }
  }
  return "";
}

// Records between the last commit and the abort are never judged.
TEST(PlantedBug, RewindSkippedAfterAbort) {
  EXPECT_NE(FirstViolation(PlantedBug::kNoRewindAfterAbort, 100, {"covers", "differ", "more inputs"}), "");
}

// A crash between offsets and commit: the group is ahead of the changelog.
TEST(PlantedBug, OffsetsOutsideTheTransaction) {
  EXPECT_NE(FirstViolation(PlantedBug::kOffsetsOutside, 200, {"the end of the changelog is missing", "no marker"}), "");
}

// An open transaction hides committed ones behind it.
TEST(PlantedBug, RestoreStopsAtTheLastStableOffset) {
  EXPECT_NE(
      FirstViolation(PlantedBug::kRestoreToLastStable, 1'000, {"the end of the changelog is missing", "no marker"}),
      "");
}

// The late end of the old transaction ends the new one half-way.
TEST(PlantedBug, NoEpochBumpOnResolve) {
  EXPECT_NE(FirstViolation(PlantedBug::kNoEpochBump, 2'000, {"hanging", "differ", "sequence", "chain", "covers"}), "");
}

}  // namespace
}  // namespace zaojing::sim
