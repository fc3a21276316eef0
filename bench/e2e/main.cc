// zaojing_bench: the pipeline from end to end on a real broker. Starts the release worker as a child and measures it
// from outside; then a bare loop in its place. bench/run starts the broker and this; bench/README.md has the figures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/e2e/bare_loop.h"
#include "bench/e2e/fanout.h"
#include "bench/e2e/latency.h"
#include "bench/e2e/peer.h"
#include "bench/e2e/setting.h"
#include "bench/e2e/throughput.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

constexpr int64_t kStopPatience = int64_t{20} * 1'000'000;
constexpr int kWarmUpSeconds = 5;
constexpr double kFanoutFloor = 50'000;  // listings a second and core, beside half the look-ups it can do
constexpr double kFanoutGoal = 100'000;

struct Plan {
  Setting setting;
  std::vector<int> lanes = {2, 1};
  int repeat = 1;
  PeerPlan peer;      // without a program: none
  FanoutPlan fanout;  // without listings: none
};

void Print(const char* what, const Latency& l) {
  std::printf("%-9s | %llu events | p50 %6.1f ms | p99 %6.1f ms | p99.9 %6.1f ms | max %6.1f ms\n", what,
              static_cast<unsigned long long>(l.seen), l.p50_ms, l.p99_ms, l.p999_ms, l.max_ms);
  std::fflush(stdout);
}

absl::StatusOr<Latency> LatencyOfWorker(const Setting& setting, Deployment deployment) {
  deployment.every_verdict = true;
  ASSIGN_OR_RETURN(ChildProcess worker, StartWorker(setting, deployment));
  ASSIGN_OR_RETURN(const Latency latency, MeasureLatency(setting, deployment, Answer::kVerdict));
  const ProcessUse use = worker.Stop(kStopPatience);
  if (use.exit_code != 0) return absl::UnavailableError(absl::StrCat("the worker ended with ", use.exit_code));
  return latency;
}

absl::StatusOr<Latency> LatencyOfBareLoop(const Setting& setting, const Deployment& deployment) {
  const KafkaClientOptions client = ClientOf(setting, deployment);
  std::vector<std::unique_ptr<BareLoop>> loops;
  for (int lane = 0; lane < deployment.lanes; ++lane) {
    std::vector<int32_t> partitions;
    for (int32_t p = lane; p < setting.partitions; p += deployment.lanes) partitions.push_back(p);
    ASSIGN_OR_RETURN(std::unique_ptr<BareLoop> loop,
                     BareLoop::Start(client, deployment.name + ".bare", std::move(partitions)));
    loops.push_back(std::move(loop));
  }
  ASSIGN_OR_RETURN(const Latency latency, MeasureLatency(setting, deployment, Answer::kLookup));
  for (const auto& loop : loops) RETURN_IF_ERROR(loop->Stop());
  return latency;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

// The bare loop's topics: as the worker's, and empty.
absl::StatusOr<Deployment> MakeBare(const Setting& setting, const Deployment& like, const std::string& name) {
  Setting empty = setting;
  empty.certificates = 0;
  Deployment bare = like;
  bare.name = name;
  RETURN_IF_ERROR(Fill(empty, bare, 0));
  return bare;
}

// Worker and bare loop in turn, on the deployment that was fastest. A short bare run comes first, so that the broker
// has met small transactions before anything counts.
absl::Status CompareLatency(const Plan& plan, const Deployment& deployment) {
  Setting brief = plan.setting;
  brief.latency_seconds = kWarmUpSeconds;
  ASSIGN_OR_RETURN(const Deployment warm_up, MakeBare(plan.setting, deployment, "warm-up"));
  RETURN_IF_ERROR(LatencyOfBareLoop(brief, warm_up).status());
  std::vector<double> ratios;
  for (int i = 0; i < plan.repeat; ++i) {
    ASSIGN_OR_RETURN(const Latency worker, LatencyOfWorker(plan.setting, deployment));
    Print("worker", worker);
    ASSIGN_OR_RETURN(const Deployment bare, MakeBare(plan.setting, deployment, absl::StrCat("bare-", i)));
    ASSIGN_OR_RETURN(const Latency loop, LatencyOfBareLoop(plan.setting, bare));
    Print("bare loop", loop);
    ratios.push_back(worker.p99_ms / loop.p99_ms);
    std::printf("worker to bare loop: p50 %.2f x, p99 %.2f x, p99.9 %.2f x (%d lanes each)\n",
                worker.p50_ms / loop.p50_ms, ratios.back(), worker.p999_ms / loop.p999_ms, deployment.lanes);
    std::fflush(stdout);
  }
  std::printf("median of %zu: p99 of the worker is %.2f x that of the bare loop (to be at most 1.3)\n", ratios.size(),
              Median(ratios));
  return absl::OkStatus();
}

absl::Status RepeatFanout(const Plan& plan, int lanes) {
  std::vector<double> rates;
  std::vector<double> cpu_rates;
  std::vector<double> harms;
  for (int i = 0; i < plan.repeat; ++i) {
    const Deployment deployment{absl::StrCat("fanout-", i + 1, "-lanes-", lanes), lanes, false};
    ASSIGN_OR_RETURN(const Fanout fanout, MeasureFanout(plan.setting, plan.fanout, deployment));
    rates.push_back(fanout.listings_per_second / lanes);
    cpu_rates.push_back(fanout.listings_per_cpu_second);
    harms.push_back(fanout.p99_ms_during / fanout.p99_ms_before);
  }
  const double rate = Median(rates);
  std::printf(
      "median of %zu: %.0f listings/s a lane (floor 50,000: %s; goal 100,000: %s), %.0f a CPU second of the worker; "
      "p99 "
      "of the look-ups %.2f x that before\n",
      rates.size(), rate, rate >= kFanoutFloor ? "met" : "NOT met", rate >= kFanoutGoal ? "met" : "NOT met",
      Median(cpu_rates), Median(harms));
  return absl::OkStatus();
}

absl::Status Run(const Plan& plan) {
  if (plan.fanout.listings > 0) {
    for (const int lanes : plan.lanes) RETURN_IF_ERROR(RepeatFanout(plan, lanes));
    return absl::OkStatus();
  }
  if (!plan.peer.program.empty()) return ComparePeer(plan.setting, plan.peer);
  std::vector<std::pair<Throughput, Deployment>> runs;
  for (int i = 0; i < plan.repeat; ++i) {
    for (const int lanes : plan.lanes) {
      // The place in the list, because a number of lanes may stand in it twice: a name used again is read twice over.
      const Deployment deployment{absl::StrCat("bench-", runs.size() + 1, "-lanes-", lanes), lanes, false};
      RETURN_IF_ERROR(Fill(plan.setting, deployment, plan.setting.lookups));
      ASSIGN_OR_RETURN(const Throughput throughput,
                       MeasureThroughput(plan.setting, WorkerOn(plan.setting, deployment)));
      Print(absl::StrCat("lanes ", lanes), throughput);
      runs.emplace_back(throughput, deployment);
    }
  }
  if (runs.empty() || plan.setting.latency_seconds == 0) return absl::OkStatus();
  const auto best = std::max_element(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return a.first.lookups_per_second < b.first.lookups_per_second;
  });
  std::printf("fastest with %d lanes; latency at %d events/s for %d s, every verdict written, %u partitions:\n",
              best->second.lanes, plan.setting.latency_rate, plan.setting.latency_seconds,
              static_cast<unsigned>(plan.setting.partitions));
  return CompareLatency(plan, best->second);
}

}  // namespace
}  // namespace zaojing::bench

int main(int argc, char** argv) {
  zaojing::bench::Plan plan;
  zaojing::bench::Setting& setting = plan.setting;
  int limit_seconds = 240;
  CLI::App app{"The pipeline from end to end on a real broker"};
  app.add_option("--bootstrap", setting.bootstrap, "Broker, host:port")->required();
  app.add_option("--worker", setting.worker, "The program measured")->required()->check(CLI::ExistingFile);
  app.add_option("--rules", setting.rules, "Its rules")->required()->check(CLI::ExistingFile);
  app.add_option("--directory", setting.directory, "For states and logs")->required()->check(CLI::ExistingDirectory);
  app.add_option("--broker-pid", setting.broker, "To count the broker's CPU");
  app.add_option("--lookups", setting.lookups)->capture_default_str()->take_last();
  app.add_option("--listings", setting.listings)->capture_default_str()->check(CLI::PositiveNumber)->take_last();
  app.add_option("--certificates", setting.certificates)->capture_default_str()->check(CLI::Range(1, 9'999'999));
  app.add_option("--models", setting.models, "Of each certificate; more than two: a firm for each eight, too")
      ->capture_default_str()
      ->check(CLI::Range(2, 1'000));
  app.add_option("--partitions", setting.partitions)->capture_default_str()->check(CLI::Range(1, 64));
  app.add_option("--lanes", plan.lanes, "Numbers of lanes, in turn")->delimiter(',')->capture_default_str();
  app.add_option("--repeat", plan.repeat)->capture_default_str()->check(CLI::Range(1, 20));
  app.add_option("--latency-seconds", setting.latency_seconds, "0: not measured")->capture_default_str();
  app.add_option("--rate", setting.latency_rate, "Events a second")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  app.add_option("--peer", plan.peer.program, "Compare with this peer instead")->check(CLI::ExistingFile);
  app.add_option("--peer-setting", plan.peer.grid, "Of the peer; several: the fastest is compared")
      ->allow_extra_args(false);
  app.add_option("--grid-lookups", plan.peer.grid_lookups, "For choosing a setting")->capture_default_str();
  app.add_option("--grid-seconds", plan.peer.grid_seconds, "No setting is tried later")->capture_default_str();
  app.add_option("--fanout", plan.fanout.listings, "Revoke a certificate that so many listings show, instead")
      ->check(CLI::Range(0, 10'000'000))
      ->take_last();
  app.add_option("--fanout-load", plan.fanout.rate, "Look-ups a second beside it; 0: half of what the worker can do")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--before-seconds", plan.fanout.before_seconds, "Look-ups alone")
      ->capture_default_str()
      ->check(CLI::Range(2, 60));
  app.add_option("--limit", limit_seconds, "Seconds, of one wait")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  setting.limit_us = int64_t{limit_seconds} * 1'000'000;
  const absl::Status status = zaojing::bench::Run(plan);
  if (status.ok()) return 0;
  std::fprintf(stderr, "zaojing_bench: %s\n", std::string(status.message()).c_str());
  return 1;
}
