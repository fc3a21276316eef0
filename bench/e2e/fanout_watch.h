// What a read-committed reader sees of a fan-out and of the look-ups beside it: take-downs by listing, probes by their
// verdicts. One owner thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/e2e/clients.h"
#include "bench/e2e/fanout_load.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing::bench {

struct Told {
  uint32_t listings = 0;  // reached, with at least one take-down
  uint64_t again = 0;     // instructions after a listing's first
  uint64_t others = 0;    // unreadable, or of a reached listing and no take-down
  int64_t first_us = 0;   // monotonic: when the first and the last listing's became visible
  int64_t last_us = 0;
};

struct Probed {
  uint64_t answered = 0;
  uint64_t again = 0;  // answers after a probe's first
};

struct Percentiles {
  size_t count = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
};

class FanoutWatch {
 public:
  // Both topics from their present ends on. `client` and `load` must outlive the watch.
  static absl::StatusOr<std::unique_ptr<FanoutWatch>> Open(const Setting& setting, const KafkaClientOptions& client,
                                                           const SteadyLoad& load, uint32_t reached);
  // Takes what has become visible; waits up to `wait_ms` for it.
  absl::Status Read(int wait_ms);

  const Told& told() const { return told_; }
  const Probed& probed() const { return probed_; }
  // Produced to seen, of the answered probes that were sent from `from_us` on and before `to_us`.
  Percentiles SentWithin(int64_t from_us, int64_t to_us) const;

 private:
  FanoutWatch(const SteadyLoad& load, uint32_t reached) : load_(load), told_of_(reached, false) {}
  void TakeVerdict(std::string_view value);
  void TakeInstruction(std::string_view value);

  const SteadyLoad& load_;
  std::unique_ptr<TailReader> tail_;
  std::vector<bool> told_of_;     // by listing
  std::vector<int64_t> seen_us_;  // by probe; 0: not yet
  Told told_;
  Probed probed_;
  v1::Verdict verdict_;
  v1::Takedown takedown_;
};

}  // namespace zaojing::bench
