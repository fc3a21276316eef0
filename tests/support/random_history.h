// Histories with everything in them, from a seed: racing facts, equal times, late records, follow-ups, withdrawals,
// bursts, day rolls, broken records.
#pragma once

#include <cstdint>

#include "tests/support/replay_world.h"

namespace zaojing::testing {

struct RandomHistoryOptions {
  int events = 400;
  bool broken_records = true;
};

History RandomHistory(uint32_t seed, const RandomHistoryOptions& options);

}  // namespace zaojing::testing
