// Memory that need not stay in the process: first so many bytes of its own, then blocks of a file that has no name,
// mapped. What is read of the file becomes part of the process's memory; when the process has more than its bound, and
// the files a share of that worth having, all of it is given back, and what is needed comes again from the page cache, or
// from the disk when the machine has had better use for its memory. Pointers stay good throughout, and readers take no
// lock.
//
// The file is scratch: it is filled at every start and vanishes with the process, however that ends.
// Failure: where the disk has no room the block is the process's own memory, and the log says so once. A disk that cannot
// be read ends the process with SIGBUS, as it would with any mapped file.
//
// A read of one page brings in up to sixteen that the page cache has, so the bound is kept by those who read, every few
// hundred questions: another thread that looked every millisecond was too late by hundreds of megabytes.
//
// Threads: one takes; KeepWithinBound and Release are for any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/reference/block_memory.h"

namespace zaojing {

struct ScratchBounds {
  uint64_t near = 0;      // bytes that are the process's own before the file begins
  uint64_t resident = 0;  // of the whole process in memory
  uint64_t mapped = 0;    // of files, which are left to it even when it has more
};

class ScratchMemory final : public BlockMemory {
 public:
  // `directory` is where the file is made. kFailedPrecondition: it cannot be made there.
  static absl::StatusOr<std::unique_ptr<ScratchMemory>> Open(const std::string& directory, const ScratchBounds& bounds);
  ~ScratchMemory() override;

  std::byte* Take(size_t bytes) override;
  size_t bytes_held() const override { return own_.bytes_held(); }
  size_t bytes_mapped() const { return mapped_.load(std::memory_order_relaxed); }

  // Effect: what is mapped is out of the process's memory if there was more than the bounds. Cheap when there was not: one
  // line of /proc, and nothing while the file is empty.
  void KeepWithinBound() override;
  // Effect: what is mapped is out of the process's memory.
  void Release();

 private:
  struct Region {
    std::byte* at = nullptr;
    size_t bytes = 0;
  };
  ScratchMemory(int fd, int statm, const ScratchBounds& bounds) : fd_(fd), statm_(statm), bounds_(bounds) {}
  bool BeyondBound() const;
  void ReleaseLocked();
  // A region of at least so many bytes; none when the disk has no room.
  Region Map(size_t bytes);

  const int fd_;
  const int statm_;  // what the process has in memory
  const ScratchBounds bounds_;
  std::atomic<size_t> mapped_{0};  // bytes of the file; changed by the one that takes
  Region open_;                    // being taken from
  size_t used_ = 0;                // of it
  bool full_ = false;
  ProcessMemory own_;
  std::mutex mutex_;
  std::vector<Region> regions_;  // under mutex_
};

}  // namespace zaojing
