// A sequence that grows by blocks: elements never move, and one is found without a look at a table of small chunks. The
// first element of a block begins a line of the processor's cache. One owner; while nothing is appended any number of
// threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace zaojing {

template <typename T>
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks() {
    for (size_t i = 0; i < size_; ++i) (*this)[i].~T();
  }

  size_t size() const { return size_; }
  T& operator[](size_t i) { return *At(i); }
  const T& operator[](size_t i) const { return *At(i); }
  T& push_back(T element) {
    if (size_ == blocks_.size() * kPerBlock) {
      blocks_.emplace_back(static_cast<std::byte*>(::operator new(kPerBlock * sizeof(T), kLine)));
    }
    T* added = new (At(size_)) T(std::move(element));
    ++size_;
    return *added;
  }
  size_t bytes() const { return blocks_.size() * kPerBlock * sizeof(T); }

 private:
  static constexpr size_t kPerBlock = 4096;
  static constexpr std::align_val_t kLine{64};
  static_assert(alignof(T) <= 64);
  struct Free {
    void operator()(std::byte* block) const { ::operator delete(block, kLine); }
  };

  T* At(size_t i) const { return std::launder(reinterpret_cast<T*>(blocks_[i / kPerBlock].get()) + i % kPerBlock); }

  std::vector<std::unique_ptr<std::byte, Free>> blocks_;
  size_t size_ = 0;
};

}  // namespace zaojing
