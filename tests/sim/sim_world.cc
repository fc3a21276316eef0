#include "tests/sim/sim_world.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/state/state_check.h"
#include "proto/check.h"
#include "proto/ids.h"
#include "proto/status_util.h"
#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/control.pb.h"

namespace zaojing::sim {
namespace {

constexpr uint64_t kListings = 12;
constexpr uint64_t kCertificates = 4;
constexpr int64_t kStepMicros = 500;
constexpr int64_t kTimePiece = limits::kSecond;

class WatchedRegistry final : public OwnRegistry {
 public:
  WatchedRegistry(SimBroker& broker, std::function<void()> on_bound)
      : OwnRegistry(std::make_unique<SimReferenceFeed>(broker)), on_bound_(std::move(on_bound)) {}
  void KeepWithinBound() override { on_bound_(); }

 private:
  const std::function<void()> on_bound_;
};

std::string CertificateNumber(uint64_t index) { return absl::StrCat("20190109010000", 10 + index); }

}  // namespace

class World::Observer final : public LaneObserver {
 public:
  Observer(World& world, size_t index) : world_(world), index_(index) {}
  void OnCommitted(const LaneCommit& commit) override {
    ++world_.tally_.commits;
    world_.Trace("committed", index_, commit.records);
  }
  void OnRestoreProgress(const RestoreProgress&) override { ++world_.workers_[index_]->restore_steps; }
  void OnAborted(const absl::Status&) override { ++world_.tally_.aborts; }
  void OnResolved(bool happened) override {
    ++(happened ? world_.tally_.resolved_yes : world_.tally_.resolved_no);
    world_.Trace("resolved", index_, happened ? 1 : 0);
  }
  void OnTaskStarted(const Task& task) override {
    ++world_.tally_.started;
    world_.owner_[task.task()] = index_;
    world_.Trace("started", index_, task.task());
    CheckStore(task);
  }
  void OnTaskClosed(uint32_t task) override { world_.Trace("closed", index_, task); }
  void OnNotice(std::string_view line) override {
    if (line.find("discarded") != std::string_view::npos) ++world_.tally_.rebuilds;
    world_.notices_.emplace_back(line);
    if (world_.options_.print) std::fprintf(stderr, "  notice: %.*s\n", static_cast<int>(line.size()), line.data());
  }

 private:
  // No task may begin to judge on a store that is not what its marker says.
  void CheckStore(const Task& task) {
    MemoryStore& store = world_.workers_[index_]->disk.At(absl::StrCat("screen-", task.task()));
    const ToyIndex index;
    StateCheck check(&index);
    for (auto entry = store.Seek(""); entry->Valid(); entry->Next()) check.Add(entry->key(), entry->value());
    const Digest expected =
        task.marker() ? Digest{task.marker()->digest_high(), task.marker()->digest_low()} : Digest{};
    if (!check.derived_fits()) {
      world_.Violation(absl::StrCat("task ", task.task(), " started on derived entries that do not follow"));
    }
    if (check.digest() != expected)
      world_.Violation(absl::StrCat("task ", task.task(), " started on a store that is not its marker's"));
  }

  World& world_;
  const size_t index_;
};

World::World(WorldOptions options)
    : options_(std::move(options)),
      random_(options_.seed),
      broker_(limits::kTransactionTimeout, limits::kSessionTimeout),
      faults_(random_, options_.rates),
      stage_(options_.inputs) {
  for (Topic topic : options_.inputs) broker_.SetPartitions(topic, options_.partitions);
}

World::~World() = default;

void World::Trace(std::string_view what, uint64_t a, uint64_t b) {
  trace_ = trace_ * 0x100000001b3 ^ Hash64(what) ^ (a << 32) ^ b ^ static_cast<uint64_t>(clock_.now_us()) << 8;
  if (!options_.print) return;
  std::fprintf(stderr, "%12lld %.*s %llu %llu\n", static_cast<long long>(clock_.now_us()),
               static_cast<int>(what.size()), what.data(), static_cast<unsigned long long>(a),
               static_cast<unsigned long long>(b));
}

// --- Inputs ---

std::string World::NextInput(std::string* key) {
  *key = absl::StrCat("listing-", random_.Below(kListings));
  if (random_.Percent(3)) return "not four fields";
  if (options_.poison > 0 && random_.Percent(options_.poison)) return std::string(kPoison);
  // Mostly forwards, sometimes back, now and then past an hour.
  input_time_ += random_.Percent(10) ? 1'800'000'000 : 1'000;
  const int64_t at = input_time_ - (random_.Percent(20) ? 5'000'000 : 0);
  const uint64_t amount = random_.Percent(10) ? 0 : 1 + random_.Below(9);
  return absl::StrCat(*key, "|", CertificateNumber(random_.Below(kCertificates)), "|", amount, "|", at);
}

void World::AddInputs(uint64_t count) {
  for (; count > 0; --count) {
    std::string key;
    std::string value = NextInput(&key);
    const Topic topic = options_.inputs[random_.Below(options_.inputs.size())];
    const TopicPartition at{topic, PartitionOf(key, options_.partitions)};
    broker_.Append(at, std::move(key), std::move(value), input_time_);
  }
}

void World::AddTransactionalInputs(uint64_t count, bool commit) {
  const ProducerIdentity feed = broker_.InitProducer("feed", clock_.now_us());
  std::vector<OutputRecord> records;
  for (; count > 0; --count) {
    OutputRecord& record = records.emplace_back();
    record.value = NextInput(&record.key);
    record.topic = options_.inputs[random_.Below(options_.inputs.size())];
    record.partition = PartitionOf(record.key, options_.partitions);
    record.timestamp = input_time_;
    ZAOJING_CHECK(broker_.AddPartition(feed, {record.topic, record.partition}, clock_.now_us()).ok());
  }
  ZAOJING_CHECK(broker_.Produce(feed, records).ok());
  ZAOJING_CHECK(broker_.EndTransaction(feed, commit).ok());
}

void World::AddReferences(uint64_t count) {
  for (; count > 0; --count) {
    const uint64_t n = ++references_;
    input_time_ += 1'000;
    if (random_.Percent(30)) {
      v1::Control control;
      control.set_event_id(absl::StrCat("heartbeat-", n));
      control.set_source("registry");
      control.set_schema_version(1);
      control.set_occurred_at(input_time_);
      control.set_received_at(input_time_);
      control.mutable_heartbeat()->set_registry_as_of(input_time_);
      broker_.Append({Topic::kControl, 0}, "heartbeat", control.SerializeAsString(), input_time_);
      continue;
    }
    v1::Certificate fact;
    fact.set_event_id(absl::StrCat("fact-", n));
    fact.set_source("registry");
    fact.set_schema_version(1);
    fact.set_occurred_at(input_time_);
    fact.set_received_at(input_time_);
    fact.set_number(CertificateNumber(random_.Below(kCertificates)));
    fact.set_status(random_.Percent(50) ? v1::CERTIFICATE_STATUS_VALID : v1::CERTIFICATE_STATUS_SUSPENDED);
    fact.set_effective_at(input_time_);
    fact.set_valid_from(input_time_);
    broker_.Append({Topic::kCertificates, 0}, fact.number(), fact.SerializeAsString(), input_time_);
  }
}

void World::AddTick(int64_t by_us) {
  input_time_ += by_us;
  v1::Tick tick;
  tick.set_event_id("tick");
  tick.set_source("risk/0");
  tick.set_schema_version(1);
  tick.set_occurred_at(input_time_);
  tick.set_received_at(input_time_);
  broker_.Append({Topic::kTicks, 0}, "", tick.SerializeAsString(), input_time_);
}

void World::AddGhost(TopicPartition at) {
  const ProducerIdentity ghost = broker_.InitProducer(absl::StrCat("ghost-", ++ghosts_), clock_.now_us());
  ZAOJING_CHECK(broker_.AddPartition(ghost, at, clock_.now_us()).ok());
  const OutputRecord record{at.topic, at.partition, 0, "Lghost", "never to be seen", false};
  ZAOJING_CHECK(broker_.Produce(ghost, {&record, 1}).ok());
}

void World::SetStageInputs(std::vector<Topic> inputs) {
  for (const auto& worker : workers_) ZAOJING_CHECK(worker->lane == nullptr);
  for (Topic topic : inputs) broker_.SetPartitions(topic, options_.partitions);
  stage_ = ToyStage(inputs);
  options_.inputs = std::move(inputs);
}

// --- Workers ---

size_t World::AddWorker() { return Add(std::make_shared<Home>()); }
size_t World::AddLane(size_t beside) { return Add(workers_[beside]->home); }

size_t World::Add(std::shared_ptr<Home> home) {
  workers_.push_back(std::make_unique<Worker>(std::move(home)));
  workers_.back()->instance = absl::StrCat("worker-", workers_.size());
  return workers_.size() - 1;
}

void World::Start(size_t index) {
  Worker& worker = *workers_[index];
  ZAOJING_CHECK(worker.lane == nullptr);
  SimLogOptions options;
  options.instance = worker.instance;
  options.topics = options_.inputs;
  options.bug = options_.bug;
  worker.log = std::make_unique<SimLog>(std::move(options), broker_, clock_, faults_);
  worker.references = std::make_unique<WatchedRegistry>(broker_, options_.on_bound);
  worker.observer = std::make_unique<Observer>(*this, index);
  LaneOptions lane = options_.lane;
  lane.partitions = static_cast<uint32_t>(options_.partitions);
  lane.marks = &worker.marks;
  worker.lane =
      std::make_unique<Lane>(lane, stage_, *worker.log, worker.disk, *worker.references, clock_, *worker.observer);
  worker.paused = false;
  Trace("start", index, 0);
}

void World::StartAll(size_t index) {
  for (const size_t lane : LanesOf(index)) Start(lane);
}

std::vector<size_t> World::LanesOf(size_t index) const {
  std::vector<size_t> lanes;
  for (size_t i = 0; i < workers_.size(); ++i) {
    if (workers_[i]->home == workers_[index]->home) lanes.push_back(i);
  }
  return lanes;
}

std::vector<size_t> World::Crash(size_t index) {
  ++tally_.crashes;
  std::vector<size_t> ran;
  for (const size_t lane : LanesOf(index)) {
    Worker& worker = *workers_[lane];
    Trace("crash", lane, worker.lane != nullptr ? static_cast<uint64_t>(worker.lane->state()) : 99);
    if (worker.lane != nullptr) ran.push_back(lane);
    worker.lane.reset();
    worker.observer.reset();
    worker.references.reset();
    worker.log.reset();
    worker.paused = false;
  }
  workers_[index]->disk.Crash();
  return ran;
}

bool World::Stopped(size_t index) const {
  const std::vector<size_t> lanes = LanesOf(index);
  return std::all_of(lanes.begin(), lanes.end(), [this](size_t lane) {
    return workers_[lane]->lane == nullptr || workers_[lane]->lane->stopped();
  });
}

void World::RequestStop(size_t index) {
  for (const size_t lane : LanesOf(index)) {
    if (workers_[lane]->lane != nullptr) workers_[lane]->lane->RequestStop();
  }
}

void World::Pause(size_t index, bool paused) {
  for (const size_t lane : LanesOf(index)) workers_[lane]->paused = paused;
}

void World::Die(size_t index) {
  Worker& worker = *workers_[index];
  ++tally_.deaths;
  worker.marks.Died(worker.lane->work());
  Trace("die", index, static_cast<uint64_t>(worker.lane->work().mark().offset));
  for (const size_t lane : Crash(index)) Start(lane);
}

void World::Step(size_t index) {
  Worker& worker = *workers_[index];
  if (!worker.running()) return;
  clock_.Advance(kStepMicros);
  const Lane::State before = worker.lane->state();
  absl::Status status;
  try {
    status = worker.lane->Step();
  } catch (const Death&) {
    Die(index);
    return;
  }
  if (worker.lane->state() != before) Trace("state", index, static_cast<uint64_t>(worker.lane->state()));
  if (status.ok()) return;
  if (options_.print) std::fprintf(stderr, "  failed: %s\n", status.ToString().c_str());
  if (!absl::IsFailedPrecondition(status) && !absl::IsUnavailable(status)) {
    Violation(absl::StrCat("worker ", index, " failed: ", status.ToString()));
    Crash(index);
    return;
  }
  ++tally_.restarts;
  for (const size_t lane : Crash(index)) Start(lane);
}

bool World::StepUntil(size_t index, Lane::State state, int steps_max) {
  for (; steps_max > 0; --steps_max) {
    if (workers_[index]->lane == nullptr) return false;
    if (workers_[index]->lane->state() == state) return true;
    Step(index);
  }
  return false;
}

void World::PassTime(int64_t us) {
  while (us > 0) {
    const int64_t piece = std::min(us, kTimePiece);
    clock_.Advance(piece);
    us -= piece;
    for (const auto& worker : workers_) {
      if (worker->running()) worker->log->Heartbeat();
    }
    broker_.Expire(clock_.now_us());
  }
}

bool World::AllConsumed() const {
  std::map<TopicPartition, int64_t> next;
  for (const auto& worker : workers_) {
    if (worker->lane == nullptr) continue;
    for (const auto& [number, task] : worker->lane->tasks()) {
      if (task->HasJobs()) return false;
      for (const CommittedOffset& position : task->positions()) next[position.at] = position.next;
    }
  }
  for (Topic topic : options_.inputs) {
    for (int32_t partition = 0; partition < options_.partitions; ++partition) {
      const TopicPartition at{topic, partition};
      int64_t position = 0;
      if (!next.contains(at) || !broker_.Fetch(at, next[at], 1, &position).empty()) return false;
      if (position < broker_.High(at)) return false;
    }
  }
  return true;
}

void World::Finish() {
  faults_.Heal();
  Trace("heal", 0, 0);
  for (const auto& worker : workers_) worker->paused = false;
  bool done = false;
  for (int round = 0; round < 4'000 && !done; ++round) {
    bool quiet = true;
    bool any = false;
    for (size_t i = 0; i < workers_.size(); ++i) {
      if (workers_[i]->lane != nullptr && Stopped(i)) Crash(i);
      any = any || workers_[i]->lane != nullptr;
    }
    if (!any) Start(workers_.empty() ? AddWorker() : 0);
    for (size_t i = 0; i < workers_.size(); ++i) {
      for (int step = 0; step < 8; ++step) Step(i);
      const Lane* lane = workers_[i]->lane.get();
      quiet = quiet && (lane == nullptr || (lane->state() == Lane::State::kRunning && lane->idle()));
    }
    PassTime(quiet ? 10 * kStepMicros : limits::kSecond / 10);
    broker_.DeliverDelayed();
    done = quiet && broker_.delayed() == 0 && AllConsumed();
  }
  if (!done && violations_.empty()) Violation("no progress: inputs are left, and no fault is");
  for (size_t i = 0; i < workers_.size(); ++i) {
    if (workers_[i]->lane == nullptr) continue;
    RequestStop(i);
    if (!StepUntil(i, Lane::State::kStopped) && violations_.empty()) {
      Violation(absl::StrCat("worker ", i, " does not stop"));
    }
  }
  PassTime(limits::kTransactionTimeout + limits::kSecond);
}

}  // namespace zaojing::sim
