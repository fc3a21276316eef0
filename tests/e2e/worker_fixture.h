// A worker and its world on a real broker: inputs in two waves, worker processes, and everything that must be true at
// the end, whatever went wrong meanwhile: what a read-committed reader sees is what the independent oracle says, every
// emission once, the journal replays to the same bytes, and what is on disk sums to its digest.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/file/event_file.h"
#include "sinks/kafka/producer.h"
#include "tests/broker/broker_fixture.h"
#include "tests/e2e/worker_process.h"
#include "tests/oracle/oracle.h"
#include "tests/support/events.h"
#include "tests/support/replay_world.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {

inline constexpr int32_t kWorkerPartitions = 3;

// First wave: facts, then look-ups about them. Second wave: later facts that reach listings on sale, and a look-up in
// every partition two days on, so that every date has rolled. Within a wave no fact races a look-up, so the oracle's
// canonical answer is the live answer.
struct Waves {
  testing::History first;
  testing::History second;
  size_t broken = 0;  // records that are to be dead letters
};

// `events` look-ups and facts in the first wave, a fifth as many weeks of complaints.
Waves MakeWaves(int events);
oracle::Output Expected(const Waves& waves);

// What a reader of the topics knows at the end.
struct Seen {
  std::map<std::string, std::vector<uint64_t>> emissions;  // by source
  std::map<std::string, v1::Action> told;
  std::map<std::string, v1::Action> in_force;
  std::vector<oracle::RaisedAlert> raised;
  size_t dead = 0;
};

class WorkerTest : public BrokerTest {
 protected:
  // A worker named "worker" is configured.
  void SetUp() override;

  // Effect: <name>.textproto is the configuration of a worker with a state directory of its own, <name>.state. `more` is
  // further lines of it. Workers stop when they are idle.
  void Configure(const std::string& name, const std::string& more = "");
  std::string Config(const std::string& name) const { return Path(name + ".textproto"); }
  std::string Path(const std::string& name) const { return scratch_.File(name); }
  std::string Log() const { return scratch_.Has("log") ? scratch_.Read("log") : ""; }

  void Feed(const std::vector<testing::OwnedRecord>& records, size_t begin = 0, size_t end = SIZE_MAX);
  void FeedFacts(const testing::History& wave);
  void FeedFirst(const Waves& waves);
  void FeedSecond(const Waves& waves);

  // A run of "worker": to the idle end; to a death by the signal, with the fault.
  void RunToTheEnd();
  void RunUntilKilled(const std::string& fault, int signal);
  // Records in the screens' journals.
  int64_t JournalEnd();

  // Effect: all topics are in the folder "export", and `told` by CheckRun.
  void Export();
  template <typename Message>
  std::vector<Message> Read(const std::string& directory, Topic topic) {
    std::vector<Message> messages;
    auto file = EventFile::Open(Path(directory), topic);
    EXPECT_TRUE(file.ok()) << file.status();
    if (!file.ok() || *file == nullptr) return messages;
    FileEvent event;
    while ((*file)->Next(&event)) {
      messages.emplace_back().ParseFromArray(event.record.value.data(), static_cast<int>(event.record.value.size()));
    }
    EXPECT_TRUE((*file)->status().ok()) << (*file)->status();
    return messages;
  }
  Seen ReadOutputs();

  // Everything above, with `dead` dead letters. The run is over.
  void CheckRun(const Waves& waves, size_t dead);
  void CheckJournalReplay();
  void CheckDisk(const std::string& name, const std::vector<std::string>& tasks);

  int wait_seconds_ = 60;  // for one run of the worker
  ScratchDirectory scratch_;
  std::unique_ptr<BulkProducer> producer_;
  std::unique_ptr<KafkaLog> observer_;
};

// What is wrong with the numbers of a task's records, each of which must be there once, from 0: empty when nothing. A
// lost record is a gap, a doubled one a repeat.
std::string EmissionFault(const Seen& seen);

}  // namespace zaojing
