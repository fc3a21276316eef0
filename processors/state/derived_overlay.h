// Derived entries (derivation.h) that the store does not have yet, those of the open transaction last. They are written
// once, scanned sometimes and asked for by key never, so they are not in the cache: an entry is its bytes in a block of
// its transaction, and its place among the others is found when somebody scans (sorted_runs.h). Of two for one key the
// later counts.
//
// One owner, one thread. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "processors/state/sorted_runs.h"
#include "processors/state/store.h"

namespace zaojing {

class DerivedOverlay {
 public:
  struct Write {
    const char* bytes = nullptr;  // key, then value
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    bool present = false;
    uint64_t number = 0;  // of this write among all

    std::string_view key() const { return {bytes, key_size}; }
    std::optional<std::string_view> value() const {
      if (!present) return std::nullopt;
      return std::string_view(bytes + key_size, value_size);
    }
  };

  // Effect: in the open transaction. nullopt = deleted.
  void Set(std::string_view key, std::optional<std::string_view> value);
  void Committed();
  // Effect: as after the last Committed().
  void Drop();

  // Effect: the newest of each key that is committed is appended, in key order. Views, valid until Saved().
  void AppendUnsaved(std::vector<StateChange>* changes) const;
  // The store has them.
  void Saved();

  size_t open_bytes() const { return open_.bytes; }
  size_t unsaved_bytes() const { return unsaved_bytes_; }

  // The newest of each key >= `start` in order, deletions included. Not valid after any other call.
  class Walk {
   public:
    Walk(DerivedOverlay& overlay, std::string_view start) : at_(overlay.runs_, start) { Next(); }
    bool Valid() const { return newest_ != nullptr; }
    std::string_view key() const { return newest_->key(); }
    std::optional<std::string_view> value() const { return newest_->value(); }
    void Next();

   private:
    SortedRuns<Write>::Walk at_;
    const Write* newest_ = nullptr;
  };

 private:
  static constexpr size_t kBlockBytes = 16 * 1024;
  struct Transaction {
    std::deque<Write> writes;
    std::vector<std::unique_ptr<char[]>> blocks;
    size_t left = 0;  // in the last block
    size_t bytes = 0;
  };
  static char* Room(size_t size, Transaction* transaction);
  bool IsOpen(const Write& write) const { return write.number >= open_from_; }

  Transaction open_;
  std::deque<Transaction> committed_;
  uint64_t next_number_ = 0;
  uint64_t open_from_ = 0;  // number of the open transaction's first write
  size_t unsaved_bytes_ = 0;
  SortedRuns<Write> runs_;
};

}  // namespace zaojing
