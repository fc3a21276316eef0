// zaojing run: a worker against Kafka.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "app/commands.h"
#include "app/kill_point.h"
#include "app/lane_thread.h"
#include "app/memory_shares.h"
#include "app/metrics.h"
#include "app/rules_file.h"
#include "app/scratch_memory.h"
#include "app/shared_registry.h"
#include "app/worker_config.h"
#include "app/worker_references.h"
#include "ingest/kafka/kafka_client.h"
#include "processors/rules/rule_set.h"
#include "proto/status_util.h"
#include "sinks/kafka/topics.h"

namespace zaojing {
namespace {

constexpr std::chrono::milliseconds kSupervision{20};
// Of the program and its libraries a third of it is in memory in any case; a bound below that would be kept by giving
// back over and over what lanes are reading.
constexpr uint64_t kMappedBytesMin = uint64_t{96} << 20;
constexpr int kExitWatchdog = 70;

volatile sig_atomic_t g_stop = 0;
void OnSignal(int) { g_stop = 1; }

// Second field of /proc/self/statm, in pages.
double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  statm >> size >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

class Worker {
 public:
  Worker(v1::WorkerConfig config, v1::RuleSet rules) : config_(std::move(config)), rules_(std::move(rules)) {}

  absl::Status Run() {
    RETURN_IF_ERROR(Prepare());
    for (const auto& lane : lanes_) lane->Start();
    spdlog::info("{} lanes start; rules {}; P = {}; state in {}", lanes_.size(), RulesName(rules_),
                 config_.partitions(), config_.state_dir());
    absl::Status status = Supervise();
    for (const auto& lane : lanes_) lane->Join();
    return status;
  }

 private:
  absl::Status Prepare() {
    spdlog::info("worker {} of {}: brokers {}, memory budget {} MiB", config_.instance(), config_.application(),
                 config_.bootstrap(), config_.memory_budget_bytes() >> 20);
    client_.bootstrap = config_.bootstrap();
    client_.topic_prefix = config_.topic_prefix();
    client_.client_id = absl::StrCat(config_.application(), ".", config_.instance());
    client_.properties.assign(config_.kafka().begin(), config_.kafka().end());
    client_.on_log = [](int level, std::string_view line) {
      // What the client retries by itself is no news.
      if (level <= 4 && line.find(": retrying") == std::string_view::npos) spdlog::warn("kafka: {}", line);
    };
    RETURN_IF_ERROR(CheckKafkaProperties(client_.properties));
    if (!config_.metrics_listen().empty()) {
      SystemClock clock;
      metrics_.SetWorker(config_.instance(), RulesName(rules_), static_cast<double>(clock.WallMicros()) / 1e6);
      RETURN_IF_ERROR(metrics_.Serve(config_.metrics_listen()));
      spdlog::info("metrics on port {}", metrics_.port());
    }
    TopicPlan plan;
    plan.partitions = static_cast<int32_t>(config_.partitions());
    ASSIGN_OR_RETURN(const std::vector<std::string> differences, CheckTopics(client_, plan));
    if (!differences.empty()) {
      std::string lines;
      for (const std::string& line : differences) absl::StrAppend(&lines, lines.empty() ? "" : "; ", line);
      return absl::FailedPreconditionError(absl::StrCat(
          "the topics are not as they must be (`zaojing topics create` makes what is missing; else check this user's ",
          "rights): ", lines));
    }
    ASSIGN_OR_RETURN(crashes_, CrashFile::Open(config_.state_dir()));
    ASSIGN_OR_RETURN(std::unique_ptr<ReferenceFeed> feed, OpenReferences(client_, config_.state_dir(), metrics_));
    const uint64_t share = Shares().scratch;
    ASSIGN_OR_RETURN(std::unique_ptr<ScratchMemory> scratch,
                     ScratchMemory::Open(config_.state_dir(), {share, config_.memory_budget_bytes() - share,
                                                               std::max(share, kMappedBytesMin)}));
    memory_ = MakeStoreMemory(Shares().stores);
    registry_ = std::make_unique<SharedRegistry>(std::move(feed), std::move(scratch),
                                                 [this](const Registry& registry) { MakeRoomFor(registry); });
    WorkerShared shared{config_, rules_, client_, metrics_, *crashes_, *registry_, memory_, [this] { return Shares(); },
                        {},      0};
    if (!config_.personal_key_file().empty()) {
      ASSIGN_OR_RETURN(shared.personal.key, ReadText(config_.personal_key_file()));
      shared.personal.id = config_.personal_key_file().substr(config_.personal_key_file().rfind('/') + 1);
    }
    const int screens = HasRole(config_, "screen") ? static_cast<int>(config_.screen_lanes()) : 0;
    const int risks = HasRole(config_, "risk") ? 1 : 0;
    shared.lanes = screens + risks;
    for (int i = 0; i < shared.lanes; ++i) {
      const bool screen = i < screens;
      ASSIGN_OR_RETURN(auto lane,
                       LaneThread::Create(shared, screen ? LaneThread::Role::kScreen : LaneThread::Role::kRisk,
                                          screen ? i : i - screens));
      lanes_.push_back(std::move(lane));
    }
    return absl::OkStatus();
  }

  MemoryShares Shares() const {
    return SharesOf(config_.memory_budget_bytes(), config_.partitions(), registry_bytes_.load());
  }

  // The reader's thread. Lanes ask for their shares once they are told that the registry is there.
  void MakeRoomFor(const Registry& registry) {
    const size_t before = Shares().stores;
    const size_t bytes = registry.bytes();
    registry_bytes_.store(bytes);
    const MemoryShares shares = Shares();
    BoundStoreMemory(*memory_, shares.stores);
    const std::string takes =
        absl::StrCat("the registry takes ", bytes >> 20, " MiB of memory beside its scratch file");
    if (!shares.fits) {
      spdlog::warn("{}, too much for a budget of {} MiB, which will be exceeded: raise memory_budget_bytes", takes,
                   config_.memory_budget_bytes() >> 20);
    } else if (shares.stores < before) {
      spdlog::info("{}: caches and stores have {} % of what they would have beside a small one", takes,
                   100 * shares.stores / before);
    }
  }

  // Waits for the end: a signal, an idle worker that may stop, a lane that failed, or one stuck in a call.
  absl::Status Supervise() {
    SystemClock clock;
    bool stopping = false;
    for (;;) {
      bool all_finished = true;
      bool all_rest = true;
      absl::Status failed;
      int64_t active = 0;
      for (const auto& lane : lanes_) {
        active = std::max(active, lane->active_us());
        if (!lane->finished()) {
          all_finished = false;
          all_rest = all_rest && lane->resting();
          Watch(*lane, clock.MonotonicMicros());
        } else if (!lane->result().ok() && failed.ok()) {
          failed = absl::Status(lane->result().code(),
                                absl::StrCat(lane->name(), ": ", std::string(lane->result().message())));
        }
      }
      const bool idle = config_.stop_after_idle_ms() > 0 && all_rest &&
                        clock.MonotonicMicros() - active > int64_t{config_.stop_after_idle_ms()} * 1000;
      if (!stopping && (g_stop != 0 || idle || !failed.ok())) {
        stopping = true;
        spdlog::info("stopping: {}", g_stop != 0 ? "signal" : idle ? "idle" : "a lane failed");
        for (const auto& lane : lanes_) lane->RequestStop();
      }
      if (all_finished) return failed;
      const size_t memtables = StoreMemtableBytes(*memory_);
      const size_t used = std::max(StoreMemoryUsed(*memory_), memtables);  // memtables are charged to it
      metrics_.SetMemory({static_cast<double>(used - memtables), static_cast<double>(memtables), ResidentBytes()});
      std::this_thread::sleep_for(kSupervision);
    }
  }

  // librdkafka calls that never come back exist; the supervisor that restarts us is the only cure.
  static void Watch(const LaneThread& lane, int64_t now_us) {
    const int64_t started = lane.step_started_us();
    if (started == 0 || now_us - started < WatchdogTimeout()) return;
    spdlog::critical("{} is stuck in one call for {} s; the process ends so that it can be restarted", lane.name(),
                     (now_us - started) / limits::kSecond);
    std::fflush(nullptr);
    ::_exit(kExitWatchdog);
  }

  const v1::WorkerConfig config_;
  const v1::RuleSet rules_;
  KafkaClientOptions client_;
  WorkerMetrics metrics_;
  std::unique_ptr<CrashFile> crashes_;
  std::shared_ptr<StoreMemory> memory_;
  std::atomic<size_t> registry_bytes_{0};     // once it has caught up
  std::unique_ptr<SharedRegistry> registry_;  // outlives the lanes; its reader uses what is above
  std::vector<std::unique_ptr<LaneThread>> lanes_;
};

int Run(const std::string& path) {
  const absl::StatusOr<v1::WorkerConfig> config = ReadWorkerConfig(path);
  if (!config.ok()) {
    std::fprintf(stderr, "%s\n", std::string(config.status().message()).c_str());
    return kExitUsage;
  }
  const absl::StatusOr<v1::RuleSet> rules = ReadRules(config->rules_file());
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", std::string(rules.status().message()).c_str());
    return kExitUsage;
  }
  ::signal(SIGINT, OnSignal);
  ::signal(SIGTERM, OnSignal);
  const absl::Status status = Worker(*config, *rules).Run();
  if (status.ok()) return kExitDone;
  spdlog::error("{}", std::string(status.message()));
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

}  // namespace

void AddRun(CLI::App& app, int* exit_code) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("run", "A worker against Kafka: the roles the configuration names");
  command->add_option("--config", *path, "Configuration (textproto, schema proto/zaojing/v1/config.proto)")
      ->required()
      ->check(CLI::ExistingFile);
  command->callback([path, exit_code] { *exit_code = Run(*path); });
}

}  // namespace zaojing
