// What happens to the cluster around a worker: no broker, a topic that is gone, a broker that is away for a while, group
// offsets that have expired. Each ends with one line that says what to do, or is waited for; the answer stays the oracle's.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sinks/kafka/topics.h"
#include "tests/broker/broker_pause.h"
#include "tests/broker/kafka/alter_topic.h"
#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

constexpr int kSeconds = 60;
constexpr const char* kShortSession = "kafka { name: \"session.timeout.ms\" value: \"6000\" }\n";

class ClusterTest : public WorkerTest {
 protected:
  // A worker whose bootstrap is a port nobody answers on.
  void ConfigureAway() {
    const std::string real = std::exchange(client_.bootstrap, "127.0.0.1:1");
    Configure("away");
    client_.bootstrap = real;
  }
  void ExpectLastLine(const std::string& log, const std::string& text) {
    const std::string lines = scratch_.Read(log);
    const size_t last = lines.rfind('\n', lines.size() - 2) + 1;
    EXPECT_NE(lines.find("[error]", last), std::string::npos) << lines;
    EXPECT_NE(lines.find(text, last), std::string::npos) << lines;
  }
};

TEST_F(ClusterTest, WhatHappensAroundAWorker) {
  ConfigureAway();
  WorkerProcess away(Config("away"), "", Path("away.log"));

  // Breaks if a worker starts without one of its topics, or does not say which and what to do.
  Configure("worker", kShortSession);
  ASSERT_TRUE(DeleteTopic(client_, Topic::kAlerts).ok());
  // The broker answers a deletion before it has heard of it itself.
  ASSERT_TRUE(Eventually([&] {
    const auto differences = CheckTopics(client_, {kWorkerPartitions, -1});
    return differences.ok() && !differences->empty();
  }));
  {
    WorkerProcess worker(Config("worker"), "", Path("missing.log"));
    EXPECT_EQ(worker.Wait(kSeconds), 1);
  }
  ExpectLastLine("missing.log", "`zaojing topics create`");
  ExpectLastLine("missing.log", "alerts: missing");
  ASSERT_EQ(RunBinary(absl::StrCat("topics create --bootstrap ", client_.bootstrap, " --topic-prefix ",
                                   client_.topic_prefix, " --partitions ", kWorkerPartitions),
                      Path("create.log")),
            0)
      << scratch_.Read("create.log");

  // Breaks if a broker that is away in the middle of a commit and comes back has cost anything.
  const Waves waves = MakeWaves(600);
  FeedFirst(waves);
  {
    WorkerProcess worker(Config("worker"), "stop-commit:1", Path("log"));
    ASSERT_TRUE(worker.AwaitStop(kSeconds)) << Log();
    BrokerPause pause(std::chrono::microseconds(limits::kCommitSlow + limits::kSecond));
    worker.Signal(SIGCONT);
    pause.Await();
    ASSERT_EQ(worker.Wait(kSeconds), 0) << Log();
  }

  // Breaks if a group without offsets is taken for a new deployment, and everything is judged again.
  for (const char* stage : {"screen", "risk"}) {
    ASSERT_TRUE(Eventually([&] { return ForgetGroup(client_, client_.topic_prefix + "app." + stage).ok(); }));
  }
  FeedFacts(waves.second);
  RunToTheEnd();
  EXPECT_NE(Log().find("of the marker counts"), std::string::npos) << Log();
  Feed(waves.second.lookups);
  RunToTheEnd();
  CheckRun(waves, waves.broken);

  EXPECT_EQ(away.Wait(kSeconds), 1);
  ExpectLastLine("away.log", "no broker answers at 127.0.0.1:1");
}

}  // namespace
}  // namespace zaojing
