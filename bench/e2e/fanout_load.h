// Look-ups of listings already known, offered at a steady rate whatever becomes of them, on a thread of their own.
//
// Every 20th is one whose answer can be told by its event id: of a listing that shows a certificate revoked long ago, so
// that it is answered with BLOCK, which is written however often it was said. These are the probes. One in 64 is of a
// listing that the fan-out reaches, so that both meet the same ones; the rest are the workload's patrols.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/e2e/setting.h"
#include "bench/e2e/workload.h"

namespace zaojing::bench {

// Families of listings (Workload::PatrolOf).
inline constexpr char kReachedFamily = '8';  // show the certificate that will be revoked
inline constexpr char kStoppedFamily = '9';  // show the one that has been for long
inline constexpr uint32_t kStoppedListings = 20'000;

// Their certificates' numbers: after those of the workload.
inline uint32_t ReachedCertificate(const Setting& setting) { return setting.certificates; }
inline uint32_t StoppedCertificate(const Setting& setting) { return setting.certificates + 1; }

// In effect from `effective_at`, heard of at `received_at`.
v1::Certificate RevokedCertificate(uint32_t number, int64_t effective_at, int64_t received_at);

// Effect: the topics exist; both certificates and a first look-up of each listing of the families are in them.
absl::Status FillFamilies(const Setting& setting, const Deployment& deployment, uint32_t reached);

class SteadyLoad {
 public:
  struct Plan {
    int rate = 0;             // look-ups a second
    int64_t first_at = 0;     // received_at of the first; the later ones follow as they are sent
    uint32_t reached = 0;     // listings of kReachedFamily; 0: none is asked about
    int64_t seconds_max = 0;  // it ends by itself after so long
  };
  // `setting` must outlive the load.
  static absl::StatusOr<std::unique_ptr<SteadyLoad>> Open(const Setting& setting, const KafkaClientOptions& client,
                                                          const Plan& plan);
  ~SteadyLoad();
  // Effect: the thread sends. REQUIRES: called once; whoever watches for answers does so already.
  void Start();
  // Effect: everything sent is acknowledged by Kafka; how that went.
  absl::Status Stop();

  uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  // received_at of about the newest look-up.
  int64_t now_at() const { return AtOf(sent()); }
  // The largest delay behind the plan since the last call: a load that cannot keep its pace is none.
  int64_t TakeLateMax() { return late_max_us_.exchange(0, std::memory_order_relaxed); }

  // Which probe an event id names, if it is one and has been sent.
  std::optional<size_t> ProbeOf(std::string_view event_id) const;
  size_t probes() const { return ProbesBefore(sent()); }
  int64_t probe_sent_us(size_t probe) const { return probe_sent_us_[probe].load(std::memory_order_relaxed); }

 private:
  SteadyLoad(const Setting& setting, const Plan& plan);
  static size_t ProbesBefore(uint64_t count);
  int64_t AtOf(uint64_t index) const;
  void Run();
  absl::Status Send(uint64_t index);

  const Plan plan_;
  const uint32_t reached_certificate_;
  const uint32_t stopped_certificate_;
  Workload workload_;
  std::unique_ptr<BulkProducer> producer_;
  std::vector<std::atomic<int64_t>> probe_sent_us_;
  std::atomic<uint64_t> sent_{0};
  std::atomic<int64_t> late_max_us_{0};
  std::atomic<bool> stop_{false};
  absl::Status status_;  // the thread's, until it is joined
  std::thread thread_;
};

}  // namespace zaojing::bench
