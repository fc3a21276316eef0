// Task state on disk: one RocksDB per task, one column family, no write-ahead log. What is flushed survives a
// crash; the rest is replayed from the changelog (processors/state/store.h).
//
// Settings that carry correctness: one column family, so that a batch is in one memtable and a flush takes it
// whole (atomic flush without a log loses data in 7.8.3); nothing is flushed on destruction, so that dropping
// a store after an error is the same as a crash; block checksums verified on every read; no DeleteRange,
// WriteBatchWithIndex or async_io (broken in 7.8.3).
//
// Errors: corrupt or missing files → kDataLoss (wipe and rebuild); locked → kUnavailable; no rights, disk full,
// read errors → kFailedPrecondition, with what to do in the message.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "processors/state/store.h"

namespace zaojing {

// The block cache and the write buffers of every store in the process, under one budget. Thread-safe; shared
// by the factories of all lanes. Outlives the stores by shared ownership.
class StoreMemory;

// `budget_bytes`: block cache plus memtables together stay at about this; memtables may take up to a third of
// it.
std::shared_ptr<StoreMemory> MakeStoreMemory(size_t budget_bytes);
// Effect: another budget, for stores that are open too. Any thread.
void BoundStoreMemory(StoreMemory& memory, size_t budget_bytes);

// Bytes of the budget in use now: blocks and memtables. Any thread.
size_t StoreMemoryUsed(const StoreMemory& memory);
// Of these, the memtables: what a flush would write. Any thread.
size_t StoreMemtableBytes(const StoreMemory& memory);

// Stores below one directory, each in `<directory>/<name>`. One owner thread (its lane's).
class RocksStoreFactory final : public StoreFactory {
 public:
  // `directory` is created by the first Open.
  RocksStoreFactory(std::string directory, std::shared_ptr<StoreMemory> memory);

  absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& name) override;
  absl::Status Discard(const std::string& name) override;

 private:
  const std::string directory_;
  const std::shared_ptr<StoreMemory> memory_;
};

// Opens the store in `path` for reading only: what was last flushed, also while a worker owns the directory
// (files may then vanish under the reader: kDataLoss). Writing calls return kFailedPrecondition. kNotFound:
// no store there.
absl::StatusOr<std::unique_ptr<Store>> OpenRocksStoreReadOnly(const std::string& path);

}  // namespace zaojing
