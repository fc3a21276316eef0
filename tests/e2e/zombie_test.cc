// A worker that stands still for longer than its session, in the middle of a commit, while another takes over; then it
// wakes and goes on where it was. Nothing of what it had in hand may be seen.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

constexpr int kSeconds = 60;
// The shortest session a broker allows by default.
constexpr const char* kShortSession = "kafka { name: \"session.timeout.ms\" value: \"6000\" }\n";

class ZombieTest : public WorkerTest {
 protected:
  // Runs to the end with every partition. Until their sessions are over the group keeps partitions for members that have
  // gone, and a worker that has read its share of them stops as idle.
  void RunAlone() {
    for (int tries = 0; tries < 20; ++tries) {
      const size_t before = Log().size();
      RunToTheEnd();
      if (HasFatalFailure()) return;
      const std::string log = Log().substr(before);
      const bool whole = log.find("screen/0: assigned 3 tasks") != std::string::npos &&
                         log.find("risk/0: assigned 1 task") != std::string::npos;
      if (whole) return;
    }
    FAIL() << "the group never gave it everything";
  }
};

// Breaks if the group lets a member commit that it has expelled (the first zombie has produced, and sends its offsets only
// when it wakes), if a new owner does not wait for offsets that hang in a zombie's transaction (the second's), or if that
// transaction can be committed after the broker has given it up.
TEST_F(ZombieTest, NothingOfTheZombiesIsSeen) {
  const Waves waves = MakeWaves(600);
  for (const char* name : {"worker", "second", "third"}) Configure(name, kShortSession);
  FeedFirst(waves);
  WorkerProcess first(Config("worker"), "stop-send-offsets:2", Path("first.log"));
  ASSERT_TRUE(first.AwaitStop(kSeconds)) << scratch_.Read("first.log");
  WorkerProcess second(Config("second"), "stop-commit:2", Path("second.log"));
  ASSERT_TRUE(second.AwaitStop(kSeconds)) << scratch_.Read("second.log");
  WorkerProcess third(Config("third"), "", Path("third.log"));
  ASSERT_EQ(third.Wait(kSeconds), 0) << scratch_.Read("third.log");
  const std::string log = scratch_.Read("third.log");
  ASSERT_FALSE(HasFailure());
  for (const char* task : {"screen/0: task 0 ", "screen/0: task 1 ", "screen/0: task 2 ", "risk/0: task 0 "}) {
    EXPECT_NE(log.find(task), std::string::npos) << log;
  }
  FeedFacts(waves.second);
  first.Signal(SIGCONT);
  second.Signal(SIGCONT);
  // Fenced and ended, or a member again: either is right, going on with what it held is not.
  for (auto* zombie : {&first, &second}) {
    const int ended = zombie->Wait(kSeconds);
    EXPECT_TRUE(ended == 0 || ended == 1) << ended;
  }
  RunAlone();
  Feed(waves.second.lookups);
  RunAlone();
  CheckRun(waves, waves.broken);
}

}  // namespace
}  // namespace zaojing
