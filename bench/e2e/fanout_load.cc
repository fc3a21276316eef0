#include "bench/e2e/fanout_load.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "proto/mix_bits.h"
#include "proto/status_util.h"

namespace zaojing::bench {
namespace {

constexpr std::string_view kProbe = "probe-";
constexpr std::string_view kOther = "patrol-";
constexpr uint64_t kProbeEvery = 20;
constexpr uint64_t kReachedEvery = 64;
constexpr std::chrono::milliseconds kBeat{1};
// What comes within so long travels together. It is part of every latency; with less, requests of a few records each cost
// the broker more than the worker costs.
constexpr int kLingerMs = 20;

v1::Certificate ValidCertificate(uint32_t number) {
  v1::Certificate certificate = Workload::Certificate(number);
  certificate.set_status(v1::CERTIFICATE_STATUS_VALID);
  certificate.set_valid_until(kFirstLookupAt + 1'500 * kDayMicros);
  return certificate;
}

absl::Status Publish(BulkProducer& producer, Workload& workload, char family, uint32_t certificate, uint32_t listings) {
  for (uint32_t i = 0; i < listings; ++i) {
    const v1::Lookup& lookup = workload.PatrolOf(family, i, certificate, absl::StrCat("first-", i), kFirstLookupAt);
    RETURN_IF_ERROR(Put(producer, Topic::kLookups, Workload::KeyOf(lookup), lookup, lookup.received_at()));
  }
  return absl::OkStatus();
}

}  // namespace

v1::Certificate RevokedCertificate(uint32_t number, int64_t effective_at, int64_t received_at) {
  v1::Certificate certificate = ValidCertificate(number);
  certificate.set_event_id(absl::StrCat("revoked-", number));
  certificate.set_status(v1::CERTIFICATE_STATUS_REVOKED);
  certificate.set_occurred_at(effective_at);
  certificate.set_effective_at(effective_at);
  certificate.set_received_at(received_at);
  return certificate;
}

absl::Status FillFamilies(const Setting& setting, const Deployment& deployment, uint32_t reached) {
  RETURN_IF_ERROR(MakeTopics(setting, deployment));
  ASSIGN_OR_RETURN(const std::unique_ptr<BulkProducer> producer, BulkProducer::Open(ClientOf(setting, deployment)));
  const auto tell = [&](const v1::Certificate& certificate) {
    return Put(*producer, Topic::kCertificates, certificate.number(), certificate, certificate.received_at());
  };
  RETURN_IF_ERROR(tell(ValidCertificate(ReachedCertificate(setting))));
  RETURN_IF_ERROR(tell(
      RevokedCertificate(StoppedCertificate(setting), kFirstLookupAt - kDayMicros, kFirstLookupAt - kDayMicros / 4)));
  Workload workload(setting.listings, setting.certificates);
  RETURN_IF_ERROR(Publish(*producer, workload, kReachedFamily, ReachedCertificate(setting), reached));
  RETURN_IF_ERROR(Publish(*producer, workload, kStoppedFamily, StoppedCertificate(setting), kStoppedListings));
  return producer->Flush();
}

SteadyLoad::SteadyLoad(const Setting& setting, const Plan& plan)
    : plan_(plan),
      reached_certificate_(ReachedCertificate(setting)),
      stopped_certificate_(StoppedCertificate(setting)),
      workload_(setting.listings, setting.certificates),
      probe_sent_us_(ProbesBefore(static_cast<uint64_t>(plan.rate * plan.seconds_max))) {}

absl::StatusOr<std::unique_ptr<SteadyLoad>> SteadyLoad::Open(const Setting& setting, const KafkaClientOptions& client,
                                                             const Plan& plan) {
  std::unique_ptr<SteadyLoad> load(new SteadyLoad(setting, plan));
  ASSIGN_OR_RETURN(load->producer_, BulkProducer::Open(client, kLingerMs));
  return load;
}

void SteadyLoad::Start() {
  thread_ = std::thread([this] { Run(); });
}

SteadyLoad::~SteadyLoad() { (void)Stop(); }

absl::Status SteadyLoad::Stop() {
  stop_.store(true, std::memory_order_relaxed);
  if (thread_.joinable()) thread_.join();
  return status_;
}

size_t SteadyLoad::ProbesBefore(uint64_t count) { return static_cast<size_t>((count + kProbeEvery - 1) / kProbeEvery); }

int64_t SteadyLoad::AtOf(uint64_t index) const {
  return plan_.first_at + static_cast<int64_t>(index * 1'000'000 / static_cast<uint64_t>(plan_.rate));
}

std::optional<size_t> SteadyLoad::ProbeOf(std::string_view event_id) const {
  if (event_id.substr(0, kProbe.size()) != kProbe) return std::nullopt;
  size_t probe = 0;
  const char* const end = event_id.data() + event_id.size();
  const auto [stopped, error] = std::from_chars(event_id.data() + kProbe.size(), end, probe);
  if (error != std::errc() || stopped != end || probe >= probes()) return std::nullopt;
  return probe;
}

void SteadyLoad::Run() {
  const int64_t start = NowMicros();
  const auto count = static_cast<uint64_t>(plan_.rate * plan_.seconds_max);
  uint64_t next = 0;
  while (next < count && !stop_.load(std::memory_order_relaxed) && status_.ok()) {
    const int64_t since = NowMicros() - start;
    const uint64_t due = std::min(count, static_cast<uint64_t>(since) * static_cast<uint64_t>(plan_.rate) / 1'000'000);
    if (next < due) {
      const int64_t late = since - static_cast<int64_t>(next * 1'000'000 / static_cast<uint64_t>(plan_.rate));
      if (late > late_max_us_.load(std::memory_order_relaxed)) late_max_us_.store(late, std::memory_order_relaxed);
    }
    for (; next < due && status_.ok(); ++next) status_ = Send(next);
    std::this_thread::sleep_for(kBeat);
  }
  if (status_.ok()) status_ = producer_->Flush();
}

absl::Status SteadyLoad::Send(uint64_t index) {
  const int64_t at = AtOf(index);
  const v1::Lookup* lookup = nullptr;
  if (index % kProbeEvery == 0) {
    const uint64_t probe = index / kProbeEvery;
    probe_sent_us_[probe].store(NowMicros(), std::memory_order_relaxed);
    lookup = &workload_.PatrolOf(kStoppedFamily, static_cast<uint32_t>(MixBits(probe) % kStoppedListings),
                                 stopped_certificate_, absl::StrCat(ToAbsl(kProbe), probe), at);
  } else if (index % kReachedEvery == 1 && plan_.reached > 0) {
    lookup = &workload_.PatrolOf(kReachedFamily, static_cast<uint32_t>(MixBits(index) % plan_.reached),
                                 reached_certificate_, absl::StrCat(ToAbsl(kOther), index), at);
  } else {
    lookup = &workload_.Patrol(index, absl::StrCat(ToAbsl(kOther), index), at);
  }
  // Before it is out of our hands, so that its answer is never taken for a stray.
  sent_.store(index + 1, std::memory_order_relaxed);
  return Put(*producer_, Topic::kLookups, Workload::KeyOf(*lookup), *lookup, at);
}

}  // namespace zaojing::bench
