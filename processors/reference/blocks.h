// A sequence that grows by blocks: elements never move, and one is found without a look at a table of small chunks. The
// first element of a block begins a line of the processor's cache; a sequence of many blocks gets them by regions of huge
// pages. One owner; while nothing is appended any number of threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include "proto/huge_pages.h"

namespace zaojing {

template <typename T>
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks() {
    for (size_t i = 0; i < size_; ++i) (*this)[i].~T();
    for (const Region& region : regions_) HugePageAllocator<std::byte>().deallocate(region.at, region.bytes);
  }

  size_t size() const { return size_; }
  T& operator[](size_t i) { return *At(i); }
  const T& operator[](size_t i) const { return *At(i); }
  T& push_back(T element) {
    if (size_ == blocks_.size() * kPerBlock) {
      AddBlocks();
    }
    T* added = new (At(size_)) T(std::move(element));
    ++size_;
    return *added;
  }
  size_t bytes() const { return blocks_.size() * kBlockBytes; }

 private:
  static constexpr size_t kPerBlock = 4096;
  static constexpr size_t kBlockBytes = kPerBlock * sizeof(T);
  static constexpr size_t kRegionBlocks = (4 * kHugePageBytes + kBlockBytes - 1) / kBlockBytes;
  static_assert(alignof(T) <= 64 && kBlockBytes % 64 == 0);
  struct Region {
    std::byte* at;
    size_t bytes;
  };

  void AddBlocks() {
    const size_t count = blocks_.size() < kRegionBlocks ? 1 : kRegionBlocks;
    std::byte* at = HugePageAllocator<std::byte>().allocate(count * kBlockBytes);
    regions_.push_back({at, count * kBlockBytes});
    for (size_t i = 0; i < count; ++i) blocks_.push_back(at + i * kBlockBytes);
  }
  T* At(size_t i) const { return std::launder(reinterpret_cast<T*>(blocks_[i / kPerBlock]) + i % kPerBlock); }

  std::vector<Region> regions_;
  std::vector<std::byte*> blocks_;
  size_t size_ = 0;
};

}  // namespace zaojing
