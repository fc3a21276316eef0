// Goal: a worker that is started again knows its registry without asking Kafka for it, and never judges by a copy that is
// damaged or of other topics. Method: the binary on a real broker; its log says what came from where, and every run's
// outputs are checked against the oracle.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "sinks/kafka/topics.h"
#include "tests/e2e/worker_fixture.h"

namespace zaojing {
namespace {

class RegistryCopyTest : public WorkerTest {
 protected:
  // The last line of the log that says what the registry was made of.
  std::string LastLoad() {
    const std::string log = Log();
    const size_t at = log.rfind("registry: ");
    if (at == std::string::npos) return "none";
    return log.substr(at, log.find(" in ", at) - at);
  }
  static size_t Facts(const testing::History& wave) {
    return wave.control.size() + wave.certificates.size() + wave.inspections.size() + wave.recalls.size() +
           wave.dispositions.size();
  }
  static std::string Load(size_t copied, size_t read) {
    return absl::StrCat("registry: ", copied, " records from the copy and ", read, " from Kafka");
  }
  std::filesystem::path Copy() { return Path("worker.state") + "/registry"; }
};

// Breaks: a restart that reads the topics again, that misses what came while it was away, or that forgets what a kill
// left. Seen in the log of each start, and in the outputs of all of them.
TEST_F(RegistryCopyTest, ARestartReadsOnlyWhatIsNew) {
  const Waves waves = MakeWaves(600);
  const size_t first = Facts(waves.first);
  const size_t second = Facts(waves.second);
  FeedFirst(waves);
  RunUntilKilled("applied:3", SIGKILL);
  EXPECT_EQ(LastLoad(), Load(0, first));
  RunToTheEnd();  // how much of the copy a kill leaves is the disk's to say
  RunToTheEnd();
  EXPECT_EQ(LastLoad(), Load(first, 0));
  FeedFacts(waves.second);
  RunToTheEnd();
  EXPECT_EQ(LastLoad(), Load(first, second));
  Feed(waves.second.lookups);
  RunToTheEnd();
  EXPECT_EQ(LastLoad(), Load(first + second, 0)) << "a stop saves what came since";
  CheckRun(waves, waves.broken);
}

// Breaks: a damaged copy that is served, or that stops the worker. Seen with a bit flipped in every file of it.
TEST_F(RegistryCopyTest, ADamagedCopyIsReadAgain) {
  const Waves waves = MakeWaves(600);
  const size_t first = Facts(waves.first);
  FeedFirst(waves);
  RunToTheEnd();
  size_t flipped = 0;
  for (const auto& entry : std::filesystem::directory_iterator(Copy())) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(std::filesystem::file_size(entry.path()) / 3);
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 1));
    ++flipped;
  }
  ASSERT_GT(flipped, 0u);
  FeedSecond(waves);
  EXPECT_NE(Log().find("the registry copy"), std::string::npos) << Log();
  EXPECT_EQ(LastLoad(), Load(0, first + Facts(waves.second)));
  RunToTheEnd();
  CheckRun(waves, waves.broken);
}

// Breaks: a copy of other topics that is played. Seen by giving the worker the state of one that reads under another
// prefix.
TEST_F(RegistryCopyTest, ACopyOfOtherTopicsIsDiscarded) {
  const Waves waves = MakeWaves(600);
  FeedFirst(waves);
  RunToTheEnd();
  client_.topic_prefix += "other.";
  const auto created = CreateTopics(client_, {kWorkerPartitions, -1});
  ASSERT_TRUE(created.ok()) << created.status();
  auto producer = BulkProducer::Open(client_);
  ASSERT_TRUE(producer.ok());
  producer_ = std::move(*producer);
  Configure("other");
  std::filesystem::create_directories(Path("other.state"));
  std::filesystem::rename(Copy(), Path("other.state") + "/registry");
  Feed(waves.first.control);
  WorkerProcess worker(Config("other"), "", Path("log"));
  ASSERT_EQ(worker.Wait(wait_seconds_), 0) << Log();
  EXPECT_NE(Log().find("the registry copy was discarded"), std::string::npos) << Log();
  EXPECT_EQ(LastLoad(), Load(0, waves.first.control.size()));
}

}  // namespace
}  // namespace zaojing
