#include "app/lane_thread.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "app/kill_point.h"
#include "processors/risk/risk_stage.h"
#include "processors/screen/screen_stage.h"
#include "proto/status_util.h"
#include "sinks/kafka/kafka_log.h"

namespace zaojing {
namespace {

// A lane that has nothing to do yet (waiting for its assignment or a broker) looks again after this long.
constexpr std::chrono::microseconds kIdlePause{500};

std::vector<Topic> OutputsOf(const Stage& stage, LaneThread::Role role) {
  if (role == LaneThread::Role::kScreen) {
    return {Topic::kDeadLetter, stage.journal(),   stage.changelog(),
            Topic::kVerdicts,   Topic::kTakedowns, Topic::kSignals};
  }
  return {Topic::kDeadLetter, stage.journal(), stage.changelog(), Topic::kAlerts};
}

}  // namespace

LaneThread::LaneThread() = default;
LaneThread::~LaneThread() { Join(); }

absl::StatusOr<std::unique_ptr<LaneThread>> LaneThread::Create(const WorkerShared& shared, Role role, int number) {
  const v1::WorkerConfig& config = shared.config;
  std::unique_ptr<LaneThread> lane(new LaneThread());
  const std::string stage_name = role == Role::kScreen ? "screen" : "risk";
  lane->name_ = absl::StrCat(stage_name, "/", number);
  lane->reporter_ =
      std::make_unique<LaneReporter>(LaneReporterOptions{lane->name_, stage_name, shared.rules.registry_stale_after()},
                                     shared.metrics.ForLane(lane->name_), lane->clock_);
  if (role == Role::kScreen) {
    ScreenOptions options;
    options.every_verdict = config.verdicts() == v1::VERDICT_MODE_EVERY_LOOKUP;
    lane->stage_ = std::make_unique<ScreenStage>(shared.rules, options);
  } else {
    lane->stage_ = std::make_unique<RiskStage>(shared.rules, shared.personal);
  }
  lane->stage_ = WithFaults(std::move(lane->stage_));
  lane->marks_ = shared.crashes.MarksOf(stage_name);
  KafkaLogOptions log;
  log.client = shared.client;
  const std::string identity = absl::StrCat(config.application(), ".", stage_name);
  log.consumer.group = identity;
  log.consumer.instance = absl::StrCat(config.instance(), ".", stage_name, ".", number);
  log.consumer.inputs = {lane->stage_->inputs().begin(), lane->stage_->inputs().end()};
  // Some seconds of a lane's work: a full queue makes the client pause for one, and more than that is memory touched for
  // nothing.
  log.consumer.prefetch_kbytes =
      static_cast<int64_t>(shared.shares().prefetch / static_cast<size_t>(shared.lanes) / 1024);
  log.producer.transactional_id = absl::StrCat(identity, ".", config.instance(), ".", number);
  log.producer.outputs = OutputsOf(*lane->stage_, role);
  ASSIGN_OR_RETURN(lane->log_, KafkaLog::Open(std::move(log), lane->clock_));
  lane->references_ = shared.registry.ForLane();
  lane->stores_ = std::make_unique<RocksStoreFactory>(config.state_dir(), shared.memory);
  LaneOptions options;
  options.partitions = config.partitions();
  options.marks = lane->marks_.get();
  options.commit_interval_us = int64_t{config.commit_interval_ms()} * 1000;
  options.memory = [shares = shared.shares, role] {
    return role == Role::kRisk ? shares().risk_task : shares().screen_task;
  };
  lane->lane_ = std::make_unique<Lane>(options, *lane->stage_, *lane->log_, *lane->stores_, *lane->references_,
                                       lane->clock_, *lane->reporter_);
  if (role == Role::kRisk && config.clock() != v1::CLOCK_MODE_EVENTS) {
    lane->ticks_ = std::make_unique<TickWriter>(shared.client, lane->clock_, lane->name_);
  }
  lane->reporter_->Watch(*lane->lane_, *lane->log_);
  return lane;
}

void LaneThread::Start() {
  active_us_.store(clock_.MonotonicMicros());
  thread_ = std::thread([this] { Run(); });
}

void LaneThread::Join() {
  if (thread_.joinable()) thread_.join();
}

int64_t LaneThread::step_started_us() const { return lane_->step_started_us(); }

void LaneThread::Run() {
  const CrashScope crash(stage_->name(), lane_->work());
  bool stopping = false;
  while (!lane_->stopped()) {
    if (!stopping && stop_.load(std::memory_order_relaxed)) {
      stopping = true;
      lane_->RequestStop();
    }
    const Lane::State before = lane_->state();
    result_ = lane_->Step();
    if (!result_.ok()) break;
    KillPoint(before, lane_->state());
    const bool running = lane_->state() == Lane::State::kRunning;
    resting_.store(lane_->idle() && running, std::memory_order_relaxed);
    if (!lane_->idle() || !running) active_us_.store(clock_.MonotonicMicros(), std::memory_order_relaxed);
    reporter_->Sample();
    if (ticks_ != nullptr && !lane_->tasks().empty()) ticks_->WriteIfDue();
    if (lane_->idle() && !running) std::this_thread::sleep_for(kIdlePause);
  }
  reporter_->OnEnd(result_);
  finished_.store(true, std::memory_order_release);
}

}  // namespace zaojing
