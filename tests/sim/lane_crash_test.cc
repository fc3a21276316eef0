// A lane whose process dies over and over: what the marks of the crash handler make it do.
#include "tests/sim/lane_fixture.h"

namespace zaojing::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using State = Lane::State;

// Breaks if a record that kills the process keeps it dying, if it takes more than three deaths to find it, if a
// neighbour is blamed, or if anything else is lost over it.
TEST_F(LaneTest, PoisonIsSkippedAfterThreeDeaths) {
  Settle();
  world_->AddInputs(10);
  const int64_t killer = world_->broker().Append(kInput, "k", std::string(kPoison), 0);
  world_->AddInputs(10);
  FinishWell();
  EXPECT_EQ(world_->tally().deaths, 3u);
  EXPECT_THAT(world_->notices(), Contains(HasSubstr(absl::StrCat("offset ", killer, " skipped"))));
  EXPECT_THAT(world_->worker(0).marks.Of(0), IsEmpty()) << "the marks outlived the progress";
}

// Breaks if the marks of one killer count for the next: two in one batch cost three deaths each.
TEST_F(LaneTest, TwoPoisonsInOneBatch) {
  Settle();
  for (int i = 0; i < 2; ++i) {
    world_->AddInputs(3);
    world_->broker().Append(kInput, "k", std::string(kPoison), 0);
  }
  FinishWell();
  EXPECT_EQ(world_->tally().deaths, 6u);
}

// Breaks if three deaths over a batch blame one of its records, though none of them died with nothing beside it.
TEST_F(LaneTest, DeathsInCompanyBlameNobody) {
  Settle();
  world_->AddInputs(10);
  for (int death = 0; death < limits::kCrashesBeforeBlame; ++death) {
    ASSERT_TRUE(world_->StepUntil(0, State::kBegin));
    ASSERT_FALSE(lane().work().empty());
    EXPECT_FALSE(lane().work().mark().alone);
    world_->Die(0);
  }
  FinishWell();
  EXPECT_THAT(world_->notices(), Contains(HasSubstr("died 3 times")));
  EXPECT_THAT(world_->notices(), Not(Contains(HasSubstr("skipped"))));
}

// Breaks if a kill from outside counts as a death: no handler runs, so no mark is left.
TEST_F(LaneTest, KillsBlameNobody) {
  Settle();
  world_->AddInputs(10);
  for (int kill = 0; kill < 5; ++kill) {
    ASSERT_TRUE(world_->StepUntil(0, State::kSendOffsets));
    world_->Crash(0);
    world_->Start(0);
  }
  FinishWell();
  EXPECT_THAT(world_->notices(), Not(Contains(HasSubstr("the process died"))));
}

// Breaks if a death that came by chance leaves the lane slow: once the marked record is passed, records come in batches.
TEST_F(LaneTest, OneDeathSlowsOneRecord) {
  Settle();
  world_->AddInputs(100);
  ASSERT_TRUE(world_->StepUntil(0, State::kBegin));
  world_->Die(0);
  const uint64_t before = world_->tally().commits;
  Settle();
  EXPECT_LE(world_->tally().commits - before, 3u) << "before it, itself, after it";
  FinishWell();
}

}  // namespace
}  // namespace zaojing::sim
