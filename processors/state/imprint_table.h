// One word a key, kept for far longer than the entry it is about: its writer's shorthand for what it wrote last. An entry
// with its value takes some three hundred bytes of a cache, an imprint sixteen, so that the imprints of every listing of a
// nation fit where a tenth of the listings would: most questions are answered from the imprint, and the store is not
// asked.
//
// Keys are known by their hash alone. Whoever makes imprints mixes the key into them, so that another key of the same hash
// does not pass for it; an imprint that is not the one expected says nothing, and the entry itself is read.
//
// Memory: doubles up to four fifths of `bytes_max`; then a new key takes the place of another, or is not kept, and the rest is a
// filter of the keys without a place. One owner, one thread. No I/O.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "processors/state/bloom_filter.h"
#include "proto/fetch_ahead.h"
#include "proto/huge_pages.h"

namespace zaojing {

class ImprintTable {
 public:
  static constexpr size_t kSlotsMin = 64;

  explicit ImprintTable(size_t bytes_max)
      : slots_max_(SlotsIn(bytes_max)), gone_(BytesBeside(bytes_max)), slots_(kSlotsMin) {}
  // Effect: another bound. It grows no further than that; what it has it keeps.
  void BoundTo(size_t bytes_max);

  // 0 = none is known.
  uint64_t Find(uint64_t hash) const { return slots_[Place(hash)].imprint; }
  // Whether the key was ever set, forgotten since or not: no means never. Once there is no room for all, a few of a hundred
  // that were not set pass for it.
  bool Knows(uint64_t hash) const { return slots_[Place(hash)].hash != 0 || gone_.MayHave(hash); }
  void Prefetch(uint64_t hash) const {
    FetchAhead(&slots_[Home(hash)]);
    gone_.Prefetch(hash);
  }
  // REQUIRES imprint != 0.
  void Set(uint64_t hash, uint64_t imprint);
  // Effect: no imprint of the key is known, but that there was one.
  void Forget(uint64_t hash);
  // Whether a key that was set may have no slot.
  bool displaced() const { return gone_.bytes() > 0; }
  size_t bytes() const { return slots_.size() * sizeof(Slot) + gone_.bytes(); }

 private:
  struct Slot {
    uint64_t hash = 0;  // 0 = free
    uint64_t imprint = 0;
  };

  static size_t SlotsIn(size_t bytes) { return std::max(kSlotsMin, bytes / 5 * 4 / sizeof(Slot)); }
  static size_t BytesBeside(size_t bytes) { return bytes - std::min(bytes, SlotsIn(bytes) * sizeof(Slot)); }
  // A number of slots that need not be a power of two: with one, up to half of the room would stay unused.
  size_t Home(uint64_t hash) const {
    return static_cast<size_t>((static_cast<unsigned __int128>(hash) * slots_.size()) >> 64);
  }
  // Of the key, or of the free slot where it would be.
  size_t Place(uint64_t hash) const {
    size_t at = Home(hash);
    while (slots_[at].hash != 0 && slots_[at].hash != hash) at = at + 1 == slots_.size() ? 0 : at + 1;
    return at;
  }
  void Grow();

  size_t slots_max_;
  size_t used_ = 0;
  BloomFilter gone_;                                  // keys that were set and have no slot, some of them again
  std::vector<Slot, HugePageAllocator<Slot>> slots_;  // at most three quarters used
};

}  // namespace zaojing
