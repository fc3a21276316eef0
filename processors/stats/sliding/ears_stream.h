// EARS C2 (surveillance/ears.h) kept up event by event: late events, corrections and retractions included.
// State is the counts of the last baseline + 3 + depth steps, so a step can be judged again for `depth` steps
// after it was the newest. The figures are those of the batch function on the same counts, bit for bit,
// because both make them from the same integer sums. One owner, one thread; an update is O(1), a judgement
// O(baseline).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "processors/stats/sliding/step_counts.h"
#include "processors/stats/surveillance/series.h"

namespace zaojing::stats {

// Parameters; they are the rule's, not state.
struct EarsStreamOptions {
  size_t baseline = 7;   // steps, 3 .. limits::kBaselineMax
  double min_sigma = 0;  // events a step
  double alpha = 0.001;  // (0, 1)
  size_t depth = 0;      // steps judged again after corrections
};

class EarsStream {
 public:
  // The series begins at `first_step`. kInvalidArgument: an option out of its range.
  static absl::StatusOr<EarsStream> Create(const EarsStreamOptions& options, int64_t first_step);

  // As StepCounts.
  absl::Status Add(int64_t step, int64_t delta) { return counts_.Add(step, delta); }
  void Advance(int64_t step) { counts_.Advance(step); }
  int64_t newest() const { return counts_.newest(); }

  // The judgement of a step, `index` counted from the first step; nullopt for a step without a full baseline
  // behind it, not yet come, or older than `depth`.
  std::optional<Signal> Judge(int64_t step) const;

  std::string Serialize() const { return counts_.Serialize(); }
  // kDataLoss: bytes that Serialize() of the same options did not write.
  static absl::StatusOr<EarsStream> Parse(const EarsStreamOptions& options, std::string_view bytes);

 private:
  EarsStream(const EarsStreamOptions& options, StepCounts counts);

  EarsStreamOptions options_;
  double z_;
  StepCounts counts_;
};

}  // namespace zaojing::stats
