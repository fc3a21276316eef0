// What two programs wrote about the same look-ups, read committed and compared.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "bench/e2e/setting.h"

namespace zaojing::bench {

struct OutputComparison {
  uint64_t verdicts = 0;   // ours
  uint64_t listings = 0;   // that have a verdict on one side or both
  uint64_t takedowns = 0;  // ours
  uint64_t different = 0;  // listings and take-downs
};

// Adds to `result`: a listing is different unless both sides have as many verdicts on it, in the same order and with the
// same content but for event_id and emission, which name the writer; a take-down, unless the other side has it once, with
// the same id and content but for the emission. The first ones are printed. REQUIRES: both programs have ended.
absl::Status CompareOutputs(const Setting& setting, const Deployment& ours, const Deployment& theirs,
                            OutputComparison* result);

}  // namespace zaojing::bench
