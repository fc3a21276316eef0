#include "bench/e2e/throughput.h"

#include <chrono>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/e2e/clients.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

constexpr std::chrono::milliseconds kLook{10};
constexpr int64_t kStopPatience = int64_t{20} * 1'000'000;

// The world at one commit.
struct Moment {
  int64_t at_us = 0;
  int64_t committed = 0;
  double worker_cpu = 0;
  double broker_cpu = 0;
};

absl::StatusOr<Moment> Look(GroupWatch& watch, const Setting& setting, const ChildProcess& worker) {
  Moment moment;
  ASSIGN_OR_RETURN(moment.committed, watch.Committed());
  moment.at_us = NowMicros();
  moment.worker_cpu = CpuSecondsOf(worker.pid());
  moment.broker_cpu = setting.broker > 0 ? CpuSecondsOf(setting.broker) : 0;
  return moment;
}

// The first moment at which the group has committed at least so many.
absl::StatusOr<Moment> Await(GroupWatch& watch, const Setting& setting, const ChildProcess& worker, int64_t committed) {
  const int64_t deadline = NowMicros() + setting.limit_us;
  while (NowMicros() < deadline) {
    absl::StatusOr<Moment> moment = Look(watch, setting, worker);
    if (moment.ok() && moment->committed >= committed) return moment;
    if (!moment.ok() && !absl::IsUnavailable(moment.status())) return moment.status();
    if (!worker.running()) return absl::UnavailableError("the worker has ended; its log says why");
    std::this_thread::sleep_for(kLook);
  }
  return absl::UnavailableError(absl::StrCat("not ", committed, " look-ups committed within the limit"));
}

}  // namespace

absl::StatusOr<Throughput> MeasureThroughput(const Setting& setting, const Deployment& deployment) {
  RETURN_IF_ERROR(Fill(setting, deployment, setting.lookups));
  const KafkaClientOptions client = ClientOf(setting, deployment);
  ASSIGN_OR_RETURN(const std::vector<int64_t> ends, EndsOf(client, Topic::kLookups, setting.partitions));
  const int64_t all = std::accumulate(ends.begin(), ends.end(), int64_t{0});
  ASSIGN_OR_RETURN(const std::unique_ptr<GroupWatch> watch,
                   GroupWatch::Open(client, GroupOf(deployment), setting.partitions));
  const int64_t started_us = NowMicros();
  ASSIGN_OR_RETURN(ChildProcess worker, StartWorker(setting, deployment));
  ASSIGN_OR_RETURN(const Moment first, Await(*watch, setting, worker, 1));
  ASSIGN_OR_RETURN(const Moment last, Await(*watch, setting, worker, all));
  const ProcessUse use = worker.Stop(kStopPatience);
  if (use.exit_code != 0) return absl::UnavailableError(absl::StrCat("the worker ended with ", use.exit_code));

  Throughput result;
  result.lanes = deployment.lanes;
  result.lookups = static_cast<uint64_t>(all);
  const double seconds = static_cast<double>(last.at_us - first.at_us) * 1e-6;
  const auto between = static_cast<double>(last.committed - first.committed);
  result.startup_seconds = static_cast<double>(first.at_us - started_us) * 1e-6;
  result.lookups_per_second = between / seconds;
  result.with_startup = static_cast<double>(all) / (static_cast<double>(last.at_us - started_us) * 1e-6);
  result.worker_cpu_per_million = (last.worker_cpu - first.worker_cpu) / between * 1e6;
  result.broker_cpu_per_million = (last.broker_cpu - first.broker_cpu) / between * 1e6;
  result.worker_cpu_seconds = use.cpu_seconds;
  result.peak_rss_mib = use.peak_rss_mib;
  return result;
}

}  // namespace zaojing::bench
