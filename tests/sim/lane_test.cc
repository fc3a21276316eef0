// What a lane does in each case that has a name: uncertain commits, aborts, zombies, rebalances, damaged stores, lost
// changelogs, refusals. The mixtures are seeds_test's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "processors/state/tables.h"
#include "tests/sim/lane_fixture.h"

namespace zaojing::sim {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using State = Lane::State;

// --- Uncertain commits ---

// Breaks if a commit whose answer was lost is taken for failed: its inputs would be judged twice.
TEST_F(LaneTest, AnswerLost) {
  Settle();
  world_->AddInputs(10);
  world_->faults().Script(Call::kCommit, Fault::kAnswerLost);
  ASSERT_TRUE(world_->StepUntil(0, State::kResolve));
  ASSERT_TRUE(world_->StepUntil(0, State::kApply));
  FinishWell();
  EXPECT_EQ(world_->tally().resolved_yes, 1u);
  EXPECT_EQ(world_->tally().resolved_no, 0u);
}

// Breaks if a commit that never arrived is taken for done: its inputs would be lost.
TEST_F(LaneTest, RequestLost) {
  Settle();
  world_->AddInputs(10);
  world_->faults().Script(Call::kCommit, Fault::kRequestLost);
  ASSERT_TRUE(world_->StepUntil(0, State::kResolve));
  ASSERT_TRUE(world_->StepUntil(0, State::kAbort));
  FinishWell();
  EXPECT_EQ(world_->tally().resolved_yes, 0u);
  EXPECT_EQ(world_->tally().resolved_no, 1u);
}

// Breaks if the late request can still end a transaction of the new producer.
TEST_F(LaneTest, RequestArrivesInTheNextTransaction) {
  Settle();
  world_->AddInputs(10);
  world_->faults().Script(Call::kCommit, Fault::kDelayed);
  ASSERT_TRUE(world_->StepUntil(0, State::kResolve));
  ASSERT_TRUE(world_->StepUntil(0, State::kSendOffsets)) << "the next transaction has begun";
  EXPECT_FALSE(world_->broker().DeliverDelayed()) << "the old epoch was let through";
  FinishWell();
  EXPECT_EQ(world_->tally().resolved_no, 1u);
}

// Breaks if the decision is read before it is made: the request arrives after the answer was given up, before the new
// producer.
TEST_F(LaneTest, RequestArrivesBeforeTheNewProducer) {
  Settle();
  world_->AddInputs(10);
  world_->faults().Script(Call::kCommit, Fault::kDelayed);
  ASSERT_TRUE(world_->StepUntil(0, State::kResolve));
  EXPECT_TRUE(world_->broker().DeliverDelayed());
  FinishWell();
  EXPECT_EQ(world_->tally().resolved_yes, 1u);
}

// Breaks if a group without offsets counts as "did not happen": the very first commit has no token before it.
TEST_F(LaneTest, UncertainAndTheGroupKnowsNothing) {
  world_->faults().Script(Call::kCommit, Fault::kAnswerLost);
  ASSERT_TRUE(world_->StepUntil(0, State::kResolve));
  world_->broker().ForgetOffsets("screen");
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  world_->Crash(0);
  world_->Start(0);
  FinishWell();
}

// --- Aborts ---

// Breaks if an abort at any step skips inputs, or leaves the dropped outputs visible.
TEST_F(LaneTest, AbortAtEachStep) {
  for (const Call call : {Call::kProduce, Call::kSendOffsets, Call::kCommit}) {
    Make({});
    Settle();
    world_->AddInputs(10);
    world_->faults().Script(call, Fault::kAborted);
    ASSERT_TRUE(world_->StepUntil(0, State::kAbort)) << static_cast<int>(call);
    FinishWell();
    EXPECT_EQ(world_->tally().aborts, 1u);
  }
}

// Breaks if a half-accepted Produce is repeated: records would be twice in one transaction.
TEST_F(LaneTest, ProduceUnavailableHalfWay) {
  Settle();
  world_->AddInputs(10);
  world_->faults().Script(Call::kProduce, Fault::kUnavailable);
  ASSERT_TRUE(world_->StepUntil(0, State::kAbort));
  FinishWell();
}

// Breaks if a broker that aborts everything keeps a lane busy for ever without a word.
TEST_F(LaneTest, GivesUpAfterManyAborts) {
  WorldOptions options;
  options.rates.aborted = 100;
  Make(options);
  absl::Status status;
  for (int i = 0; i < 10'000 && status.ok(); ++i) {
    world_->clock().Advance(100'000);
    status = lane().Step();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_EQ(world_->tally().aborts, static_cast<uint64_t>(limits::kAbortsInRowMax) + 1);
  EXPECT_EQ(lane().state(), State::kFailed);
}

// Breaks if an unavailable broker is given up too soon or never.
TEST_F(LaneTest, GivesUpAfterTheDeadline) {
  WorldOptions options;
  options.rates.unavailable = 100;
  Make(options);
  const int64_t began = world_->clock().now_us();
  absl::Status status;
  for (int i = 0; i < 10'000 && status.ok(); ++i) {
    world_->clock().Advance(100'000);
    status = lane().Step();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_GE(world_->clock().now_us() - began, limits::kRetryDeadline);
  EXPECT_LE(world_->clock().now_us() - began, limits::kRetryDeadline + limits::kSecond);
}

// --- Rebalances ---

// Breaks if a process that slept through its session commits when it wakes: the new owner has judged the same inputs.
TEST_F(LaneTest, ZombieIsFenced) {
  Settle();
  world_->AddInputs(10);
  ASSERT_TRUE(world_->StepUntil(0, State::kSendOffsets));
  world_->worker(0).paused = true;
  world_->Start(world_->AddWorker());
  world_->PassTime(limits::kSessionTimeout + 2 * limits::kSecond);
  Settle(1);
  world_->worker(0).paused = false;
  const uint64_t restarts = world_->tally().restarts;
  FinishWell();
  EXPECT_GT(world_->tally().aborts + world_->tally().restarts - restarts, 0u);
}

// Breaks if the new owner reads the offsets while the zombie's transaction, sent before it was expelled, can still
// commit.
TEST_F(LaneTest, ZombieCommitsWhatTheNewOwnerMustWaitFor) {
  Settle();
  world_->AddInputs(10);
  ASSERT_TRUE(world_->StepUntil(0, State::kCommit));
  world_->worker(0).paused = true;
  world_->Start(world_->AddWorker());
  // The session is over, the transaction not yet.
  world_->PassTime(limits::kSessionTimeout - limits::kSecond);
  world_->worker(0).paused = false;
  EXPECT_FALSE(world_->StepUntil(1, State::kRestoring, 50)) << "offsets are pending";
  ASSERT_TRUE(world_->StepUntil(0, State::kApply, 10));
  FinishWell();
}

// Breaks if a partition that goes and comes back is restored from its changelog although its store missed nothing, or
// is used although it did.
TEST_F(LaneTest, OneTwoOne) {
  partitions_ = 2;
  Make({});
  Settle();
  const uint64_t before = world_->worker(0).restore_steps;
  world_->Start(world_->AddWorker());
  for (int i = 0; i < 400; ++i) world_->Step(static_cast<size_t>(i % 2));
  EXPECT_EQ(lane(0).tasks().size(), 1u);
  EXPECT_EQ(lane(1).tasks().size(), 1u);
  EXPECT_EQ(world_->worker(0).restore_steps, before) << "the parked store was restored again";
  world_->AddInputs(20);
  for (int i = 0; i < 400; ++i) world_->Step(static_cast<size_t>(i % 2));
  world_->Crash(1);
  world_->PassTime(limits::kSessionTimeout + limits::kSecond);
  for (int i = 0; i < 400; ++i) world_->Step(0);
  EXPECT_EQ(lane(0).tasks().size(), 2u);
  EXPECT_GT(world_->worker(0).restore_steps, before) << "the task that was away has missed a commit";
  FinishWell();
}

// Breaks if a lane cannot get at a store which the other lane of its process holds, parked, until it knows that it has
// not got the task back: the store would be thrown away, opened twice, or waited for for ever.
TEST_F(LaneTest, AParkedStoreGoesToTheOtherLaneOfTheProcess) {
  partitions_ = 2;
  Make({});
  Settle();
  const size_t second = world_->AddLane(0);
  world_->Start(second);
  const auto waiting = [&] { return world_->worker(second).lane->state() == State::kOpening; };
  int waited = 0;
  for (int i = 0; i < 600; ++i) {
    // The first lane is slow to hear of its new assignment, so that the second meets the lock.
    world_->Step(waiting() && waited++ < 100 ? second : static_cast<size_t>(i % 2));
  }
  EXPECT_GT(waited, 50);
  EXPECT_EQ(lane(0).tasks().size(), 1u);
  EXPECT_EQ(lane(second).tasks().size(), 1u);
  EXPECT_EQ(world_->tally().rebuilds, 0u);
  EXPECT_LE(world_->worker(second).restore_steps, 1u) << "the parked store missed nothing";
  world_->AddInputs(20);
  FinishWell();
}

// --- Stores ---

// Breaks if a directory of another task is served.
TEST_F(LaneTest, ForeignStoreIsDiscarded) {
  partitions_ = 2;
  Make({});
  Settle();
  Flush();
  world_->Crash(0);
  disk().Confuse("screen-0", "screen-1");
  world_->Start(0);
  FinishWell();
  EXPECT_THAT(world_->notices(), Contains(HasSubstr("the store belongs to screen-1")));
}

// Breaks if a foreign store without a marker is topped up from this task's changelog and believed.
TEST_F(LaneTest, ForeignStoreWithoutMarkerIsDiscarded) {
  Settle();
  Flush();
  world_->Crash(0);
  const std::vector<StateChange> foreign = {{"Lsomebody", "1,1"}, {kChangelogPositionKey, "0"}};
  disk().Remove("screen-0");
  ASSERT_TRUE(disk().At("screen-0").ApplyCommitted(foreign).ok());
  ASSERT_TRUE(disk().At("screen-0").Flush().ok());
  world_->Start(0);
  FinishWell();
  EXPECT_EQ(world_->tally().rebuilds, 1u);
}

// Breaks if what was judged on a failed read is committed.
TEST_F(LaneTest, FailedReadRebuilds) {
  WorldOptions options;
  options.lane.memory = [] { return StateMemory{0, 0}; };
  Make(options);
  Settle();
  Flush();
  world_->Crash(0);  // so that nothing is in the cache
  world_->Start(0);
  Settle();
  world_->AddInputs(20);
  disk().FailReads("screen-0", 1);
  for (int i = 0; i < 300; ++i) world_->Step(0);
  EXPECT_EQ(world_->tally().rebuilds, 1u);
  EXPECT_THAT(world_->notices(), Contains(HasSubstr("injected: checksum")));
  FinishWell();
}

// Breaks if the rebuild after a failed read answers a revocation with an assignment.
TEST_F(LaneTest, FailedReadWhileRevoked) {
  partitions_ = 2;
  WorldOptions options;
  options.lane.memory = [] { return StateMemory{0, 0}; };
  options.lane.poll_records_max = 1;
  Make(options);
  ASSERT_TRUE(world_->StepUntil(0, State::kRunning));
  Settle();
  world_->AddInputs(60);
  for (const char* name : {"screen-0", "screen-1"}) disk().FailReads(name, 1);
  for (int i = 0; i < 9; ++i) world_->Step(0);
  world_->Start(world_->AddWorker());
  for (int i = 0; i < 4; ++i) world_->Step(1);
  ASSERT_TRUE(world_->StepUntil(0, State::kOpening, 20));
  ASSERT_TRUE(world_->StepUntil(0, State::kIdle, 20));
  FinishWell();
}

// Breaks if a changelog that lost its beginning is rebuilt from and believed, because its end is in order.
TEST_F(LaneTest, TruncatedChangelogIsRefused) {
  Settle();
  world_->AddInputs(20);
  Settle();
  world_->Crash(0);
  disk().Remove("screen-0");
  world_->broker().Truncate(kChangelog, 5);
  world_->Start(0);
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("the changelog has lost records"));
}

// Breaks if a lost changelog is taken for a new deployment.
TEST_F(LaneTest, LostChangelogIsRefused) {
  Settle();
  Flush();
  world_->Crash(0);
  world_->broker().Recreate(kChangelog);
  world_->Start(0);
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("the changelog was lost"));
}

// Breaks if somebody else's compacted topic is taken for an empty changelog.
TEST_F(LaneTest, ChangelogWithoutMarkerIsRefused) {
  world_->broker().Append(kChangelog, "Lsomebody", "1,1", 0);
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("holds no marker"));
}

// Breaks if an operator's reset of the group makes inputs be judged twice: the marker is the truth.
TEST_F(LaneTest, GroupResetDoesNotRewind) {
  Settle();
  world_->Crash(0);
  const CommittedOffset reset{kInput, 0, ""};
  world_->broker().SetOffsets("screen", {&reset, 1});
  world_->Start(0);
  FinishWell();
  EXPECT_THAT(world_->notices(), Contains(HasSubstr("of the marker counts")));
}

// Breaks if tombstones are lost on the way through compaction and a restore from nothing.
TEST_F(LaneTest, RestoreFromACompactedChangelog) {
  Settle();
  world_->AddInputs(60);
  Settle();
  world_->Crash(0);
  disk().Remove("screen-0");
  world_->broker().Compact(kChangelog, world_->broker().High(kChangelog));
  world_->Start(0);
  FinishWell();
}

// Breaks if the restore ends before a transaction which is still open when it begins.
TEST_F(LaneTest, RestoreWaitsForTheGhost) {
  Settle();
  world_->Crash(0);
  world_->AddGhost(kChangelog);
  world_->Start(0);
  ASSERT_TRUE(world_->StepUntil(0, State::kRestoring));
  EXPECT_FALSE(world_->StepUntil(0, State::kCatchingUp, 200));
  world_->PassTime(limits::kTransactionTimeout);
  EXPECT_TRUE(world_->StepUntil(0, State::kCatchingUp, 200));
  FinishWell();
}

// --- Refusals ---

// Breaks if a schema mistake drains a topic into dead-letter: nothing of the bad batch may be committed.
TEST_F(LaneTest, BreakerStopsOnBadInputs) {
  Settle();
  const int64_t before = world_->broker().High({Topic::kDeadLetter, 0});
  for (int i = 0; i < 200; ++i) world_->broker().Append(kInput, absl::StrCat("k", i), "no bars at all", 1);
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("200 of 200 records cannot be judged"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("ccc.lookups with DEAD_LETTER_REASON_UNPARSABLE"));
  EXPECT_EQ(world_->broker().High({Topic::kDeadLetter, 0}), before);
}

// Breaks if a few bad records among good ones stop the pipeline.
TEST_F(LaneTest, BreakerLetsAFewPass) {
  Settle();
  for (int i = 0; i < 99; ++i) world_->broker().Append(kInput, absl::StrCat("k", i), "no bars at all", 1);
  FinishWell();
}

// Breaks if a deployment with another P goes on with state that is cut otherwise.
TEST_F(LaneTest, ChangedPartitionCountIsRefused) {
  Settle();
  Flush();
  world_->Crash(0);
  Worker& worker = world_->worker(0);
  worker.log = std::make_unique<SimLog>(SimLogOptions{"screen", "worker-1", {Topic::kLookups}, PlantedBug::kNone},
                                        world_->broker(), world_->clock(), world_->faults());
  worker.references = std::make_unique<OwnRegistry>(std::make_unique<SimReferenceFeed>(world_->broker()));
  LaneOptions options;
  options.partitions = 16;
  ToyStage stage({Topic::kLookups});
  LaneObserver observer;
  Lane changed(options, stage, *worker.log, worker.disk, *worker.references, world_->clock(), observer);
  absl::Status status;
  for (int i = 0; i < 500 && status.ok(); ++i) {
    world_->clock().Advance(10'000);
    status = changed.Step();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("was run with 1 partitions"));
}

// Breaks if a task goes on with the room it was opened with, although the registry that came after took some of it.
TEST_F(LaneTest, RoomIsAskedForAgainOnceTheRegistryIsThere) {
  std::vector<bool> asked;
  WorldOptions options;
  options.lane.memory = [&] {
    asked.push_back(world_->worker(0).references->CaughtUp());
    return asked.back() ? StateMemory{1, 0, 0} : StateMemory();
  };
  Make(std::move(options));
  ASSERT_TRUE(world_->StepUntil(0, Lane::State::kRunning));
  ASSERT_FALSE(asked.empty());
  EXPECT_FALSE(asked.front());
  EXPECT_TRUE(asked.back());
  bool pressing = false;
  for (int i = 0; i < 1'000 && !lane().idle(); ++i) {
    world_->Step(0);
    pressing = pressing || lane().tasks().begin()->second->FlushPressing();
  }
  EXPECT_TRUE(pressing);
}

// Breaks if a lane takes more tasks than its memory was planned for.
TEST_F(LaneTest, TooManyTasksAreRefused) {
  partitions_ = limits::kTasksPerLaneMax + 1;
  Make({});
  const absl::Status status = RunToFailure();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("start more lanes"));
}

// --- Jobs ---

// Breaks if each job takes a turn of its own, a batch of look-ups before every one: a day on which thousands of certificates
// change would wait behind as many. Each turn is committed, so a commit's slices are a turn's.
TEST_F(LaneTest, ManySmallJobsTakeOneTurn) {
  WorldOptions options;
  options.lane.commit_interval_us = 1;
  options.lane.slice_listings_max = 5 * limits::kJobListings;
  Make(options);
  Settle();
  world_->AddReferences(40);
  Settle();
  FinishWell();
  std::ptrdiff_t most = 0;
  const TopicPartition journal{Topic::kScreenJournal, 0};
  int64_t end = 0;
  for (const Record& record : world_->broker().Fetch(journal, world_->broker().Low(journal), 1'000, &end)) {
    v1::JournalEntry entry;
    ASSERT_TRUE(entry.ParseFromArray(record.value.data(), static_cast<int>(record.value.size())));
    const auto is_slice = [](const v1::JournalRun& run) { return run.has_slice(); };
    most = std::max(most, std::count_if(entry.runs().begin(), entry.runs().end(), is_slice));
  }
  EXPECT_GT(most, 1);
  EXPECT_LE(most, 5);
}

// --- Memory ---

// Breaks if a batch of twenty thousand brings in what it likes of a registry that lies in a file, or slices do.
TEST_F(LaneTest, MemoryIsLookedAtWithinABatch) {
  uint64_t looks = 0;
  WorldOptions options;
  options.on_bound = [&] { ++looks; };
  Make(options);
  Settle();
  const auto looks_after = [&] {
    looks = 0;
    for (int step = 0; step < 20; ++step) world_->Step(0);
    return looks;
  };
  const uint64_t commits = world_->tally().commits;
  world_->AddInputs(8 * limits::kRecordsWithinBound);
  EXPECT_GE(looks_after(), 8U);
  EXPECT_LE(world_->tally().commits, commits + 2) << "in few batches";
  world_->AddReferences(40);
  EXPECT_GT(looks_after(), 0U);
  FinishWell();
}

// --- Ticks ---

// Breaks if an idle deployment commits every second, or never says that its clock moved; or if a tick that did something
// waits like one that did nothing.
TEST_F(LaneTest, TicksOfWhichNothingCameWait) {
  Settle();
  const uint64_t commits = world_->tally().commits;
  const int64_t before = lane().tasks().at(0)->engine_time();
  for (int i = 0; i < 20; ++i) {
    world_->AddTick(1'000);
    for (int step = 0; step < 6; ++step) world_->Step(0);
  }
  EXPECT_EQ(lane().tasks().at(0)->engine_time(), before + 20'000);
  EXPECT_TRUE(lane().idle());
  EXPECT_EQ(world_->tally().commits, commits);
  world_->PassTime(limits::kTickCommitInterval);
  for (int step = 0; step < 20; ++step) world_->Step(0);
  EXPECT_EQ(world_->tally().commits, commits + 1);
  world_->AddTick(limits::kHour);
  for (int step = 0; step < 20; ++step) world_->Step(0);
  EXPECT_EQ(world_->tally().commits, commits + 2);
  FinishWell();
}

// Breaks if one machine with a wrong clock carries every task into the future, for good.
TEST_F(LaneTest, ATickFromTheFutureIsRefused) {
  Settle();
  const int64_t before = lane().tasks().at(0)->engine_time();
  world_->AddTick(world_->clock().WallMicros() + limits::kFutureMax + limits::kMinute - before);
  for (int step = 0; step < 20; ++step) world_->Step(0);
  EXPECT_EQ(lane().tasks().at(0)->engine_time(), before);
  EXPECT_THAT(world_->notices(), Contains(HasSubstr("ahead of this machine's clock")));
}

// --- Stopping ---

// Breaks if a stop loses what is applied but not committed, or leaves it unflushed.
TEST_F(LaneTest, StopCommitsAndFlushes) {
  Settle();
  world_->AddInputs(10);
  ASSERT_TRUE(world_->StepUntil(0, State::kBegin));
  lane().RequestStop();
  ASSERT_TRUE(world_->StepUntil(0, State::kStopped));
  const auto committed = world_->broker().Offsets("screen", {&kInput, 1});
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ((*committed)[0].next, world_->broker().High(kInput));
  world_->Crash(0);
  EXPECT_EQ(*disk().At("screen-0").Get(kVouchedKey, std::make_unique<std::string>().get()), true);
  world_->Start(0);
  FinishWell();
  EXPECT_EQ(world_->tally().rebuilds, 0u);
}

// Breaks if a stop before the first assignment hangs.
TEST_F(LaneTest, StopBeforeAnything) {
  lane().RequestStop();
  EXPECT_TRUE(world_->StepUntil(0, State::kStopped, 10));
}

}  // namespace
}  // namespace zaojing::sim
