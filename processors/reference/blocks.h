// A sequence that grows by blocks: elements never move, and one is found without a look at a table of small chunks. The
// first element of a block begins a line of the processor's cache; a sequence of many blocks gets them by regions of huge
// pages. What comes after the first so many elements may lie elsewhere (block_memory.h). One owner; while nothing is
// appended any number of threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "processors/reference/block_memory.h"
#include "proto/huge_pages.h"

namespace zaojing {

template <typename T>
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks() {
    if constexpr (!std::is_trivially_destructible_v<T>) {
      for (size_t i = 0; i < size_; ++i) (*this)[i].~T();
    }
    for (const Region& region : regions_) HugePageAllocator<std::byte>().deallocate(region.at, region.bytes);
  }

  // Effect: elements from number `near` on, rounded up to a block, lie in `far`, which must outlive this. REQUIRES: empty.
  void PutFar(BlockMemory& far, size_t near) {
    far_ = &far;
    near_ = near;
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
  // Of the process.
  size_t bytes() const {
    size_t total = 0;
    for (const Region& region : regions_) total += region.bytes;
    return total;
  }

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
    if (far_ != nullptr && size_ >= near_) {
      blocks_.push_back(far_->Take(kBlockBytes));
      return;
    }
    const size_t count = blocks_.size() < kRegionBlocks ? 1 : kRegionBlocks;
    std::byte* at = HugePageAllocator<std::byte>().allocate(count * kBlockBytes);
    regions_.push_back({at, count * kBlockBytes});
    for (size_t i = 0; i < count; ++i) blocks_.push_back(at + i * kBlockBytes);
  }
  T* At(size_t i) const { return std::launder(reinterpret_cast<T*>(blocks_[i / kPerBlock]) + i % kPerBlock); }

  BlockMemory* far_ = nullptr;
  size_t near_ = 0;
  std::vector<Region> regions_;
  std::vector<std::byte*> blocks_;
  size_t size_ = 0;
};

}  // namespace zaojing
