// A task's state as its stage sees it: committed entries below, this transaction's writes above. Reads go overlay →
// cache → store. Owned by one task, used on its lane's thread.
//
// The store is written behind the commits: what was committed stays in the cache, marked as unsaved, until AppendUnsaved()
// hands it to the store as one batch. An entry written a hundred times between two batches is stored once, and the
// batch is in key order, which is what a sorted store takes quickest. After a crash the store is behind, and the
// changelog has the rest.
//
// A state that began empty knows what was never written: as long as nothing was evicted the cache has all there is, and a
// table without a write has nothing. Then the store is not asked: a cold start over a registry of half a million facts asks
// for the listings of each.
//
// A read that fails (corrupt block) does not return to the stage: it sets status(), every later read answers "absent",
// and the lane, which checks status() before it commits, closes the task. Nothing judged on a failed read is written.
//
// Memory: the cache holds about `cache_bytes_max`; its owner saves when unsaved_bytes() nears a share of that, and
// commits when overlay_bytes() nears limits::kTransactionBytesMax.
#pragma once

#include <bitset>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "processors/state/digest.h"
#include "processors/state/entry_cache.h"
#include "processors/state/store.h"

namespace zaojing {

// One entry's value as the open transaction leaves it.
struct PendingWrite {
  CacheEntry* entry = nullptr;
  bool present = false;
  std::string value;  // kept for its capacity when absent
};

class TaskState {
 public:
  // `store` must outlive this object. `digest` is the marker's, or zero for an empty store.
  TaskState(Store& store, size_t cache_bytes_max, Digest digest);

  // The newest value, this transaction's writes included. Valid until the next call on this object.
  std::optional<std::string_view> Get(std::string_view key);
  // Hints that a key of this hash is about to be asked for (entry_cache.h).
  static uint64_t HintOf(std::string_view key) { return EntryCache::HashOf(key); }
  void PrefetchSlot(uint64_t hint) const { cache_.PrefetchSlot(hint); }
  void PrefetchEntry(uint64_t hint) const { cache_.PrefetchEntry(hint); }

  // Effect: visible to later reads at once, part of the next FreezeChanges(). Writing what is there already is free.
  // `key` and `value` must not be views that this object gave.
  void Put(std::string_view key, std::string_view value);
  // As Put, without asking the store what was there. REQUIRES nothing was: the caller knows it from another entry.
  void PutNew(std::string_view key, std::string_view value);
  void Delete(std::string_view key);

  // Visits the entries of an ordered table whose keys begin with `prefix` and are >= `from`, in key order, the overlay
  // merged in, until `visit` returns false. `visit` must not write to this object. REQUIRES an ordered table.
  void Scan(std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit);

  // Net changes since the last Committed(), in the order first written; an entry put back to what it was is left out.
  // They view this object: valid until Committed() or Drop().
  std::vector<StateChange> FreezeChanges() const;
  // Digest of the state with the overlay in it.
  Digest digest() const { return digest_; }
  // The transaction is committed: effect: its writes are the committed values, and unsaved.
  void Committed();
  // The transaction is void: effect: as after the last Committed().
  void Drop();

  // Effect: what the store does not have yet is appended, in key order; views of this object, valid until the next call
  // on it.
  void AppendUnsaved(std::vector<StateChange>* changes);
  // The store has what AppendUnsaved() gave.
  void Saved();

  bool dirty() const { return writes_ > 0; }
  size_t pending_writes() const { return writes_; }
  size_t overlay_bytes() const { return overlay_bytes_; }
  size_t unsaved_bytes() const { return unsaved_bytes_; }
  size_t cache_bytes() const { return cache_.bytes(); }
  const absl::Status& status() const { return status_; }
  uint64_t cache_hits() const { return cache_hits_; }
  uint64_t cache_misses() const { return cache_misses_; }

 private:
  using Ordered = absl::btree_map<std::string_view, CacheEntry*, std::less<>>;

  // The entry of the key, read from the store when the cache has none; nullptr when there is neither. Sets hash_.
  CacheEntry* Find(std::string_view key);
  CacheEntry* Cached(std::string_view key);
  // Effect: an entry for what was found absent, with room for what is about to be written.
  CacheEntry& Add(std::string_view key, size_t room);
  bool NeverWritten(std::string_view key) const {
    return began_empty_ && !written_tables_[static_cast<unsigned char>(key[0])];
  }
  // Of a key that the cache does not have.
  bool KnownAbsent(std::string_view key) const { return NeverWritten(key) || (began_empty_ && !cache_.evicted()); }
  void Set(CacheEntry& entry, std::optional<std::string_view> value);
  // What a reader of the open transaction sees; valid until the entry is written.
  static std::optional<std::string_view> Newest(const CacheEntry& entry);
  void ListForScans(CacheEntry& entry);
  void SortForScans();
  void ForgetForScans();

  Store& store_;
  Digest digest_;
  Digest committed_digest_;
  EntryCache cache_;
  const bool began_empty_;           // the store had nothing of any table
  std::bitset<256> written_tables_;  // by first byte; since the beginning, dropped transactions included
  CacheEntry* last_ = nullptr;       // of the last call; a key is asked for and then written
  std::string absent_;               // likewise, where there was none
  uint64_t hash_ = 0;                // of the key asked for last
  std::deque<PendingWrite> order_;   // this transaction's writes, by first write; the first writes_ are in use
  size_t writes_ = 0;
  std::vector<CacheEntry*> unsaved_;
  Ordered ordered_;                    // entries of ordered tables that the store does not show as they are
  std::vector<CacheEntry*> unsorted_;  // likewise, not in the map yet: scans are rare, writes are not
  size_t overlay_bytes_ = 0;
  size_t unsaved_bytes_ = 0;
  uint64_t cache_hits_ = 0;
  uint64_t cache_misses_ = 0;
  absl::Status status_;
};

}  // namespace zaojing
