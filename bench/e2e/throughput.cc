#include "bench/e2e/throughput.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

constexpr std::chrono::milliseconds kLook{10};
constexpr int64_t kStopPatience = int64_t{20} * 1'000'000;

}  // namespace

absl::StatusOr<Moment> Look(GroupWatch& watch, const Setting& setting, const ChildProcess& process) {
  Moment moment;
  ASSIGN_OR_RETURN(moment.committed, watch.Committed());
  moment.at_us = NowMicros();
  moment.cpu = CpuSecondsOf(process.pid());
  moment.broker_cpu = setting.broker > 0 ? CpuSecondsOf(setting.broker) : 0;
  return moment;
}

absl::StatusOr<Moment> Await(GroupWatch& watch, const Setting& setting, const ChildProcess& process,
                             int64_t committed) {
  const int64_t deadline = NowMicros() + setting.limit_us;
  while (NowMicros() < deadline) {
    absl::StatusOr<Moment> moment = Look(watch, setting, process);
    if (moment.ok() && moment->committed >= committed) return moment;
    if (!moment.ok() && !absl::IsUnavailable(moment.status())) return moment.status();
    if (!process.running()) return absl::UnavailableError("the program has ended; its log says why");
    std::this_thread::sleep_for(kLook);
  }
  return absl::UnavailableError(absl::StrCat("not ", committed, " look-ups committed within the limit"));
}

double Seconds(const Moment& from, const Moment& to) { return static_cast<double>(to.at_us - from.at_us) * 1e-6; }

double LookupsPerSecond(const Moment& from, const Moment& to) {
  return static_cast<double>(to.committed - from.committed) / Seconds(from, to);
}

namespace {

double CpuPerMillion(const Moment& from, const Moment& to) {
  return (to.cpu - from.cpu) / static_cast<double>(to.committed - from.committed) * 1e6;
}

}  // namespace

Subject WorkerOn(const Setting& setting, const Deployment& deployment) {
  return {deployment, GroupOf(deployment), [setting, deployment] { return StartWorker(setting, deployment); }};
}

absl::StatusOr<Throughput> MeasureThroughput(const Setting& setting, const Subject& subject) {
  const KafkaClientOptions client = ClientOf(setting, subject.inputs);
  ASSIGN_OR_RETURN(const std::vector<int64_t> ends, EndsOf(client, Topic::kLookups, setting.partitions));
  const int64_t all = std::accumulate(ends.begin(), ends.end(), int64_t{0});
  ASSIGN_OR_RETURN(const std::unique_ptr<GroupWatch> watch,
                   GroupWatch::Open(client, subject.group, setting.partitions));
  Moment start;
  start.at_us = NowMicros();
  ASSIGN_OR_RETURN(ChildProcess process, subject.start());
  ASSIGN_OR_RETURN(const Moment first, Await(*watch, setting, process, 1));
  ASSIGN_OR_RETURN(Moment middle, Await(*watch, setting, process, (first.committed + all) / 2));
  ASSIGN_OR_RETURN(const Moment last, Await(*watch, setting, process, all));
  if (middle.committed == last.committed) middle = first;  // too few look-ups for halves
  const ProcessUse use = process.Stop(kStopPatience);
  if (use.exit_code != 0) return absl::UnavailableError(absl::StrCat("the program ended with ", use.exit_code));

  Throughput result;
  result.lookups = static_cast<uint64_t>(all);
  result.startup_seconds = Seconds(start, first);
  result.lookups_per_second = LookupsPerSecond(first, last);
  result.second_half = LookupsPerSecond(middle, last);
  result.with_startup = static_cast<double>(all) / Seconds(start, last);
  result.cpu_per_million = CpuPerMillion(first, last);
  result.cpu_per_million_second_half = CpuPerMillion(middle, last);
  result.broker_cpu_per_million =
      (last.broker_cpu - first.broker_cpu) / static_cast<double>(last.committed - first.committed) * 1e6;
  result.cpu_seconds = use.cpu_seconds;
  result.peak_rss_mib = use.peak_rss_mib;
  return result;
}

void Print(const std::string& what, const Throughput& t) {
  std::printf(
      "%s | %.2f M look-ups | %8.0f/s, second half %8.0f/s, with start-up %8.0f/s | start-up %.1f s | CPU s per "
      "million: "
      "%.2f, second half %.2f, broker %.2f | in all %.1f CPU s, peak RSS %.0f MiB\n",
      what.c_str(), static_cast<double>(t.lookups) * 1e-6, t.lookups_per_second, t.second_half, t.with_startup,
      t.startup_seconds, t.cpu_per_million, t.cpu_per_million_second_half, t.broker_cpu_per_million, t.cpu_seconds,
      t.peak_rss_mib);
  std::fflush(stdout);
}

}  // namespace zaojing::bench
