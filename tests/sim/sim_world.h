// A whole deployment in one thread: a broker, workers with disks, inputs, references. Steps when told; what happens
// and when is drawn from one seed (Chaos), or said line by line by a test (the crash table).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "processors/runtime/lane.h"
#include "tests/sim/sim_broker.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_faults.h"
#include "tests/sim/sim_log.h"
#include "tests/sim/sim_stores.h"
#include "tests/sim/toy_stage.h"

namespace zaojing::sim {

struct WorldOptions {
  uint64_t seed = 1;
  int32_t partitions = 2;
  std::vector<Topic> inputs = {Topic::kLookups};
  LaneOptions lane;
  FaultRates rates;
  uint64_t poison = 0;  // per cent of the inputs
  PlantedBug bug = PlantedBug::kNone;
  std::function<void()> on_bound = [] {};  // a lane looks at the memory of its references
  bool print = false;
};

// What the crash handler of one process left on its disk.
class SimMarks final : public CrashMarks {
 public:
  std::vector<CrashMark> Of(uint32_t task) override { return marks_[task]; }
  void Clear(uint32_t task) override { marks_.erase(task); }
  void Died(const WorkNote& work) {
    if (!work.empty()) marks_[work.task()].push_back(work.mark());
  }

 private:
  std::map<uint32_t, std::vector<CrashMark>> marks_;
};

// What outlives a process.
struct Home {
  SimStores disk;
  SimMarks marks;
};

// One lane of a process; the lanes of one process share their home, and die and stop together.
struct Worker {
  explicit Worker(std::shared_ptr<Home> at) : home(std::move(at)), disk(home->disk), marks(home->marks) {}
  const std::shared_ptr<Home> home;
  SimStores& disk;
  SimMarks& marks;
  std::string instance;
  std::unique_ptr<SimLog> log;
  std::unique_ptr<ReferenceSource> references;
  std::unique_ptr<LaneObserver> observer;
  std::unique_ptr<Lane> lane;
  bool paused = false;
  uint64_t restore_steps = 0;  // changelog batches restored, ever
  bool running() const { return lane != nullptr && !paused; }
};

class World {
 public:
  explicit World(WorldOptions options);
  ~World();

  // --- Inputs ---
  void AddInputs(uint64_t count);
  // Effect: records of a transaction that is committed or aborted at once.
  void AddTransactionalInputs(uint64_t count, bool commit);
  void AddReferences(uint64_t count);
  // Effect: a tick so much later than the newest input or tick.
  void AddTick(int64_t by_us);
  // Effect: a producer that dies with a transaction open in `at`; the broker ends it after the timeout.
  void AddGhost(TopicPartition at);

  // Effect: from here on the stage reads these topics, as another version of the program would. REQUIRES that no worker
  // runs.
  void SetStageInputs(std::vector<Topic> inputs);

  // --- Workers ---
  size_t AddWorker();
  // Effect: a further lane of the worker's process.
  size_t AddLane(size_t beside);
  void Start(size_t index);
  // Effect: every lane of the worker's process is started. REQUIRES that none runs.
  void StartAll(size_t index);
  // Effect: the process is killed. What was not flushed is gone. Returns the lanes that ran.
  std::vector<size_t> Crash(size_t index);
  // Effect: as Crash, by a signal that the crash handler catches, and a supervisor starts the lanes again.
  void Die(size_t index);
  // One step of a running lane. Effect: a lane that failed as fenced is restarted, as a supervisor would; any other
  // failure is a violation.
  void Step(size_t index);
  // All lanes of the process: whether they have come to their end, are asked to, stand still.
  bool Stopped(size_t index) const;
  void RequestStop(size_t index);
  void Pause(size_t index, bool paused);
  // Steps until the lane is in `state`, or `steps_max` are over. Returns whether it is.
  bool StepUntil(size_t index, Lane::State state, int steps_max = 5'000);
  // Time passes in small pieces, running processes beat, the broker ends what is over.
  void PassTime(int64_t us);
  // Effect: no more faults; all late requests arrive; the running lanes consume everything, stop, and what the dead
  // left open has timed out. A violation if that does not come to an end.
  void Finish();

  SimBroker& broker() { return broker_; }
  SimClock& clock() { return clock_; }
  Faults& faults() { return faults_; }
  Random& random() { return random_; }
  Worker& worker(size_t index) { return *workers_[index]; }
  size_t workers() const { return workers_.size(); }
  const WorldOptions& options() const { return options_; }
  const std::vector<std::string>& violations() const { return violations_; }
  void Violation(std::string what) { violations_.push_back(std::move(what)); }
  const std::vector<std::string>& notices() const { return notices_; }
  // The worker that served the task last.
  size_t OwnerOf(uint32_t task) const { return owner_.contains(task) ? owner_.at(task) : 0; }
  uint64_t trace_hash() const { return trace_; }
  // What the seeds met, for the sum at the end of a run.
  struct Tally {
    uint64_t commits = 0, aborts = 0, resolved_yes = 0, resolved_no = 0, crashes = 0, restarts = 0, rebuilds = 0,
             started = 0, deaths = 0;
  };
  const Tally& tally() const { return tally_; }
  void Trace(std::string_view what, uint64_t a, uint64_t b);

 private:
  class Observer;
  std::vector<size_t> LanesOf(size_t index) const;
  size_t Add(std::shared_ptr<Home> home);
  std::string NextInput(std::string* key);
  bool AllConsumed() const;

  WorldOptions options_;
  Random random_;
  SimClock clock_;
  SimBroker broker_;
  Faults faults_;
  ToyStage stage_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::map<uint32_t, size_t> owner_;
  std::vector<std::string> violations_;
  std::vector<std::string> notices_;
  Tally tally_;
  int64_t input_time_ = 1'700'000'000'000'000;
  uint64_t ghosts_ = 0;
  uint64_t references_ = 0;
  uint64_t trace_ = 0;
};

// Everything that must hold when a world is finished; one line a violation.
std::vector<std::string> CheckWorld(World& world);

}  // namespace zaojing::sim
