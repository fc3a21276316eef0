// One certificate that very many listings show is revoked while look-ups go on: how fast the take-downs come out of the
// release worker, and what the look-ups feel of it.
//
// In one run on one worker: what it commits a second of look-ups of known listings (its capacity), then half of that
// offered at a steady rate (fanout_load.h), first alone, then with the fan-out beside it, then alone again.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "bench/e2e/setting.h"

namespace zaojing::bench {

struct FanoutPlan {
  uint32_t listings = 0;    // that show the certificate; 0: not measured
  int rate = 0;             // look-ups a second beside it; 0: half of the capacity
  int before_seconds = 10;  // how long the look-ups are measured alone
};

struct Fanout {
  double listings_per_second = 0;      // by the time from the fact being produced to the last take-down seen
  double listings_per_cpu_second = 0;  // of the worker, without what the look-ups in between cost before
  double p99_ms_before = 0;
  double p99_ms_during = 0;
};

// `deployment` must be new. Prints as it goes. kDataLoss: a take-down is missing or doubled, or a look-up was not
// answered, or twice. kUnavailable: not done within setting.limit_us, or the worker ended; its log says why.
absl::StatusOr<Fanout> MeasureFanout(const Setting& setting, const FanoutPlan& plan, const Deployment& deployment);

}  // namespace zaojing::bench
