#include "processors/state/subject_tallies.h"

#include <algorithm>

#include "proto/check.h"
#include "proto/mix_bits.h"

namespace zaojing {
namespace {

// Slots take two thirds of the room: one subject in three or so has entries that carry a word.
constexpr size_t kSlotThirds = 2;
constexpr size_t kSlotsMax = size_t{1} << 31;

}  // namespace

size_t SubjectTallies::SlotsIn(size_t bytes) {
  return std::clamp(bytes / 3 * kSlotThirds / sizeof(Slot), kSlotsMin, kSlotsMax);
}

SubjectTallies::SubjectTallies(size_t bytes_max, bool complete)
    : slots_max_(SlotsIn(bytes_max)), complete_(complete), slots_(kSlotsMin) {}

// Any number of slots will do: what there is room for is not halved to the next power of two.
size_t SubjectTallies::Home(uint64_t subject) const { return (MixBits(subject) >> 32) * slots_.size() >> 32; }

size_t SubjectTallies::Place(uint64_t subject) const {
  size_t at = Home(subject);
  while (slots_[at].subject != 0 && slots_[at].subject != subject) at = at + 1 < slots_.size() ? at + 1 : 0;
  return at;
}

bool SubjectTallies::Find(uint64_t subject, SubjectTally* tally) const {
  ZAOJING_CHECK(subject != 0);
  const Slot& slot = slots_[Place(subject)];
  if (slot.words == kUnknown || (slot.subject == 0 && !complete_)) return false;
  tally->entries = slot.entries;
  tally->worded = 0;
  tally->words.clear();
  if (slot.words != kNoWords) {
    const Words& words = words_[slot.words];
    tally->worded = words.worded;
    tally->words.assign(words.list.begin(), words.list.end());
  }
  return true;
}

void SubjectTallies::Set(uint64_t subject, const SubjectTally& tally) {
  Slot& slot = SlotFor(subject);
  GiveBack(slot);
  slot.entries = static_cast<uint32_t>(tally.entries);
  if (tally.worded == 0) return;
  slot.words = TakeWords();
  words_[slot.words].worded = tally.worded;
  words_[slot.words].list.assign(tally.words.begin(), tally.words.end());
}

void SubjectTallies::Add(uint64_t subject, std::optional<uint64_t> word) {
  Slot* slot = Known(subject);
  if (slot == nullptr) return;
  ++slot->entries;
  if (!word) return;
  if (slot->words == kNoWords) slot->words = TakeWords();
  Words& words = words_[slot->words];
  // What is too long to be listed stays so until it was scanned: those that were left out are not known.
  if (words.list.size() == words.worded) words.list.push_back(*word);
  if (++words.worded > kWordsMax) words.list.clear();
}

void SubjectTallies::Remove(uint64_t subject, std::optional<uint64_t> word) {
  Slot* slot = Known(subject);
  if (slot == nullptr) return;
  ZAOJING_CHECK(slot->entries > 0 && (!word || slot->words != kNoWords));
  --slot->entries;
  if (!word) return;
  Words& words = words_[slot->words];
  if (words.list.size() != words.worded) {
    // Few enough to be listed, and the list is not known.
    if (--words.worded <= kWordsMax) Forget(subject);
    return;
  }
  const auto found = std::find(words.list.begin(), words.list.end(), *word);
  ZAOJING_CHECK(found != words.list.end());
  *found = words.list.back();
  words.list.pop_back();
  if (--words.worded == 0) GiveBack(*slot);
}

void SubjectTallies::Forget(uint64_t subject) {
  // Without a slot it is not known, or known to have no entry.
  if (slots_[Place(subject)].subject == 0 && !complete_) return;
  Slot& slot = SlotFor(subject);
  GiveBack(slot);
  slot.words = kUnknown;
}

SubjectTallies::Slot* SubjectTallies::Known(uint64_t subject) {
  ZAOJING_CHECK(subject != 0);
  Slot& slot = slots_[Place(subject)];
  if (slot.subject != 0) return slot.words == kUnknown ? nullptr : &slot;
  if (!complete_) return nullptr;
  Slot& made = SlotFor(subject);
  return complete_ ? &made : nullptr;
}

// Effect: the subject has a slot, a new one of no entry. Where there is no room for it all others are forgotten.
SubjectTallies::Slot& SubjectTallies::SlotFor(uint64_t subject) {
  ZAOJING_CHECK(subject != 0);
  if (slots_[Place(subject)].subject == 0 && 4 * (used_ + 1) > 3 * slots_.size()) {
    if (slots_.size() < slots_max_) {
      Grow();
    } else {
      Clear();
    }
  }
  Slot& slot = slots_[Place(subject)];
  if (slot.subject == 0) {
    ++used_;
    slot.subject = subject;
    if (!complete_) slot.words = kUnknown;
  }
  return slot;
}

void SubjectTallies::Clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  words_.clear();
  free_words_.clear();
  used_ = 0;
  complete_ = false;
}

void SubjectTallies::Grow() {
  std::vector<Slot, HugePageAllocator<Slot>> old(std::min(2 * slots_.size(), slots_max_));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.subject != 0) slots_[Place(slot.subject)] = slot;
  }
}

uint32_t SubjectTallies::TakeWords() {
  if (free_words_.empty()) {
    words_.emplace_back();
    return static_cast<uint32_t>(words_.size() - 1);
  }
  const uint32_t taken = free_words_.back();
  free_words_.pop_back();
  return taken;
}

// Effect: no words.
void SubjectTallies::GiveBack(Slot& slot) {
  if (slot.words < kUnknown) {
    Words& words = words_[slot.words];
    words.worded = 0;
    words.list.clear();
    words.list.shrink_to_fit();
    free_words_.push_back(slot.words);
  }
  slot.words = kNoWords;
}

}  // namespace zaojing
