// One task's durable key-value state: what is committed, and nothing else. Implementations: memory (files, simulator,
// tests) and RocksDB. One owner, one thread.
//
// A store may be *behind* the changelog, never ahead of what Kafka committed, because ApplyCommitted is called only with
// what is known to be committed: the net changes of one or more whole commits, the newest marker and the changelog
// position included, as one atomic step. Writes are durable after Flush; the tail is replayed from the changelog.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace zaojing {

// A net change. Keys begin with the table byte (processors/state/tables.h). Views: whoever makes it says how long.
struct StateChange {
  std::string_view key;
  std::optional<std::string_view> value;  // nullopt = delete
};

// Ordered walk over committed entries of one table. Not valid after the next ApplyCommitted.
class StoreIterator {
 public:
  virtual ~StoreIterator() = default;
  virtual bool Valid() const = 0;
  virtual void Next() = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  // kDataLoss when the walk ended on a corrupt block instead of the end.
  virtual absl::Status status() const = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Effect: *value is the entry's bytes. Returns false when absent, kDataLoss when a checksum fails.
  virtual absl::StatusOr<bool> Get(std::string_view key, std::string* value) = 0;

  // First entry with key >= `from`; the caller stops at its own upper bound.
  virtual std::unique_ptr<StoreIterator> Seek(std::string_view from) = 0;
  // As Seek, for one who stops at the end of the keys that begin with `prefix`: those behind may be left out. REQUIRES
  // from >= prefix.
  virtual std::unique_ptr<StoreIterator> SeekWithin(std::string_view /*prefix*/, std::string_view from) {
    return Seek(from);
  }

  // Effect: all changes or none; of two for one key the later counts. On error nothing is visible and the store must be
  // reopened.
  virtual absl::Status ApplyCommitted(std::span<const StateChange> changes) = 0;

  // Effect: everything applied so far survives a crash.
  virtual absl::Status Flush() = 0;

  // Effect: empty, as a new store (a rebuild from the changelog begins here).
  virtual absl::Status Wipe() = 0;

  // Approximate bytes on disk, for metrics; 0 in memory.
  virtual uint64_t BytesOnDisk() const = 0;
};

// Opens stores by task; the lane owns the factory's products. `name` is "<stage>-<task>".
class StoreFactory {
 public:
  virtual ~StoreFactory() = default;
  // kDataLoss when what is there cannot be trusted (the caller wipes and rebuilds), kFailedPrecondition when it cannot
  // be opened at all (no rights, disk full), kUnavailable while it is open elsewhere: another lane of the worker keeps
  // what a rebalance took away until it knows what it has got.
  virtual absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& name) = 0;
  // Effect: removes what is on disk under the name; the next Open starts empty. REQUIRES: not open.
  virtual absl::Status Discard(const std::string& name) = 0;
};

}  // namespace zaojing
