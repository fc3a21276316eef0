// Memory of large tables that are asked in no order, on huge pages where the kernel gives them on request
// (transparent_hugepage = madvise): with pages of 4 KiB nearly every question first waits for the page table, and a
// prefetch waits as well. Small tables get what any allocation gets. Linux; harmless where there are no huge pages.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace zaojing {

inline constexpr size_t kHugePageBytes = size_t{2} << 20;

// For std::vector and the like.
template <typename T>
struct HugePageAllocator {
  using value_type = T;
  HugePageAllocator() = default;
  template <typename U>
  HugePageAllocator(const HugePageAllocator<U>&) {}  // NOLINT(google-explicit-constructor): what allocators do

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kHugePageBytes) return static_cast<T*>(::operator new(bytes, kLine));
    const size_t whole = (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
    void* at = ::operator new(whole, kPage);
    (void)::madvise(at, whole, MADV_HUGEPAGE);  // refused = small pages, and as right
    return static_cast<T*>(at);
  }
  void deallocate(T* at, size_t count) {
    const bool small = count * sizeof(T) < kHugePageBytes;
    ::operator delete(at, small ? kLine : kPage);
  }
  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }

 private:
  static constexpr std::align_val_t kLine{64};
  static constexpr std::align_val_t kPage{kHugePageBytes};
};

}  // namespace zaojing
