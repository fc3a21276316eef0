// The registry of a worker: one thread of its own reads the reference topics once, for all lanes. A lane holds the lock
// for reading while its tasks use the registry (once a batch, not once a record), the reader for writing while it adds a
// few hundred facts. Which facts a task sees is decided by the task's cursor alone, never by how far the reader is.
//
// Threads: the reader, and each lane through a ReferenceSource of its own.
// Failure: what the feed cannot go on from is handed to every lane as its own error; the reader has ended then.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "processors/reference/reference_source.h"

namespace zaojing {

// A lock for many readers that lets a waiting writer in before new readers: the standard one would leave it waiting for
// as long as lanes take turns, and Abseil's cannot be seen by ThreadSanitizer in Debian's build. Not recursive.
class ReaderWriterLock {
 public:
  ReaderWriterLock();
  ~ReaderWriterLock() { ::pthread_rwlock_destroy(&lock_); }
  ReaderWriterLock(const ReaderWriterLock&) = delete;
  ReaderWriterLock& operator=(const ReaderWriterLock&) = delete;
  void lock() { ::pthread_rwlock_wrlock(&lock_); }
  void unlock() { ::pthread_rwlock_unlock(&lock_); }
  void lock_shared() { ::pthread_rwlock_rdlock(&lock_); }
  void unlock_shared() { ::pthread_rwlock_unlock(&lock_); }

 private:
  pthread_rwlock_t lock_;
};

class SharedRegistry {
 public:
  // Starts the reader. `far`: where the registry keeps what is rarely asked for; without one, in the process.
  // `on_caught_up` is called once, by the reader, with all that was there at the start, before any lane hears of it.
  explicit SharedRegistry(
      std::unique_ptr<ReferenceFeed> feed, std::unique_ptr<BlockMemory> far = std::make_unique<ProcessMemory>(),
      std::function<void(const Registry&)> on_caught_up = [](const Registry&) {});
  // Ends it. REQUIRES that no source is left.
  ~SharedRegistry();
  SharedRegistry(const SharedRegistry&) = delete;
  SharedRegistry& operator=(const SharedRegistry&) = delete;

  std::unique_ptr<ReferenceSource> ForLane();

 private:
  class Source;
  void Read();
  absl::Status ReadOnce();

  const std::unique_ptr<ReferenceFeed> feed_;  // the reader's
  std::vector<int64_t> ticks_;                 // the reader's, scratch
  const std::function<void(const Registry&)> on_caught_up_;
  BlockMemory& far_;  // the registry's
  ReaderWriterLock lock_;
  Registry registry_;               // changed by the reader alone, under lock_
  absl::Status failed_;             // likewise
  std::atomic<bool> ended_{false};  // failed_ is set
  std::atomic<bool> caught_up_{false};
  std::atomic<int64_t> tick_{0};  // received_at of the newest; 0 = none
  std::atomic<uint64_t> tick_number_{0};
  std::atomic<bool> stop_{false};
  std::thread reader_;
};

}  // namespace zaojing
