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
// What follows from the entries of one table (derivation.h) is kept up with each of its writes, beside everything else:
// scans and the store see it, changes and digest do not.
//
// An entry may be written with an imprint (imprint_table.h), by which its writer knows what it wrote long after the entry
// itself is out of the cache. Imprints are of this object alone: after a restart there are none until entries are written
// or read again.
//
// How many derived entries a subject has is kept in tallies (subject_tallies.h), so that a subject is scanned to be counted
// only where that is not known: after a restart, or a dropped transaction, for the first time.
//
// Memory: the cache holds about `cache_bytes_max`, the imprints `imprint_bytes_max` beside it, the tallies
// `tally_bytes_max`; the owner saves when unsaved_bytes() nears a share of the first, and commits when overlay_bytes()
// nears limits::kTransactionBytesMax.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "processors/state/derivation.h"
#include "processors/state/derived_overlay.h"
#include "processors/state/digest.h"
#include "processors/state/entry_cache.h"
#include "processors/state/imprint_table.h"
#include "processors/state/sorted_runs.h"
#include "processors/state/store.h"
#include "processors/state/stored_front.h"
#include "processors/state/subject_tallies.h"
#include "processors/state/tables.h"
#include "proto/hash_filter.h"

namespace zaojing {

// One entry's value as the open transaction leaves it.
struct PendingWrite {
  CacheEntry* entry = nullptr;
  bool present = false;
  std::string value;  // kept for its capacity when absent
};

struct StateMemory {
  size_t cache_bytes_max = 64 << 20;
  size_t imprint_bytes_max = 16 << 20;
  size_t tally_bytes_max = 8 << 20;
};

class TaskState {
 public:
  // `store` and `derivation` (null: nothing is derived) must outlive this object. `digest` is the marker's, or zero for an
  // empty store.
  TaskState(Store& store, StateMemory memory, Digest digest, const Derivation* derivation = nullptr);

  // The newest value, this transaction's writes included. Valid until the next call on this object.
  std::optional<std::string_view> Get(std::string_view key);
  // Hints that a key of this hash is about to be asked for (entry_cache.h).
  static uint64_t HintOf(std::string_view key) { return EntryCache::HashOf(key); }
  void PrefetchImprint(uint64_t hint) const { imprints_.Prefetch(hint); }
  void PrefetchSlot(uint64_t hint) const { cache_.PrefetchSlot(hint); }
  void PrefetchEntry(uint64_t hint) const { cache_.PrefetchEntry(hint); }
  // The imprint of the key as the open transaction leaves it; 0 = none is known, which says nothing about the entry.
  uint64_t ImprintOf(std::string_view key) const { return imprints_.Find(HintOf(key)); }
  uint64_t ImprintOf(uint64_t hint) const { return imprints_.Find(hint); }

  // Effect: visible to later reads at once, part of the next FreezeChanges(). Writing what is there already is free.
  // `key` and `value` must not be views that this object gave. REQUIRES no derived table, as do the other writes and Get.
  void Put(std::string_view key, std::string_view value);
  // Effect: counted as a hit of the cache. The imprint was the one expected, so the entry was not asked for.
  void CountImprintHit() { ++cache_hits_; }
  // As Put, and the key's imprint is `imprint` from now on, or as it was when the transaction is dropped: none. In a table
  // that has imprints every entry is written so. REQUIRES imprint != 0.
  void PutWithImprint(std::string_view key, std::string_view value, uint64_t imprint);
  // Effect: the imprint of what is there already, of an entry that was read because none was known.
  void NoteImprint(std::string_view key, uint64_t imprint) { imprints_.Set(HintOf(key), imprint); }
  void Delete(std::string_view key);

  // Visits the entries of an ordered table whose keys begin with `prefix` and are >= `from`, in key order, the overlay
  // merged in, until `visit` returns false. `visit` must not write to this object. REQUIRES an ordered table.
  // Where a table is used as a queue, what was deleted lies in the store before what is there: a scan of a whole table
  // begins at the first entry that the last one found, and a key before that is known to be absent.
  void Scan(std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit);

  // What a derived table has of a subject that its derivation numbers, this transaction's writes included. `subject`: what
  // its keys begin with. Valid until the next call of this.
  const SubjectTally& TallyOf(std::string_view subject);
  // A hint that a subject of this number is about to be counted or written of.
  void PrefetchTally(uint64_t number) const { tallies_.Prefetch(number); }

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
  size_t overlay_bytes() const { return overlay_bytes_ + derived_.open_bytes(); }
  // Effect: other bounds; what is beyond them leaves as other things come, or stays where it cannot.
  void BoundTo(const StateMemory& memory);
  // What is not saved takes so much of the cache that saving it should not wait for its time.
  bool pressing() const { return unsaved_bytes() > cache_.bytes_max() / 2; }
  size_t unsaved_bytes() const { return unsaved_bytes_ + derived_.unsaved_bytes(); }
  size_t cache_bytes() const { return cache_.bytes(); }
  size_t imprint_bytes() const { return imprints_.bytes(); }
  const absl::Status& status() const { return status_; }
  uint64_t cache_hits() const { return cache_hits_; }
  uint64_t cache_misses() const { return cache_misses_; }

 private:
  // The entry of the key, read from the store when the cache has none; nullptr when there is neither. Sets hash_.
  CacheEntry* Find(std::string_view key);
  CacheEntry* Cached(std::string_view key);
  // Effect: an entry for what was found absent, with room for what is about to be written.
  CacheEntry& Add(std::string_view key, size_t room);
  bool NeverWritten(std::string_view key) const {
    return began_empty_ && !written_tables_[static_cast<unsigned char>(key[0])];
  }
  // Below it the table has no entry, as far as a scan of the whole has shown.
  std::string& FloorOf(std::string_view key) { return floors_[static_cast<unsigned char>(key[0])]; }
  const std::string& FloorOf(std::string_view key) const { return floors_[static_cast<unsigned char>(key[0])]; }
  // Of the key asked for last, which the cache does not have.
  bool KnownAbsent(std::string_view key) const {
    if (NeverWritten(key) || key < FloorOf(key)) return true;
    if (!began_empty_) return false;
    const bool often_absent = IsOftenAbsent(static_cast<Table>(key[0]));
    return !cache_.evicted() || NeverImprinted(key) || (often_absent && !often_absent_written_.MayHave(hash_));
  }
  bool HasImprints(std::string_view key) const { return imprinted_tables_[static_cast<unsigned char>(key[0])]; }
  // What has an imprint is answered from that.
  EntryCache::Stay StayOf(std::string_view key) const {
    return HasImprints(key) ? EntryCache::Stay::kPassing : EntryCache::Stay::kAsLongAsAsked;
  }
  // Of the key asked for last.
  bool NeverImprinted(std::string_view key) const { return HasImprints(key) && !imprints_.Knows(hash_); }
  void PutFound(std::string_view key, std::string_view value);
  void Set(CacheEntry& entry, std::optional<std::string_view> value);
  void EndTransaction();
  void ListForScans(CacheEntry& entry);
  void ForgetForScans();
  // Effect: what follows from the entry, once `after` is written.
  void Rederive(std::string_view key, std::optional<std::string_view> before, std::optional<std::string_view> after);
  void LowerFloor(std::string_view key);
  // Scan with what is above the store: ListedWalk or DerivedOverlay::Walk.
  template <typename Above>
  void Merge(Above above, std::string_view prefix, std::string_view start, bool whole,
             const std::function<bool(std::string_view, std::string_view)>& visit);
  std::unique_ptr<StoreIterator> SeekStore(std::string_view prefix, std::string_view start);

  Store& store_;
  StoredFront stored_jobs_;
  Digest digest_;
  Digest committed_digest_;
  EntryCache cache_;
  ImprintTable imprints_;
  std::vector<uint64_t> imprinted_;    // hashes, in this transaction
  const bool began_empty_;             // the store had nothing of any table
  std::bitset<256> written_tables_;    // by first byte; since the beginning, dropped transactions included
  std::bitset<256> imprinted_tables_;  // likewise, with imprints
  HashFilter often_absent_written_;    // likewise, the keys of those tables
  CacheEntry* last_ = nullptr;         // of the last call; a key is asked for and then written
  std::string absent_;                 // likewise, where there was none
  uint64_t hash_ = 0;                  // of the key asked for last
  std::deque<PendingWrite> order_;     // this transaction's writes, by first write; the first writes_ are in use
  size_t writes_ = 0;
  std::vector<CacheEntry*> unsaved_;
  SortedRuns<CacheEntry> listed_;  // for scans
  const Derivation* const derivation_;
  DerivedOverlay derived_;
  DerivedEntries derived_before_;
  DerivedEntries derived_after_;
  SubjectTallies tallies_;
  std::vector<uint64_t> tallied_;  // subjects, in this transaction
  SubjectTally tally_;             // told last
  std::array<std::string, 256> floors_;
  size_t overlay_bytes_ = 0;
  size_t unsaved_bytes_ = 0;
  uint64_t cache_hits_ = 0;
  uint64_t cache_misses_ = 0;
  absl::Status status_;
};

}  // namespace zaojing
