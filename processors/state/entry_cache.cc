#include "processors/state/entry_cache.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <new>

#include "proto/check.h"
#include "proto/fetch_ahead.h"

namespace zaojing {
namespace {

constexpr size_t kSlotBytes = 40;    // slots and queue, beside the block
constexpr uint32_t kValueSlack = 8;  // values that change grow by a few bytes
// Candidates looked at for one new entry: more than it takes on average, few enough never to be felt.
constexpr int kEvictionsMax = 4;
constexpr size_t kHeadAhead = 8;  // candidates between the one looked at and the one fetched, and
constexpr size_t kSlotAhead = 4;  // whose slot is fetched

}  // namespace

uint64_t EntryCache::HashOf(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

EntryCache::~EntryCache() {
  for (CacheEntry* entry : passing_) Destroy(entry);
  for (CacheEntry* entry : queue_) Destroy(entry);
}

void EntryCache::Destroy(CacheEntry* entry) {
  entry->~CacheEntry();
  ::operator delete(entry);
}

size_t EntryCache::BytesOf(const CacheEntry& entry) {
  return kSlotBytes + sizeof(CacheEntry) + entry.key_size_ + entry.value_room_;
}

CacheEntry* EntryCache::Find(std::string_view key, uint64_t hash) {
  for (size_t at = Home(hash); slots_[at].entry != nullptr; at = Next(at)) {
    CacheEntry& entry = *slots_[at].entry;
    if (slots_[at].hash != hash || entry.key() != key) continue;
    entry.recent_ = true;
    return &entry;
  }
  return nullptr;
}

void EntryCache::PrefetchSlot(uint64_t hash) const { FetchAhead(&slots_[Home(hash)]); }

void EntryCache::PrefetchEntry(uint64_t hash) const {
  for (size_t at = Home(hash); slots_[at].entry != nullptr; at = Next(at)) {
    if (slots_[at].hash != hash) continue;
    return slots_[at].entry->FetchWhole();
  }
}

void EntryCache::Grow() {
  Slots old(2 * slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.entry == nullptr) continue;
    size_t at = Home(slot.hash);
    while (slots_[at].entry != nullptr) at = Next(at);
    slots_[at] = slot;
  }
}

// Closes the gap: whatever a probe would no longer reach moves into it.
void EntryCache::Erase(const CacheEntry& entry) {
  size_t gap = Home(entry.hash_);
  while (slots_[gap].entry != &entry) gap = Next(gap);
  for (size_t at = Next(gap); slots_[at].entry != nullptr; at = Next(at)) {
    const size_t mask = slots_.size() - 1;
    const bool reached = ((at - Home(slots_[at].hash)) & mask) < ((at - gap) & mask);
    if (reached) continue;
    slots_[gap] = slots_[at];
    gap = at;
  }
  slots_[gap] = Slot{};
}

CacheEntry& EntryCache::Insert(std::string_view key, uint64_t hash, std::optional<std::string_view> value, size_t room,
                               Stay stay) {
  MakeRoom();
  if (room != 0) room += kValueSlack;
  ZAOJING_CHECK(key.size() < UINT32_MAX && room < UINT32_MAX);
  void* block = ::operator new(sizeof(CacheEntry) + key.size() + room);
  auto* entry = new (block) CacheEntry();
  entry->hash_ = hash;
  entry->key_size_ = static_cast<uint32_t>(key.size());
  entry->value_room_ = static_cast<uint32_t>(room);
  std::memcpy(entry->Tail(), key.data(), key.size());
  bytes_ += BytesOf(*entry);
  (stay == Stay::kPassing ? passing_ : queue_).push_back(entry);
  if ((passing_.size() + queue_.size()) * 4 > slots_.size() * 3) Grow();
  size_t at = Home(hash);
  while (slots_[at].entry != nullptr) at = Next(at);
  slots_[at] = {hash, entry};
  SetValue(*entry, value);
  return *entry;
}

void EntryCache::SetValue(CacheEntry& entry, std::optional<std::string_view> value) {
  entry.present_ = value.has_value();
  entry.value_size_ = value ? static_cast<uint32_t>(value->size()) : 0;
  if (!value || value->empty()) return;
  if (value->size() > entry.value_room_) {
    bytes_ -= BytesOf(entry);
    entry.value_room_ = entry.value_size_ + kValueSlack;
    entry.overflow_ = std::make_unique<char[]>(entry.value_room_);
    bytes_ += BytesOf(entry);
  }
  std::memcpy(entry.overflow_ != nullptr ? entry.overflow_.get() : entry.Tail() + entry.key_size_, value->data(),
              value->size());
}

// Candidates are as old as the cache, so neither they nor their slots are near: each eviction would wait twice.
void EntryCache::PrefetchCandidates(const std::deque<CacheEntry*>& queue) const {
  if (queue.size() <= kHeadAhead) return;
  FetchAhead(queue[kHeadAhead]);
  PrefetchSlot(queue[kSlotAhead]->hash_);
}

void EntryCache::MakeRoom() {
  for (int left = kEvictionsMax; left > 0 && bytes_ > bytes_max_; --left) {
    // Behind one that is pinned are younger ones, which are pinned as well, nearly all of them; but not if it was asked for
    // and written again: then it leaves for the other queue, or it would hold up everything behind it.
    const bool held = passing_.empty() || (passing_.front()->pinned() && !passing_.front()->recent_);
    std::deque<CacheEntry*>& queue = held ? queue_ : passing_;
    if (queue.empty()) return;
    PrefetchCandidates(queue);
    CacheEntry* entry = queue.front();
    queue.pop_front();
    if (entry->pinned() || entry->recent_) {
      entry->recent_ = false;
      queue_.push_back(entry);
      continue;
    }
    evicted_ = true;
    bytes_ -= BytesOf(*entry);
    Erase(*entry);
    Destroy(entry);
  }
}

}  // namespace zaojing
