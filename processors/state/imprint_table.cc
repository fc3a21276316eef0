#include "processors/state/imprint_table.h"

#include "proto/check.h"

namespace zaojing {

void ImprintTable::BoundTo(size_t bytes_max) {
  slots_max_ = std::max(SlotsIn(bytes_max), slots_.size());
  if (!displaced()) gone_ = BloomFilter(BytesBeside(bytes_max));
}

void ImprintTable::Set(uint64_t hash, uint64_t imprint) {
  ZAOJING_CHECK(imprint != 0);
  if (hash == 0) {
    gone_.Add(hash);  // the one key that has no slot
    return;
  }
  size_t at = Place(hash);
  if (slots_[at].hash == 0 && 4 * (used_ + 1) > 3 * slots_.size()) {
    if (slots_.size() < slots_max_) {
      Grow();
      at = Place(hash);
    } else {
      // No chain of probes breaks when another key stands in a slot that is taken; a free one has to stay free.
      at = Home(hash);
      gone_.Add(slots_[at].hash == 0 ? hash : slots_[at].hash);
      if (slots_[at].hash == 0) return;
    }
  }
  if (slots_[at].hash == 0) ++used_;
  slots_[at] = {hash, imprint};
}

void ImprintTable::Forget(uint64_t hash) {
  Slot& slot = slots_[Place(hash)];
  if (slot.hash != 0) slot.imprint = 0;
}

void ImprintTable::Grow() {
  std::vector<Slot, HugePageAllocator<Slot>> old(std::min(2 * slots_.size(), slots_max_));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.hash != 0) slots_[Place(slot.hash)] = slot;
  }
}

}  // namespace zaojing
