// Where the registry's blocks of memory come from: the process's own, or a place that need not stay in it
// (app/scratch_memory.h). What is taken lives and stays where it is for as long as its source. One owner thread takes;
// any number of threads may read what is there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "proto/huge_pages.h"

namespace zaojing {

class BlockMemory {
 public:
  virtual ~BlockMemory() = default;
  // `bytes` > 0, at a multiple of 64. Nothing is said of what they hold.
  virtual std::byte* Take(size_t bytes) = 0;
  // Bytes taken that are always in the memory of the process.
  virtual size_t bytes_held() const = 0;
  // Effect: what is not always there may have left it. For any thread, also while others read: pointers stay good.
  virtual void KeepWithinBound() {}
};

// The first blocks one by one, so that a small registry takes little; then by regions of huge pages: they are asked in no
// order.
class ProcessMemory final : public BlockMemory {
 public:
  ProcessMemory() = default;
  ProcessMemory(const ProcessMemory&) = delete;
  ProcessMemory& operator=(const ProcessMemory&) = delete;
  ~ProcessMemory() override {
    for (const Region& region : regions_) HugePageAllocator<std::byte>().deallocate(region.at, region.bytes);
  }

  std::byte* Take(size_t bytes) override {
    const size_t whole = (bytes + kLine - 1) / kLine * kLine;
    if (whole > left_) {
      const size_t region = bytes_ < kRegionBytes ? whole : std::max(whole, kRegionBytes);
      regions_.push_back({HugePageAllocator<std::byte>().allocate(region), region});
      bytes_ += region;
      left_ = region;
    }
    const Region& open = regions_.back();
    std::byte* at = open.at + (open.bytes - left_);
    left_ -= whole;
    return at;
  }
  size_t bytes_held() const override { return bytes_; }

 private:
  static constexpr size_t kLine = 64;
  static constexpr size_t kRegionBytes = 4 * kHugePageBytes;
  struct Region {
    std::byte* at;
    size_t bytes;
  };
  std::vector<Region> regions_;
  size_t left_ = 0;  // of the last
  size_t bytes_ = 0;
};

}  // namespace zaojing
