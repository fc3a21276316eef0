// How many entries a derived table (derivation.h) has of each subject that its derivation numbers, and the words they
// carry: what a scan of the subject would find, kept up with every write, so that it need not be scanned.
//
// A subject is known or not. Where the table began empty, every one is known until it is forgotten; else one is known once
// it was Set from a scan. What is said of a known one is exact.
//
// Memory: about `bytes_max`; then all are forgotten, and those that are asked for come back. One owner, one thread. No I/O.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "proto/fetch_ahead.h"
#include "proto/huge_pages.h"

namespace zaojing {

struct SubjectTally {
  uint64_t entries = 0;
  uint64_t worded = 0;  // that carry a word
  std::vector<uint64_t>
      words;  // of each of them, in no order; empty where they are more than SubjectTallies::kWordsMax
};

class SubjectTallies {
 public:
  static constexpr size_t kWordsMax = 32;
  static constexpr size_t kSlotsMin = 64;

  // `complete`: the table has no entry.
  SubjectTallies(size_t bytes_max, bool complete);
  // Effect: another bound. It grows no further than that; what it has it keeps.
  void BoundTo(size_t bytes_max) { slots_max_ = std::max(SlotsIn(bytes_max), slots_.size()); }

  // Whether the subject is known. Effect: then *tally is its tally. REQUIRES subject != 0, as do the others.
  bool Find(uint64_t subject, SubjectTally* tally) const;
  void Prefetch(uint64_t subject) const { FetchAhead(&slots_[Home(subject)]); }
  // Effect: known, and this. REQUIRES words as Find gives them.
  void Set(uint64_t subject, const SubjectTally& tally);
  // Effect: one entry more, or less. A subject that is not known stays so.
  void Add(uint64_t subject, std::optional<uint64_t> word);
  void Remove(uint64_t subject, std::optional<uint64_t> word);
  // Effect: not known.
  void Forget(uint64_t subject);
  // Of the slots and what they name.
  size_t bytes() const { return slots_.size() * sizeof(Slot) + words_.size() * sizeof(Words); }

 private:
  // What is said by the entries of a subject of which some carry a word.
  struct Words {
    uint64_t worded = 0;
    absl::InlinedVector<uint64_t, 2> list;  // empty once they are too many
  };
  struct Slot {
    uint64_t subject = 0;  // 0 = free
    uint32_t entries = 0;
    uint32_t words = kNoWords;  // in words_, or one of the next
  };
  static constexpr uint32_t kNoWords = ~uint32_t{0};
  static constexpr uint32_t kUnknown = kNoWords - 1;

  static size_t SlotsIn(size_t bytes);
  size_t Home(uint64_t subject) const;
  // Of the subject, or of the free slot where it would be.
  size_t Place(uint64_t subject) const;
  // The slot of a known subject, made where nothing was written of it yet; nullptr = not known.
  Slot* Known(uint64_t subject);
  Slot& SlotFor(uint64_t subject);
  void Grow();
  void Clear();
  uint32_t TakeWords();
  void GiveBack(Slot& slot);

  size_t slots_max_;
  bool complete_;  // a subject without a slot has no entry
  size_t used_ = 0;
  std::vector<Slot, HugePageAllocator<Slot>> slots_;  // at most three quarters used
  std::deque<Words> words_;
  std::vector<uint32_t> free_words_;
};

}  // namespace zaojing
