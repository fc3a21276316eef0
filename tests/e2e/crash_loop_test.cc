// A record that kills the worker whenever it is applied, on a real broker: three deaths, then the worker goes on without
// it. And deaths that are no record's doing.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/e2e/worker_fixture.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {
namespace {

constexpr const char* kPill = "poison-pill";

class CrashLoopTest : public WorkerTest {
 protected:
  // The first wave with the killer in its middle.
  void FeedWithPill(const Waves& waves) {
    const size_t half = waves.first.lookups.size() / 2;
    FeedFacts(waves.first);
    Feed(waves.first.lookups, 0, half);
    v1::Lookup pill = testing::MakeLookup(kPill, "deadly", "none", v1::SCENE_PUBLISH, testing::kMonday);
    pill_ = testing::ToRecord(pill);
    Feed({pill_});
    Feed(waves.first.lookups, half);
    Feed(waves.first.complaints);
  }
  std::vector<std::string> SortedLetters(const std::string& directory) {
    std::vector<std::string> letters;
    for (const auto& letter : Read<v1::DeadLetter>(directory, Topic::kDeadLetter)) {
      letters.push_back(letter.SerializeAsString());
    }
    std::sort(letters.begin(), letters.end());
    return letters;
  }
  size_t SkipsInTheJournal() {
    size_t skips = 0;
    for (const auto& entry : Read<v1::JournalEntry>("export", Topic::kScreenJournal)) {
      for (const auto& run : entry.runs()) skips += run.has_skip() ? 1U : 0U;
    }
    return skips;
  }

  testing::OwnedRecord pill_;
};

// Breaks if the worker dies for ever, needs more than three deaths, blames or loses a neighbour, forgets to say in the
// journal what it skipped, or keeps its marks after it has gone on.
TEST_F(CrashLoopTest, TheKillerIsSetAsideAfterThreeDeaths) {
  const Waves waves = MakeWaves(600);
  FeedWithPill(waves);
  const std::string abort = std::string("abort-at:") + kPill;
  RunUntilKilled(abort, SIGABRT);
  EXPECT_NE(scratch_.Read("worker.state/crashes"), "");
  RunUntilKilled(std::string("segv-at:") + kPill, SIGSEGV);
  RunUntilKilled(abort, SIGABRT);
  if (HasFatalFailure()) return;
  {
    WorkerProcess worker(Config("worker"), abort, Path("log"));
    ASSERT_EQ(worker.Wait(60), 0) << Log();
  }
  EXPECT_EQ(scratch_.Read("worker.state/crashes"), "");
  FeedSecond(waves);
  RunToTheEnd();
  CheckRun(waves, waves.broken + 1);
  if (HasFatalFailure()) return;
  size_t poisoned = 0;
  for (const auto& letter : Read<v1::DeadLetter>("export", Topic::kDeadLetter)) {
    if (letter.reason() != v1::DEAD_LETTER_REASON_POISON) continue;
    ++poisoned;
    EXPECT_EQ(letter.value(), pill_.value);
    EXPECT_EQ(letter.topic(), NameOf(Topic::kLookups));
  }
  EXPECT_EQ(poisoned, 1U);
  EXPECT_EQ(SkipsInTheJournal(), 1U);
  EXPECT_EQ(SortedLetters("export"), SortedLetters("again")) << "the replay skips otherwise";
  EXPECT_NE(Log().find("skipped and dead-lettered"), std::string::npos) << Log();
}

// Breaks if a death that came from outside is taken for a record's doing; or if a lane that never comes back from a call
// keeps its process, and so its partitions, for ever. (The call is a record's here; librdkafka has some that hang.)
TEST_F(CrashLoopTest, KillsFromOutsideAndTheWatchdogBlameNobody) {
  Waves waves = MakeWaves(600);
  waves.first.lookups.push_back(testing::ToRecord(
      testing::MakeLookup("stuck-here", "slow", "none", v1::SCENE_PUBLISH, testing::kMonday + 400 * limits::kDay)));
  FeedFirst(waves);
  for (int kill = 0; kill < 3; ++kill) RunUntilKilled("produce:1", SIGKILL);
  for (int kill = 0; kill < 3 && !HasFatalFailure(); ++kill) {
    // What an operator or a supervisor sends to get a core.
    WorkerProcess worker(Config("worker"), "stop-produce:1", Path("log"));
    ASSERT_TRUE(worker.AwaitStop(60)) << Log();
    worker.Signal(SIGABRT);
    worker.Signal(SIGCONT);
    ASSERT_EQ(worker.Wait(60), 1000 + SIGABRT) << Log();
  }
  {
    WorkerProcess worker(Config("worker"), "hang-at:stuck-here", Path("log"), {"ZAOJING_WATCHDOG_MS=1500"});
    EXPECT_EQ(worker.Wait(60), 70) << Log();
  }
  EXPECT_NE(Log().find("screen/0 is stuck in one call for 1 s; the process ends"), std::string::npos) << Log();
  EXPECT_EQ(scratch_.Read("worker.state/crashes"), "");
  RunToTheEnd();
  FeedSecond(waves);
  RunToTheEnd();
  CheckRun(waves, waves.broken);
  if (HasFatalFailure()) return;
  EXPECT_EQ(SkipsInTheJournal(), 0U);
}

}  // namespace
}  // namespace zaojing
