// A worker whose disk is full: it says so and ends, and once there is space it goes on as if nothing had been.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

class DiskTest : public WorkerTest {
 protected:
  // A run of "worker" with no space for files of the suffix. It must fail, in one line that says what to do.
  void RunOnAFullDisk(const std::string& suffix) {
    const std::string log = "full" + suffix + ".log";
    WorkerProcess worker(Config("worker"), "", Path(log),
                         {std::string("LD_PRELOAD=") + ZAOJING_FULL_DISK_LIBRARY,
                          "ZAOJING_FULL_DISK=" + Path("worker.state"), "ZAOJING_FULL_SUFFIX=" + suffix});
    ASSERT_EQ(worker.Wait(60), 1) << scratch_.Read(log);
    EXPECT_NE(scratch_.Read(log).find("no space left on the disk: free space and start again"), std::string::npos)
        << scratch_.Read(log);
    EXPECT_EQ(scratch_.Read(log).find("discarded"), std::string::npos) << "a good store was thrown away";
  }
};

// Breaks if a flush that fails is taken for done (the next start would find a store ahead of what it holds), if a store
// that cannot be opened for want of space is thrown away, or if the error does not say what to do.
TEST_F(DiskTest, AFullDiskEndsTheWorkerAndSpaceHealsIt) {
  const Waves waves = MakeWaves(600);
  FeedFirst(waves);
  RunOnAFullDisk(".sst");
  if (HasFatalFailure()) return;
  RunToTheEnd();
  FeedFacts(waves.second);
  RunOnAFullDisk("");
  if (HasFatalFailure()) return;
  RunOnAFullDisk(".sst");
  if (HasFatalFailure()) return;
  RunToTheEnd();
  Feed(waves.second.lookups);
  RunToTheEnd();
  CheckRun(waves, waves.broken);
  CheckDisk("worker", {"screen-0", "screen-1", "screen-2", "risk-0"});
}

}  // namespace
}  // namespace zaojing
