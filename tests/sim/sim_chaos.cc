#include "tests/sim/sim_chaos.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace zaojing::sim {
namespace {

class Chaos {
 public:
  explicit Chaos(World& world) : world_(world), random_(world.random()) {}

  void Run() {
    world_.AddReferences(random_.Below(4));
    world_.AddInputs(10 + random_.Below(40));
    const uint64_t workers = 1 + random_.Below(2);
    const bool one_process = random_.Percent(40);
    for (uint64_t i = 0; i < workers; ++i) {
      world_.Start(i > 0 && one_process ? world_.AddLane(0) : world_.AddWorker());
    }
    const uint64_t events = 60 + random_.Below(100);
    for (uint64_t i = 0; i < events && world_.violations().empty(); ++i) {
      Steps(1 + random_.Below(24));
      Event();
    }
    world_.Finish();
  }

 private:
  void Steps(uint64_t count) {
    for (; count > 0; --count) world_.Step(random_.Below(world_.workers()));
    if (random_.Percent(20)) world_.broker().Expire(world_.clock().now_us());
  }

  // One of a hundred; what is left over is nothing at all.
  void Event() {
    const uint64_t draw = random_.Below(100);
    if (draw < 25) return world_.AddInputs(1 + random_.Below(6));
    if (draw < 29) return world_.AddTransactionalInputs(1 + random_.Below(4), random_.Percent(50));
    if (draw < 35) return world_.AddReferences(1 + random_.Below(2));
    if (draw < 45) return world_.PassTime(static_cast<int64_t>(random_.Below(2'000'000)));
    if (draw < 47) return world_.PassTime(limits::kFlushIntervalMax);
    if (draw < 60) return CrashOne();
    if (draw < 66) return Zombie();
    if (draw < 70) return Rebalance();
    if (draw < 76) return Compact();
    if (draw < 78) return world_.AddGhost(AnyChangelog());
    if (draw < 79) return world_.AddGhost({world_.options().inputs[0], AnyTask()});
    if (draw < 85) return (void)world_.broker().DeliverDelayed();
    if (draw < 87) return CorruptRead();
    if (draw < 89) return world_.broker().ForgetOffsets("screen");
    if (draw < 94) return Keep();
    if (draw < 96) return DieOnce();
    if (draw < 99) return world_.AddTick(random_.Percent(30) ? limits::kHour : 1'000);
  }

  int32_t AnyTask() { return static_cast<int32_t>(random_.Below(static_cast<uint64_t>(world_.options().partitions))); }
  TopicPartition AnyChangelog() { return {Topic::kScreenChangelog, AnyTask()}; }
  size_t AnyWorker() { return random_.Below(world_.workers()); }
  static std::string StoreName(int32_t task) { return absl::StrCat("screen-", task); }

  // Fault matrix row 1: killed between any two steps, started again at once, later or never; row 8: the disk has
  // suffered meanwhile.
  void CrashOne() {
    const size_t index = AnyWorker();
    if (world_.worker(index).lane == nullptr) return world_.StartAll(index);
    const std::vector<size_t> ran = world_.Crash(index);
    if (random_.Percent(30)) Damage(index);
    if (!random_.Percent(75)) return;
    for (const size_t lane : ran) world_.Start(lane);
  }

  void Damage(size_t index) {
    SimStores& disk = world_.worker(index).disk;
    const int32_t task = AnyTask();
    const std::string name = StoreName(task);
    if (!disk.Has(name)) return;
    world_.Trace("damage", index, static_cast<uint64_t>(task));
    switch (random_.Below(4)) {
      case 0:
        return (void)disk.RollBack(name);  // an old copy was put back
      case 1:
        return disk.MakeUnreadable(name);
      case 2:
        return disk.Remove(name);
      default: {
        const std::string other = StoreName(AnyTask());
        if (disk.Has(other)) disk.Confuse(name, other);
      }
    }
  }

  void Keep() {
    const size_t index = AnyWorker();
    world_.worker(index).disk.Keep(StoreName(AnyTask()));
  }

  // A death whose cause is no record; once a world, because three in one batch would be a loop.
  void DieOnce() {
    const size_t index = AnyWorker();
    if (died_ || world_.worker(index).lane == nullptr) return;
    died_ = true;
    world_.Die(index);
  }

  // Once a world: a second one while the task is being rebuilt is rightly refused.
  void CorruptRead() {
    if (corrupted_) return;
    const size_t index = AnyWorker();
    const std::string name = StoreName(AnyTask());
    if (world_.worker(index).disk.Has(name)) {
      world_.worker(index).disk.FailReads(name, 1 + static_cast<int64_t>(random_.Below(6)));
      corrupted_ = true;
    }
  }

  // Row 2: a process that stands still for longer than its session, while the others go on, and then wakes up.
  void Zombie() {
    const size_t index = AnyWorker();
    Worker& worker = world_.worker(index);
    if (!worker.running()) return;
    world_.Pause(index, true);
    world_.Trace("pause", index, static_cast<uint64_t>(worker.lane->state()));
    const uint64_t pieces = 1 + random_.Below(14);
    for (uint64_t i = 0; i < pieces; ++i) {
      world_.PassTime(limits::kSecond);
      Steps(10);
    }
    world_.Pause(index, false);
    world_.Trace("resume", index, 0);
  }

  // 1 → 2 → 1.
  void Rebalance() {
    if (world_.workers() < 3 && random_.Percent(50)) return world_.Start(world_.AddWorker());
    const size_t index = AnyWorker();
    Worker& worker = world_.worker(index);
    if (worker.running()) world_.RequestStop(index);
    if (worker.lane != nullptr && world_.Stopped(index)) (void)world_.Crash(index);
  }

  void Compact() {
    const TopicPartition at = AnyChangelog();
    // Tombstones stay: they are kept for longer than any store here is away.
    world_.broker().Compact(at, 0);
    if (!random_.Percent(40)) return;
    // What is left begins with its oldest live record, and the log may forget what lies before.
    int64_t low = world_.broker().LastStable(at);
    int64_t position = 0;
    const std::vector<Record> first = world_.broker().Fetch(at, world_.broker().Low(at), 1, &position);
    if (first.empty()) return;
    low = std::min(low, first[0].offset);
    world_.broker().Truncate(at, low);
    world_.Trace("truncate", static_cast<uint64_t>(at.partition), static_cast<uint64_t>(low));
  }

  World& world_;
  Random& random_;
  bool corrupted_ = false;
  bool died_ = false;
};

}  // namespace

// Row 13: whatever the commit interval, the batch and the slices.
WorldOptions DrawWorld(uint64_t seed, PlantedBug bug, bool print) {
  Random random(seed ^ 0x5eed);
  WorldOptions options;
  options.seed = seed;
  options.bug = bug;
  options.print = print;
  options.partitions = 1 + static_cast<int32_t>(random.Below(3));
  if (random.Percent(30)) options.inputs = {Topic::kLookups, Topic::kTakedowns};
  constexpr std::array<size_t, 4> kBatches = {1, 3, 10, 1'000};
  options.lane.poll_records_max = kBatches[random.Below(4)];
  constexpr std::array<int64_t, 4> kIntervals = {1, 5'000, 100'000, limits::kCommitIntervalMax};
  options.lane.commit_interval_us = kIntervals[random.Below(4)];
  // A part of a job in one turn, or several jobs.
  options.lane.slice_listings_max = random.Percent(25) ? 3 * limits::kJobListings : 1 + random.Below(4);
  const size_t bytes = random.Percent(50) ? 64 : 1 << 20;
  options.lane.memory = [bytes] { return StateMemory{bytes, bytes, bytes}; };
  if (random.Percent(25)) options.poison = 1 + random.Below(3);
  if (random.Percent(70)) {
    options.rates.unavailable = random.Below(6);
    options.rates.aborted = random.Below(8);
    options.rates.unknown = random.Below(25);
  }
  return options;
}

SeedResult RunSeed(uint64_t seed, PlantedBug bug, bool print) {
  World world(DrawWorld(seed, bug, print));
  Chaos(world).Run();
  SeedResult result;
  result.seed = seed;
  result.violations = CheckWorld(world);
  result.trace = world.trace_hash();
  result.tally = world.tally();
  return result;
}

}  // namespace zaojing::sim
