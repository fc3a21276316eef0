#include "bench/e2e/peer.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/e2e/outputs.h"
#include "bench/e2e/throughput.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

constexpr int kLanes = 2;  // as the peer has threads
constexpr double kFloor = 4;
constexpr uint64_t kJudgedMin = 2'000'000;  // fewer look-ups measure how a JVM starts

struct PeerRun {
  std::string application;
  Deployment inputs;
  Deployment outputs;
  std::string setting;
};

std::string StateOf(const Setting& setting, const std::string& name) {
  return absl::StrCat(setting.directory, "/", name, ".state");
}

// Runs of one disk and one page cache: none inherits the last one's dirty pages.
void DropState(const Setting& setting, const std::string& name) {
  std::error_code ignored;
  std::filesystem::remove_all(StateOf(setting, name), ignored);
}

absl::StatusOr<Throughput> MeasurePeer(const Setting& setting, const PeerPlan& plan, const PeerRun& run) {
  Subject subject;
  subject.inputs = run.inputs;
  subject.group = run.application;
  subject.start = [&] {
    return ChildProcess::Start({plan.program, "--bootstrap", setting.bootstrap, "--application", run.application,
                                "--inputs", run.inputs.name + ".", "--outputs", run.outputs.name + ".", "--state",
                                StateOf(setting, run.application), "--setting", run.setting},
                               absl::StrCat(setting.directory, "/", run.application, ".log"));
  };
  absl::StatusOr<Throughput> throughput = MeasureThroughput(setting, subject);
  DropState(setting, run.application);
  return throughput;
}

absl::StatusOr<Throughput> MeasureWorker(const Setting& setting, const Deployment& deployment) {
  absl::StatusOr<Throughput> throughput = MeasureThroughput(setting, WorkerOn(setting, deployment));
  DropState(setting, deployment.name);
  return throughput;
}

// Every setting on the same look-ups; the fastest once it is warm.
absl::StatusOr<std::string> BestOf(const Setting& setting, const PeerPlan& plan) {
  if (plan.grid.empty()) return std::string();
  if (plan.grid.size() == 1) return plan.grid.front();
  const Deployment grid{"grid", kLanes, false};
  RETURN_IF_ERROR(Fill(setting, grid, plan.grid_lookups));
  std::string best;
  double fastest = 0;
  const int64_t deadline = NowMicros() + int64_t{plan.grid_seconds} * 1'000'000;
  for (const std::string& candidate : plan.grid) {
    if (!best.empty() && NowMicros() > deadline) {
      std::printf("grid: %s | not tried: out of time\n", candidate.c_str());
      continue;
    }
    ASSIGN_OR_RETURN(
        const Throughput throughput,
        MeasurePeer(setting, plan, {absl::StrCat("grid-", &candidate - plan.grid.data() + 1), grid, grid, candidate}));
    Print(absl::StrCat("grid: ", candidate), throughput);
    if (throughput.second_half <= fastest) continue;
    fastest = throughput.second_half;
    best = candidate;
  }
  return best;
}

struct Sums {
  double rate = 0;
  double second_half = 0;
  double cpu = 0;
  double cpu_second_half = 0;
  double rss = 0;
  void Add(const Throughput& t) {
    rate += t.lookups_per_second;
    second_half += t.second_half;
    cpu += t.cpu_per_million;
    cpu_second_half += t.cpu_per_million_second_half;
    rss += t.peak_rss_mib;
  }
};

// The ratios are of both runs of each together. The second half is after the peer's code was compiled, as it is in a
// program that runs for days; the whole, with it, is what a short run costs.
absl::Status Conclude(const Sums& ours, const Sums& peers, const OutputComparison& outputs, uint64_t lookups) {
  const double rate = ours.rate / peers.rate;
  const double warm_rate = ours.second_half / peers.second_half;
  const double cpu = peers.cpu / ours.cpu;
  const double warm_cpu = peers.cpu_second_half / ours.cpu_second_half;
  std::printf("outputs: %llu verdicts of %llu listings and %llu take-downs of the worker compared, %llu different\n",
              static_cast<unsigned long long>(outputs.verdicts), static_cast<unsigned long long>(outputs.listings),
              static_cast<unsigned long long>(outputs.takedowns), static_cast<unsigned long long>(outputs.different));
  std::printf(
      "worker to peer, whole run:   look-ups a second %.2f x, CPU s a look-up 1/%.2f, peak RSS %.2f x\n"
      "worker to peer, second half: look-ups a second %.2f x, CPU s a look-up 1/%.2f\n",
      rate, cpu, ours.rss / peers.rss, warm_rate, warm_cpu);
  const bool equal = outputs.verdicts > 0 && outputs.takedowns > 0 && outputs.different == 0;
  const bool met = std::min({rate, warm_rate, cpu, warm_cpu}) >= kFloor && equal;
  std::printf("floor (4 x the look-ups a second and 1/4 of the CPU, whole run and second half, 0 different): %s\n",
              lookups < kJudgedMin ? "not judged, too few look-ups" : (met ? "met" : "NOT met"));
  std::fflush(stdout);
  if (outputs.different != 0) return absl::DataLossError("the peer's outputs differ from ours");
  return absl::OkStatus();
}

}  // namespace

absl::Status ComparePeer(const Setting& setting, const PeerPlan& plan) {
  ASSIGN_OR_RETURN(const std::string best, BestOf(setting, plan));
  Sums ours;
  Sums peers;
  OutputComparison outputs;
  // Worker, peer, peer, worker: what the machine does meanwhile falls on both.
  for (const bool worker_first : {true, false}) {
    const Deployment inputs{worker_first ? "first" : "second", kLanes, false};
    RETURN_IF_ERROR(Fill(setting, inputs, setting.lookups));
    const PeerRun peer{inputs.name + "-peer", inputs, {inputs.name + "-peer", kLanes, false}, best};
    RETURN_IF_ERROR(MakeTopics(setting, peer.outputs));
    for (const bool worker : {worker_first, !worker_first}) {
      ASSIGN_OR_RETURN(const Throughput throughput,
                       worker ? MeasureWorker(setting, inputs) : MeasurePeer(setting, plan, peer));
      Print(worker ? "worker" : "peer  ", throughput);
      (worker ? ours : peers).Add(throughput);
    }
    RETURN_IF_ERROR(CompareOutputs(setting, inputs, peer.outputs, &outputs));
  }
  std::printf("peer at %s\n", best.empty() ? "its defaults" : best.c_str());
  return Conclude(ours, peers, outputs, setting.lookups);
}

}  // namespace zaojing::bench
