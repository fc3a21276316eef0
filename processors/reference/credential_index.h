// Credential → number, from 0 in order of arrival. Asked once a look-up in no order: a slot is one touch of memory that
// can be fetched ahead, which the groups of a general hash table do not promise. Nothing is ever removed.
// One owner; while nothing is added any number of threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "proto/check.h"
#include "proto/fetch_ahead.h"
#include "proto/huge_pages.h"
#include "proto/identifiers.h"
#include "proto/mix_bits.h"

namespace zaojing {

class CredentialIndex {
 public:
  // REQUIRES id != 0, as in the others.
  std::optional<uint32_t> Find(CredentialId id) const {
    for (size_t at = Home(id); slots_[at].id != 0; at = (at + 1) & mask()) {
      if (slots_[at].id == id) return slots_[at].number;
    }
    return std::nullopt;
  }
  // The number of the credential; it is the next one when the credential is new.
  uint32_t Add(CredentialId id) {
    ZAOJING_CHECK(id != 0);
    if (const std::optional<uint32_t> found = Find(id)) return *found;
    if (3 * (size_ + 1) > 2 * slots_.size()) Grow();
    Place({id, size_});
    return size_++;
  }
  void Prefetch(CredentialId id) const { FetchAhead(&slots_[Home(id)]); }
  size_t size() const { return size_; }
  size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    CredentialId id = 0;  // 0 = free
    uint32_t number = 0;
  };
  using Slots = std::vector<Slot, HugePageAllocator<Slot>>;
  static constexpr size_t kSlotsAtFirst = 64;

  size_t mask() const { return slots_.size() - 1; }
  // Numbers are issued in sequence: every bit of the place has to hang on every bit of the number.
  size_t Home(CredentialId id) const { return MixBits(id) & mask(); }
  void Place(Slot slot) {
    size_t at = Home(slot.id);
    while (slots_[at].id != 0) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void Grow() {
    const Slots old = std::exchange(slots_, Slots(2 * slots_.size()));
    for (const Slot& slot : old) {
      if (slot.id != 0) Place(slot);
    }
  }

  Slots slots_ = Slots(kSlotsAtFirst);  // a power of two, at most two thirds of it used
  uint32_t size_ = 0;
};

}  // namespace zaojing
