// Another version of the program starts on what the one before has left: inputs gained and lost, formats, meanings.
#include "tests/sim/lane_fixture.h"

namespace zaojing::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using State = Lane::State;

// Breaks if a stage that reads a further topic has no place for it in the marker and dies of that, skips what is in the
// topic, or reads what it has read before again. Seen by the oracle, whose journal must cover both topics once.
TEST_F(LaneTest, GainedInputIsReadFromItsBeginning) {
  for (const bool disk_lost : {false, true}) {
    Make({});
    Settle();
    Flush();
    world_->Crash(0);
    world_->PassTime(limits::kSessionTimeout + limits::kSecond);
    if (disk_lost) disk().Remove("screen-0");
    world_->SetStageInputs({Topic::kLookups, Topic::kTakedowns});
    world_->AddInputs(40);
    EXPECT_GT(world_->broker().High({Topic::kTakedowns, 0}), 0);
    world_->Start(0);
    ASSERT_TRUE(world_->StepUntil(0, State::kRunning));
    FinishWell();
    EXPECT_THAT(world_->notices(), Contains(HasSubstr("takedowns is new to this task")));
    EXPECT_THAT(world_->notices(), Not(Contains(HasSubstr("of the marker counts")))) << "the group was not reset";
    EXPECT_EQ(world_->tally().rebuilds, 0u);
  }
}

// Breaks if the gained topic's place is believed from the group, where somebody else may have left one.
TEST_F(LaneTest, GainedInputIgnoresTheGroupsOffset) {
  Settle();
  world_->Crash(0);
  world_->PassTime(limits::kSessionTimeout + limits::kSecond);
  world_->SetStageInputs({Topic::kLookups, Topic::kTakedowns});
  world_->AddInputs(40);
  const CommittedOffset stale{{Topic::kTakedowns, 0}, 3, "7:somebody's"};
  world_->broker().SetOffsets("screen", {&stale, 1});
  world_->Start(0);
  FinishWell();
}

// Breaks if the first commit after the gain, which is uncertain, is decided by the group's silence about the new topic.
TEST_F(LaneTest, GainedInputAndTheFirstCommitIsUncertain) {
  Settle();
  world_->Crash(0);
  world_->PassTime(limits::kSessionTimeout + limits::kSecond);
  world_->SetStageInputs({Topic::kLookups, Topic::kTakedowns});
  world_->AddInputs(40);
  world_->faults().Script(Call::kCommit, Fault::kRequestLost);
  world_->Start(0);
  FinishWell();
}

// Breaks if the place of a topic that is not read any more is forgotten: a version that reads it again would judge it
// from its beginning.
TEST_F(LaneTest, LostInputIsRefused) {
  WorldOptions options;
  options.inputs = {Topic::kLookups, Topic::kTakedowns};
  Make(options);
  Settle();
  world_->Crash(0);
  world_->PassTime(limits::kSessionTimeout + limits::kSecond);
  world_->SetStageInputs({Topic::kLookups});
  world_->Start(0);
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("has read takedowns up to offset"));
}

class VersionTest : public LaneTest {
 protected:
  // After a settled and flushed run, with no worker running.
  void SetUp() override {
    LaneTest::SetUp();
    Settle();
    Flush();
    world_->Crash(0);
    std::string bytes;
    ASSERT_TRUE(*disk().At("screen-0").Get(kMarkerKey, &bytes) && marker_.ParseFromString(bytes));
  }
  void PutIntoChangelog() { world_->broker().Append(kChangelog, kMarkerKey, marker_.SerializeAsString(), 0); }
  void PutIntoStore() {
    const std::string bytes = marker_.SerializeAsString();
    const StateChange change{kMarkerKey, bytes};
    ASSERT_TRUE(disk().At("screen-0").ApplyCommitted({&change, 1}).ok());
    ASSERT_TRUE(disk().At("screen-0").Flush().ok());
  }
  std::string InStore() {
    std::string bytes;
    return *disk().At("screen-0").Get(kMarkerKey, &bytes) ? bytes : "";
  }
  static std::string Found(uint32_t format, uint32_t meaning) {
    return "has state of format " + std::to_string(format) + ", meaning " + std::to_string(meaning);
  }
  void ExpectRefused(const std::string& text) {
    world_->Start(0);
    const absl::Status status = RunToFailure();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(text));
    EXPECT_THAT(std::string(status.message()), HasSubstr("run the version that wrote it"));
  }

  v1::Marker marker_;
};

// Breaks if entries of another format are put onto a store of this one: whichever version opens it next reads rubbish.
TEST_F(VersionTest, ChangelogOfANewerFormat) {
  const std::string before = InStore();
  marker_.set_format_version(kStateFormatVersion + 1);
  marker_.set_sequence(marker_.sequence() + 1);
  PutIntoChangelog();
  ExpectRefused(Found(kStateFormatVersion + 1, 1));
  EXPECT_EQ(InStore(), before);
  world_->Crash(0);
  disk().Remove("screen-0");
  ExpectRefused(Found(kStateFormatVersion + 1, 1));
}

// Breaks if an old program that is started by mistake throws a new program's store away.
TEST_F(VersionTest, StoreOfANewerFormat) {
  marker_.set_format_version(kStateFormatVersion + 1);
  PutIntoStore();
  ExpectRefused(Found(kStateFormatVersion + 1, 1));
  EXPECT_EQ(InStore(), marker_.SerializeAsString());
  EXPECT_EQ(world_->tally().rebuilds, 0u);
}

// Breaks if a store that an older program left is topped up with what the changelog has since.
TEST_F(VersionTest, StoreOfAnOlderFormat) {
  marker_.set_format_version(kStateFormatVersion - 1);
  PutIntoStore();
  world_->Start(0);
  FinishWell();
  EXPECT_EQ(world_->tally().rebuilds, 1u);
  EXPECT_THAT(world_->notices(),
              Contains(HasSubstr("the store is of format " + std::to_string(kStateFormatVersion - 1))));
}

// Breaks if a program goes on from state whose meaning it does not know.
TEST_F(VersionTest, LaterMeaning) {
  marker_.set_semantic_version(2);
  PutIntoChangelog();
  ExpectRefused(Found(kStateFormatVersion, 2));
}

// Breaks if an upgrade that only changes what is judged from now on cannot start.
TEST_F(VersionTest, EarlierMeaning) {
  marker_.set_semantic_version(0);
  PutIntoChangelog();
  world_->Start(0);
  FinishWell();
  EXPECT_EQ(world_->tally().rebuilds, 0u);
}

}  // namespace
}  // namespace zaojing::sim
