#include "app/memory_shares.h"

#include <algorithm>

namespace zaojing {
namespace {

// Code, the Kafka clients' own buffers, the allocator's: the same whatever the budget.
constexpr size_t kProgram = size_t{512} << 20;
constexpr size_t kParts = 32;  // of the budget
constexpr size_t kStores = 6;
constexpr size_t kImprints = 4;
constexpr size_t kCaches = 3;
constexpr size_t kTallies = 2;
constexpr size_t kGivesWay = kStores + kImprints + kCaches + kTallies;
constexpr size_t kLeastShare = 8;  // what gives way keeps one part in so many

}  // namespace

MemoryShares SharesOf(size_t budget, uint32_t partitions, size_t registry_bytes) {
  const size_t part = budget / kParts;
  const size_t expected = std::max(budget / 4 - std::min(budget / 4, kProgram), budget / 16);
  const size_t beyond = registry_bytes - std::min(registry_bytes, expected);
  const size_t scratch = budget / 16;
  const size_t taken = beyond + std::min(beyond, scratch);
  const size_t whole = part * kGivesWay;
  const size_t least = whole / kLeastShare;
  const size_t left = std::max(whole - std::min(whole, taken), least) / kGivesWay;  // of each part

  MemoryShares shares;
  shares.screen_task = {left * kCaches / partitions, left * kImprints / partitions, left * kTallies / partitions};
  shares.risk_task = {part, 0, 0};
  shares.stores = left * kStores;
  shares.prefetch = budget / 16;
  shares.scratch = scratch;
  shares.fits = taken + least <= whole;
  return shares;
}

}  // namespace zaojing
