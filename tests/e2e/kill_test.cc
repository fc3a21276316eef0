// The worker on a real broker, killed with -9 at every step of its commit and in the middle of its work: what a
// read-committed reader sees is what an independent oracle says, nothing lost, nothing doubled, and the journal of the
// mangled run replays to the same bytes.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

class KillTest : public WorkerTest {
 protected:
  void RunUntilKilledAt(const std::string& step) {
    RunUntilKilled(step, SIGKILL);
    ++kills_;
  }
  // Killed as soon as the journal shows that it has committed something more.
  void RunUntilItHasCommitted() {
    const int64_t before = JournalEnd();
    WorkerProcess worker(Config("worker"), "", Path("log"));
    ASSERT_TRUE(Eventually([&] { return JournalEnd() > before || !worker.Running(); })) << Log();
    worker.Signal(SIGKILL);
    ASSERT_EQ(worker.Wait(60), 1000 + SIGKILL) << Log();
    ++kills_;
  }
  void RunBothWaves(const Waves& waves);

  int kills_ = 0;
};

// The first wave in pieces, a kill for each; then the second, killed twice.
void KillTest::RunBothWaves(const Waves& waves) {
  const char* const kSteps[] = {"begin", "produce", "send-offsets", "commit", "apply", "applied"};
  constexpr size_t kPieces = 20;
  FeedFacts(waves.first);
  const size_t lookups = waves.first.lookups.size() / kPieces + 1;
  const size_t complaints = waves.first.complaints.size() / kPieces + 1;
  for (size_t i = 0; i < kPieces && !HasFatalFailure(); ++i) {
    Feed(waves.first.lookups, i * lookups, (i + 1) * lookups);
    Feed(waves.first.complaints, i * complaints, (i + 1) * complaints);
    if (i % 7 == 6) {
      RunUntilItHasCommitted();
    } else {
      RunUntilKilledAt(std::string(kSteps[i % std::size(kSteps)]) + (i % 4 == 3 ? ":2" : ":1"));
    }
  }
  if (HasFatalFailure()) return;
  RunToTheEnd();
  FeedFacts(waves.second);
  RunUntilKilledAt("send-offsets:1");
  RunUntilKilledAt("apply:1");
  Feed(waves.second.lookups);
  RunToTheEnd();
}

TEST_F(KillTest, KilledEverywhereNothingIsLostOrDoubled) {
  const Waves waves = MakeWaves(2400);
  RunBothWaves(waves);
  if (HasFatalFailure()) return;
  EXPECT_GE(kills_, 20);
  CheckRun(waves, waves.broken);
  CheckDisk("worker", {"screen-0", "screen-1", "screen-2", "risk-0"});
}

}  // namespace
}  // namespace zaojing
