// The committed entries a task has at hand: what it read or wrote lately, and everything its store does not have yet.
// An entry stays where it is as long as it is in the cache, so that others may point at it.
//
// Memory: at most about `bytes_max`; what is pinned (a write of the open transaction, or not saved yet) is never
// evicted, so the owner bounds that. Eviction is first in, first out with a second chance for what was asked for since;
// what is not expected to be asked for again goes first, so that a flood of it leaves the rest where it is. One owner, one
// thread. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/fetch_ahead.h"
#include "proto/huge_pages.h"

namespace zaojing {

struct PendingWrite;

// One key with its committed value, in one block of memory: a hit costs one miss of the processor's cache beside the
// slot's.
class CacheEntry {
 public:
  std::string_view key() const { return {Tail(), key_size_}; }
  uint64_t hash() const { return hash_; }
  // nullopt = known to be absent.
  std::optional<std::string_view> value() const {
    if (!present_) return std::nullopt;
    return std::string_view(overflow_ != nullptr ? overflow_.get() : Tail() + key_size_, value_size_);
  }

  // A hint that it is about to be read.
  void FetchWhole() const { FetchAhead(std::string_view(reinterpret_cast<const char*>(this), kFetchBytes)); }

  PendingWrite* write = nullptr;  // of the open transaction; pins the entry
  bool unsaved = false;           // the store has an older value; pins the entry
  bool ordered = false;           // listed for scans by the owner

 private:
  friend class EntryCache;
  static constexpr size_t kFetchBytes = 5 * 64;  // head, key and value of most listings
  CacheEntry() = default;
  const char* Tail() const { return reinterpret_cast<const char*>(this + 1); }
  char* Tail() { return reinterpret_cast<char*>(this + 1); }
  bool pinned() const { return write != nullptr || unsaved; }

  uint64_t hash_ = 0;
  uint32_t key_size_ = 0;
  uint32_t value_size_ = 0;
  uint32_t value_room_ = 0;  // where the value is
  bool present_ = false;
  bool recent_ = false;
  std::unique_ptr<char[]> overflow_;  // a value that outgrew the room behind the key
};

class EntryCache {
 public:
  static constexpr size_t kSlotsMin = 64;

  explicit EntryCache(size_t bytes_max) : bytes_max_(bytes_max), slots_(kSlotsMin) {}
  ~EntryCache();
  EntryCache(const EntryCache&) = delete;
  EntryCache& operator=(const EntryCache&) = delete;

  static uint64_t HashOf(std::string_view key);

  // nullptr when it is not here, which says nothing about the store.
  CacheEntry* Find(std::string_view key, uint64_t hash);
  // Two steps of one hint: the slot is fetched, and once it is here, what it points at. A batch of keys asked for in turn
  // waits for memory once instead of at every key.
  void PrefetchSlot(uint64_t hash) const;
  void PrefetchEntry(uint64_t hash) const;
  enum class Stay : uint8_t { kPassing, kAsLongAsAsked };
  // Effect: a new entry; others may be evicted. REQUIRES Find() == nullptr.
  // `room`: bytes of the values to come.
  CacheEntry& Insert(std::string_view key, uint64_t hash, std::optional<std::string_view> value, size_t room,
                     Stay stay);
  // Effect: the committed value is this. `value` must not be a view of this entry.
  void SetValue(CacheEntry& entry, std::optional<std::string_view> value);

  // Effect: another bound; where it is lower, entries leave as others come.
  void BoundTo(size_t bytes_max) { bytes_max_ = bytes_max; }
  size_t bytes_max() const { return bytes_max_; }
  size_t bytes() const { return bytes_; }
  // Whether anything that was inserted is gone.
  bool evicted() const { return evicted_; }
  static size_t BytesOf(const CacheEntry& entry);

 private:
  // Open addressing, linear probing. The whole hash is in the slot: growth and misses touch no entry.
  struct Slot {
    uint64_t hash = 0;
    CacheEntry* entry = nullptr;  // nullptr = free
  };

  using Slots = std::vector<Slot, HugePageAllocator<Slot>>;

  size_t Home(uint64_t hash) const { return hash & (slots_.size() - 1); }
  size_t Next(size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void Grow();
  void Erase(const CacheEntry& entry);
  void MakeRoom();
  void PrefetchCandidates(const std::deque<CacheEntry*>& queue) const;
  static void Destroy(CacheEntry* entry);

  size_t bytes_max_;
  size_t bytes_ = 0;
  bool evicted_ = false;
  Slots slots_;  // a power of two of them, at most three quarters taken
  // Every entry once, in one of them, the next candidate for eviction first.
  std::deque<CacheEntry*> passing_;
  std::deque<CacheEntry*> queue_;
};

}  // namespace zaojing
