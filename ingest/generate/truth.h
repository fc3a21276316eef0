// What was planted, fact by fact: every listing and vehicle that does not simply end the year with ALLOW, every evasion,
// how many of each cause, and the totals, which come last. Computed from the world, not from the records. Pure.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "ingest/generate/workload.h"
#include "ingest/generate/world.h"
#include "zaojing/v1/truth.pb.h"

namespace zaojing::generate {

// Stops at the first error of `write` and returns it.
absl::Status ForEachTruth(const World& world, Wanted wanted,
                          const std::function<absl::Status(const v1::Truth&)>& write);

}  // namespace zaojing::generate
