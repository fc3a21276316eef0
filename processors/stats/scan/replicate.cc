#include "processors/stats/scan/replicate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "proto/mix_bits.h"

namespace zaojing::stats {
namespace {

// Inversion that walks outwards from the mode: the larger of the two next probabilities is subtracted first.
// Needs the probability at the mode and the ratios to its neighbours; costs about one standard deviation of
// steps.
template <typename Up, typename Down>
int64_t WalkFromMode(double uniform, int64_t mode, double at_mode, const Up& up, const Down& down) {
  int64_t low = mode;
  int64_t high = mode;
  double p_low = at_mode;
  double p_high = at_mode;
  if (uniform < at_mode) return mode;
  uniform -= at_mode;
  for (;;) {
    const double next_low = low > 0 ? p_low * down(low) : 0;
    const double next_high = p_high * up(high);
    if (next_low == 0 && next_high == 0) return mode;  // rounding left a sliver beyond both ends
    if (next_low >= next_high) {
      --low;
      p_low = next_low;
      if (uniform < p_low) return low;
      uniform -= p_low;
    } else {
      ++high;
      p_high = next_high;
      if (uniform < p_high) return high;
      uniform -= p_high;
    }
  }
}

}  // namespace

double Replicator::Uniform() {
  state_ += kSplitMixStep;
  return static_cast<double>(MixBits(state_) >> 11) * 0x1.0p-53;
}

int64_t Replicator::Poisson(double mean) {
  if (!(mean > 0)) return 0;
  const double mode = std::floor(mean);
  const double at_mode = std::exp(mode * std::log(mean) - mean - std::lgamma(mode + 1));
  return WalkFromMode(
      Uniform(), static_cast<int64_t>(mode), at_mode, [mean](int64_t k) { return mean / static_cast<double>(k + 1); },
      [mean](int64_t k) { return static_cast<double>(k) / mean; });
}

int64_t Replicator::Binomial(int64_t trials, double probability) {
  if (trials <= 0 || !(probability > 0)) return 0;
  if (probability >= 1) return trials;
  const double n = static_cast<double>(trials);
  const double odds = probability / (1 - probability);
  const double mode = std::fmin(n, std::floor((n + 1) * probability));
  const double at_mode = std::exp(std::lgamma(n + 1) - std::lgamma(mode + 1) - std::lgamma(n - mode + 1) +
                                  mode * std::log(probability) + (n - mode) * std::log1p(-probability));
  return WalkFromMode(
      Uniform(), static_cast<int64_t>(mode), at_mode,
      [n, odds](int64_t k) { return (n - static_cast<double>(k)) / static_cast<double>(k + 1) * odds; },
      [n, odds](int64_t k) { return static_cast<double>(k) / (n - static_cast<double>(k) + 1) / odds; });
}

void Replicator::DrawPoisson(const SpaceTime<double>& baselines, SpaceTime<int64_t>& counts) {
  for (size_t i = 0; i < baselines.cells.size(); ++i) counts.cells[i] = Poisson(baselines.cells[i]);
}

void Replicator::DrawMultinomial(const SpaceTime<double>& baselines, int64_t total, SpaceTime<int64_t>& counts) {
  double left = 0;
  for (const double baseline : baselines.cells) left += baseline;
  size_t last = 0;  // the last cell that can hold events takes what rounding leaves
  for (size_t i = 0; i < baselines.cells.size(); ++i) {
    if (baselines.cells[i] > 0) last = i;
  }
  for (size_t i = 0; i < baselines.cells.size(); ++i) {
    const double share = i == last ? 1 : std::fmin(1, baselines.cells[i] / left);
    counts.cells[i] = Binomial(total, share);
    total -= counts.cells[i];
    left -= baselines.cells[i];
  }
}

}  // namespace zaojing::stats
