// A task's state as its stage sees it: committed entries below, this transaction's writes above. Reads go overlay →
// cache → store. Owned by one task, used on its lane's thread.
//
// A read that fails (corrupt block) does not return to the stage: it sets status(), every later read answers "absent",
// and the lane, which checks status() before it commits, closes the task. Nothing judged on a failed read is written.
//
// Memory: the cache holds at most `cache_bytes_max` of keys and values in two generations; a hit in the old one moves
// the entry to the young one, and a full young one becomes the old. The overlay is bounded by the lane, which commits
// when overlay_bytes() nears limits::kTransactionBytesMax.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "processors/state/digest.h"
#include "processors/state/store.h"

namespace zaojing {

class TaskState {
 public:
  // `store` must outlive this object. `digest` is the marker's, or zero for an empty store.
  TaskState(Store& store, size_t cache_bytes_max, Digest digest);

  // The newest value, this transaction's writes included. Valid until the next call on this object.
  std::optional<std::string_view> Get(std::string_view key);

  // Effect: visible to later reads at once, part of the next FreezeChanges(). Writing what is there already is free.
  // `key` and `value` must not be views that this object gave.
  void Put(std::string_view key, std::string_view value);
  void Delete(std::string_view key);

  // Visits the entries of an ordered table whose keys begin with `prefix` and are >= `from`, in key order, the overlay
  // merged in, until `visit` returns false. `visit` must not write to this object. REQUIRES an ordered table.
  void Scan(std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit);

  // Net changes since the last Committed(), in the order first written; an entry put back to what it was is left out.
  std::vector<StateChange> FreezeChanges() const;
  // Digest of the state with the overlay in it.
  Digest digest() const { return digest_; }
  // The store has the frozen changes: effect: overlay becomes cache.
  void Committed();
  // The transaction is void: effect: as after the last Committed().
  void Drop();

  bool dirty() const { return !order_.empty(); }
  size_t pending_writes() const { return order_.size(); }
  size_t overlay_bytes() const { return overlay_bytes_; }
  const absl::Status& status() const { return status_; }
  uint64_t cache_hits() const { return cache_hits_; }
  uint64_t cache_misses() const { return cache_misses_; }

 private:
  struct BytesHash {
    using is_transparent = void;
    size_t operator()(std::string_view bytes) const;
  };
  using Bytes = std::optional<std::string>;  // nullopt = known to be absent
  using Cache = absl::flat_hash_map<std::string, Bytes, BytesHash, std::equal_to<>>;
  struct Write {
    std::string key;
    Bytes before;  // committed value
    Bytes after;
  };

  const Bytes& CommittedValue(std::string_view key);  // through the cache
  void Remember(std::string key, Bytes value);
  void Set(std::string_view key, std::optional<std::string_view> value);
  void SortWrites();

  Store& store_;
  const size_t cache_bytes_max_;
  Digest digest_;
  Digest committed_digest_;
  std::deque<Write> order_;  // this transaction's writes, by first write; the maps below view its keys
  absl::flat_hash_map<std::string_view, Write*, BytesHash, std::equal_to<>> written_;
  absl::btree_map<std::string_view, Write*, std::less<>> written_ordered_;  // those of ordered tables
  std::vector<Write*> unsorted_;  // of ordered tables, not in the map yet: scans are rare, writes are not
  Cache young_;
  Cache old_;
  size_t young_bytes_ = 0;
  size_t overlay_bytes_ = 0;
  uint64_t cache_hits_ = 0;
  uint64_t cache_misses_ = 0;
  absl::Status status_;
};

}  // namespace zaojing
