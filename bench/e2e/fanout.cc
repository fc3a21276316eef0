#include "bench/e2e/fanout.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/e2e/fanout_load.h"
#include "bench/e2e/fanout_report.h"
#include "bench/e2e/fanout_watch.h"
#include "bench/e2e/throughput.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

// The broker compiles what small transactions need, and falls behind meanwhile.
constexpr int64_t kWarmUp = 10 * limits::kSecond;
constexpr int64_t kWarmUpMax = 25 * limits::kSecond;
// Look-ups sent so shortly before the fact may still be under way when it comes.
constexpr int64_t kGuard = limits::kSecond;
constexpr int64_t kAfter = 3 * limits::kSecond;
constexpr int64_t kStopPatience = 20 * limits::kSecond;
constexpr int kReadWaitMs = 5;

class Run {
 public:
  Run(const Setting& setting, const FanoutPlan& plan, const Deployment& deployment)
      : setting_(setting), plan_(plan), deployment_(deployment), client_(ClientOf(setting, deployment)) {}

  absl::StatusOr<Fanout> Measure();

 private:
  // After all of Fill's look-ups.
  int64_t LoadFrom() const { return kFirstLookupAt + static_cast<int64_t>(setting_.lookups) * kBetweenLookups; }
  absl::StatusOr<int> Capacity();
  absl::Status Open(int rate);
  absl::StatusOr<double> Commits() const;
  absl::Status WarmUp();
  absl::Status Begin(Window* window);
  absl::Status End(Window* window);
  absl::Status ReadUntil(int64_t deadline_us, const std::function<bool()>& done);
  absl::StatusOr<int64_t> Revoke();
  absl::Status Drain();
  Fanout Report(const Window& alone, const Window& beside) const;
  absl::Status Check() const;

  const Setting& setting_;
  const FanoutPlan& plan_;
  const Deployment& deployment_;
  const KafkaClientOptions client_;
  std::unique_ptr<ChildProcess> worker_;
  std::unique_ptr<GroupWatch> group_;
  std::unique_ptr<BulkProducer> facts_;
  std::unique_ptr<SteadyLoad> load_;
  std::unique_ptr<FanoutWatch> watch_;
  int64_t known_ = 0;  // look-ups in Kafka before the load
  int rate_ = 0;
  int64_t began_us_ = 0;
  int64_t warm_us_ = 0;
  int64_t revoked_us_ = 0;
};

// Effect: the worker has committed everything that is in Kafka. Returns look-ups a second of the last half of Fill's.
absl::StatusOr<int> Run::Capacity() {
  const int64_t families = int64_t{plan_.listings} + kStoppedListings;
  known_ = families + static_cast<int64_t>(setting_.lookups);
  ASSIGN_OR_RETURN(group_, GroupWatch::Open(client_, GroupOf(deployment_), setting_.partitions));
  ASSIGN_OR_RETURN(ChildProcess worker, StartWorker(setting_, deployment_));
  worker_ = std::make_unique<ChildProcess>(std::move(worker));
  const int64_t half = families + static_cast<int64_t>(setting_.lookups / 2);
  ASSIGN_OR_RETURN(const Moment middle, Await(*group_, setting_, *worker_, half));
  ASSIGN_OR_RETURN(const Moment all, Await(*group_, setting_, *worker_, known_));
  const double capacity = middle.committed < all.committed ? LookupsPerSecond(middle, all) : 0;
  const int rate = plan_.rate > 0 ? plan_.rate : std::max(1, static_cast<int>(capacity / 2));
  std::printf("capacity | %8.0f look-ups/s of known listings, %.2f CPU us each | beside the fan-out %d/s are offered\n",
              capacity, (all.cpu - middle.cpu) * 1e6 / static_cast<double>(all.committed - middle.committed), rate);
  std::fflush(stdout);
  return rate;
}

absl::Status Run::Open(int rate) {
  SteadyLoad::Plan load;
  rate_ = rate;
  load.rate = rate;
  load.first_at = LoadFrom();
  load.reached = plan_.listings;
  load.seconds_max = plan_.before_seconds + (kWarmUpMax + kAfter + setting_.limit_us) / limits::kSecond;
  ASSIGN_OR_RETURN(facts_, BulkProducer::Open(client_, 0));
  ASSIGN_OR_RETURN(load_, SteadyLoad::Open(setting_, client_, load));
  ASSIGN_OR_RETURN(watch_, FanoutWatch::Open(setting_, client_, *load_, plan_.listings));
  began_us_ = NowMicros();
  load_->Start();
  return absl::OkStatus();
}

// Of the lanes together, as far as all tasks have part in each: one journal record a task, and the end of the
// transaction, which takes an offset too.
absl::StatusOr<double> Run::Commits() const {
  ASSIGN_OR_RETURN(const std::vector<int64_t> ends, EndsOf(client_, Topic::kScreenJournal, setting_.partitions));
  return static_cast<double>(std::accumulate(ends.begin(), ends.end(), int64_t{0})) / 2 / setting_.partitions *
         deployment_.lanes;
}

// Effect: the load has gone on for a while, and the worker is less than half a second of it behind, if it can.
absl::Status Run::WarmUp() {
  RETURN_IF_ERROR(ReadUntil(began_us_ + kWarmUp, [] { return false; }));
  while (NowMicros() < began_us_ + kWarmUpMax) {
    ASSIGN_OR_RETURN(const Moment now, Await(*group_, setting_, *worker_, 0));
    const int64_t behind = known_ + static_cast<int64_t>(load_->sent()) - now.committed;
    if (behind < rate_ / 2) break;
    RETURN_IF_ERROR(ReadUntil(NowMicros() + limits::kSecond / 10, [] { return false; }));
  }
  return absl::OkStatus();
}

absl::Status Run::Begin(Window* window) {
  ASSIGN_OR_RETURN(window->from, Await(*group_, setting_, *worker_, 0));
  window->lanes_from = CpuSecondsOfThreads(worker_->pid(), static_cast<size_t>(deployment_.lanes));
  window->bench_from = CpuSecondsOf(::getpid());
  ASSIGN_OR_RETURN(window->commits_from, Commits());
  (void)load_->TakeLateMax();
  return absl::OkStatus();
}

absl::Status Run::End(Window* window) {
  ASSIGN_OR_RETURN(window->to, Await(*group_, setting_, *worker_, 0));
  window->lanes_to = CpuSecondsOfThreads(worker_->pid(), static_cast<size_t>(deployment_.lanes));
  window->bench_to = CpuSecondsOf(::getpid());
  ASSIGN_OR_RETURN(window->commits_to, Commits());
  window->late_us = load_->TakeLateMax();
  return absl::OkStatus();
}

absl::Status Run::ReadUntil(int64_t deadline_us, const std::function<bool()>& done) {
  while (NowMicros() < deadline_us && !done()) {
    RETURN_IF_ERROR(watch_->Read(kReadWaitMs));
    if (!worker_->running()) return absl::UnavailableError("the worker has ended; its log says why");
  }
  return absl::OkStatus();
}

// Returns when the fact was handed to the producer.
absl::StatusOr<int64_t> Run::Revoke() {
  // In effect since before the load, so that no task's time has yet to come to it.
  const v1::Certificate fact = RevokedCertificate(ReachedCertificate(setting_), LoadFrom(), load_->now_at());
  const int64_t at = NowMicros();
  RETURN_IF_ERROR(Put(*facts_, Topic::kCertificates, fact.number(), fact, fact.received_at()));
  RETURN_IF_ERROR(facts_->Flush());
  return at;
}

// Effect: the load has ended; the worker has committed all of it and every probe is answered, or the limit is over.
absl::Status Run::Drain() {
  RETURN_IF_ERROR(load_->Stop());
  RETURN_IF_ERROR(
      ReadUntil(NowMicros() + setting_.limit_us, [&] { return watch_->probed().answered >= load_->probes(); }));
  RETURN_IF_ERROR(Await(*group_, setting_, *worker_, known_ + static_cast<int64_t>(load_->sent())).status());
  // What would come twice has been written by now, and is visible.
  return ReadUntil(NowMicros() + kGuard, [] { return false; });
}

Fanout Run::Report(const Window& alone, const Window& beside) const {
  const Told& told = watch_->told();
  const double per_lookup = alone.cpu() / std::max(alone.committed(), 1.0);
  const double fanout_cpu = std::max(beside.cpu() - per_lookup * beside.committed(), 1e-3);
  // Without the last one, until it was given up.
  const int64_t last_us = told.listings == plan_.listings ? told.last_us : beside.to.at_us;
  const double seconds = static_cast<double>(last_us - revoked_us_) * 1e-6;
  const Percentiles before = watch_->SentWithin(warm_us_, revoked_us_ - kGuard);
  const Percentiles during = watch_->SentWithin(revoked_us_, last_us);
  Print("during", beside);
  Print("before", before);
  Print("during", during);
  Print("after", watch_->SentWithin(last_us, NowMicros()));
  const Fanout result{told.listings / seconds, told.listings / fanout_cpu, before.p99_ms, during.p99_ms};
  std::printf(
      "fan-out  | %u take-downs, the first seen after %.2f s, the last after %.2f s: %.0f listings/s | worker %.1f CPU "
      "us "
      "a listing (%.0f a CPU second) beside %.2f a look-up as before\n",
      told.listings, told.listings == 0 ? 0.0 : static_cast<double>(told.first_us - revoked_us_) * 1e-6, seconds,
      result.listings_per_second, fanout_cpu * 1e6 / std::max(told.listings, 1U), result.listings_per_cpu_second,
      per_lookup * 1e6);
  return result;
}

absl::Status Run::Check() const {
  const Told& told = watch_->told();
  const Probed& probed = watch_->probed();
  const uint64_t missing = plan_.listings - told.listings;
  const uint64_t unanswered = load_->probes() - probed.answered;
  std::printf(
      "check    | of %u listings: %llu not told, %llu told again, %llu told otherwise | of %zu probes: %llu not "
      "answered, %llu answered again\n",
      plan_.listings, static_cast<unsigned long long>(missing), static_cast<unsigned long long>(told.again),
      static_cast<unsigned long long>(told.others), load_->probes(), static_cast<unsigned long long>(unanswered),
      static_cast<unsigned long long>(probed.again));
  std::fflush(stdout);
  if (missing + told.again + told.others + unanswered + probed.again == 0) return absl::OkStatus();
  return absl::DataLossError("take-downs or answers are missing, doubled or wrong");
}

absl::StatusOr<Fanout> Run::Measure() {
  // Ahead of Fill's look-ups, so that every listing of the families is known when the capacity is measured.
  RETURN_IF_ERROR(FillFamilies(setting_, deployment_, plan_.listings));
  RETURN_IF_ERROR(Fill(setting_, deployment_, setting_.lookups));
  ASSIGN_OR_RETURN(const int rate, Capacity());
  RETURN_IF_ERROR(Open(rate));
  const auto never = [] { return false; };
  RETURN_IF_ERROR(WarmUp());
  Window alone;
  RETURN_IF_ERROR(Begin(&alone));
  warm_us_ = NowMicros();
  RETURN_IF_ERROR(ReadUntil(warm_us_ + plan_.before_seconds * limits::kSecond, never));
  RETURN_IF_ERROR(End(&alone));
  Print("before", alone);
  Window beside;
  RETURN_IF_ERROR(Begin(&beside));
  ASSIGN_OR_RETURN(revoked_us_, Revoke());
  RETURN_IF_ERROR(
      ReadUntil(revoked_us_ + setting_.limit_us / 2, [&] { return watch_->told().listings >= plan_.listings; }));
  RETURN_IF_ERROR(End(&beside));
  RETURN_IF_ERROR(ReadUntil(NowMicros() + kAfter, never));
  RETURN_IF_ERROR(Drain());
  const Fanout result = Report(alone, beside);
  const ProcessUse use = worker_->Stop(kStopPatience);
  std::printf("worker   | %.1f CPU s in all, peak RSS %.0f MiB\n", use.cpu_seconds, use.peak_rss_mib);
  RETURN_IF_ERROR(Check());
  if (use.exit_code != 0) return absl::UnavailableError(absl::StrCat("the worker ended with ", use.exit_code));
  return result;
}

}  // namespace

absl::StatusOr<Fanout> MeasureFanout(const Setting& setting, const FanoutPlan& plan, const Deployment& deployment) {
  return Run(setting, plan, deployment).Measure();
}

}  // namespace zaojing::bench
