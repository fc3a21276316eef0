// Entries of ordered tables that the store does not show as they are, in key order for scans: added one by one and far
// more often than scanned, so they are sorted when somebody looks, as runs of which a later one is at most half as long as
// the one before it. A sort compares the first bytes of keys, kept beside the pointer, and touches an entry only where
// those are equal. One owner, one thread. No I/O.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/state/entry_cache.h"

namespace zaojing {

// An entry by the beginning of its key.
struct KeyedEntry {
  explicit KeyedEntry(CacheEntry* keyed) : head(HeadOf(keyed->key())), entry(keyed) {}
  static std::array<uint64_t, 3> HeadOf(std::string_view key);
  friend bool operator<(const KeyedEntry& a, const KeyedEntry& b) {
    return a.head != b.head ? a.head < b.head : a.entry->key() < b.entry->key();
  }

  std::array<uint64_t, 3> head;
  CacheEntry* entry;
};

class ScanOverlay {
 public:
  // REQUIRES that the key is not there.
  void Add(CacheEntry* entry) { added_.emplace_back(entry); }
  // Effect: those of which `over` is true are gone.
  template <typename Over>
  void EraseIf(Over over) {
    const auto gone = [&over](const KeyedEntry& keyed) { return over(keyed.entry); };
    std::erase_if(added_, gone);
    for (Run& run : runs_) std::erase_if(run, gone);
    std::erase_if(runs_, [](const Run& run) { return run.empty(); });
  }

  // The entries with keys >= `start` in order. Not valid after the next Add, EraseIf or Walk.
  class Walk {
   public:
    Walk(ScanOverlay& overlay, std::string_view start);
    bool Valid() const { return least_ != nullptr; }
    const CacheEntry& entry() const { return *least_->at->entry; }
    void Next();

   private:
    struct Cursor {
      const KeyedEntry* at;
      const KeyedEntry* end;
    };
    void Choose();
    std::vector<Cursor> cursors_;
    Cursor* least_ = nullptr;
  };

 private:
  using Run = std::vector<KeyedEntry>;
  void Sort();

  Run added_;              // in no order
  std::vector<Run> runs_;  // each in order, the longest first
};

}  // namespace zaojing
