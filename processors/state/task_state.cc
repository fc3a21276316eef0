#include "processors/state/task_state.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "processors/state/tables.h"
#include "proto/check.h"

namespace zaojing {
namespace {

// Below the tables are only the marker and what is local to the directory.
bool HasNoTable(Store& store) {
  const std::unique_ptr<StoreIterator> first = store.Seek(std::string_view("\1", 1));
  return !first->Valid() && first->status().ok();
}

}  // namespace

TaskState::TaskState(Store& store, size_t cache_bytes_max, Digest digest)
    : store_(store),
      digest_(digest),
      committed_digest_(digest),
      cache_(cache_bytes_max),
      began_empty_(HasNoTable(store)) {}

std::optional<std::string_view> TaskState::Newest(const CacheEntry& entry) {
  if (entry.write == nullptr) return entry.value();
  if (!entry.write->present) return std::nullopt;
  return std::string_view(entry.write->value);
}

CacheEntry* TaskState::Cached(std::string_view key) {
  hash_ = EntryCache::HashOf(key);
  last_ = cache_.Find(key, hash_);
  if (last_ != nullptr) ++cache_hits_;
  return last_;
}

CacheEntry* TaskState::Find(std::string_view key) {
  if (last_ != nullptr && last_->key() == key) return last_;
  if (last_ == nullptr && absent_ == key) return nullptr;
  if (Cached(key) != nullptr) return last_;
  std::string value;
  bool present = false;
  if (status_.ok() && !KnownAbsent(key)) {
    ++cache_misses_;
    const absl::StatusOr<bool> read = store_.Get(key, &value);
    if (read.ok()) {
      present = *read;
    } else {
      status_ = read.status();
    }
  }
  if (present) {
    last_ = &cache_.Insert(key, hash_, value, value.size());
  } else {
    absent_.assign(key);
  }
  return last_;
}

CacheEntry& TaskState::Add(std::string_view key, size_t room) {
  last_ = &cache_.Insert(key, hash_, std::nullopt, room);
  return *last_;
}

std::optional<std::string_view> TaskState::Get(std::string_view key) {
  const CacheEntry* entry = Find(key);
  return entry == nullptr ? std::nullopt : Newest(*entry);
}

void TaskState::Put(std::string_view key, std::string_view value) {
  CacheEntry* entry = Find(key);
  Set(entry != nullptr ? *entry : Add(key, value.size()), value);
}

void TaskState::PutNew(std::string_view key, std::string_view value) {
  CacheEntry* entry = Cached(key);
  ZAOJING_CHECK(entry == nullptr || !Newest(*entry));
  Set(entry != nullptr ? *entry : Add(key, value.size()), value);
}

void TaskState::Delete(std::string_view key) {
  if (CacheEntry* entry = Find(key)) Set(*entry, std::nullopt);
}

void TaskState::Set(CacheEntry& entry, std::optional<std::string_view> value) {
  const std::string_view key = entry.key();
  ZAOJING_CHECK(!key.empty() && key[0] != static_cast<char>(Table::kMarker));
  const std::optional<std::string_view> before = Newest(entry);
  if (before == value) return;
  if (before) digest_ -= EntryDigest(key, *before);
  if (entry.write == nullptr) {
    if (writes_ == order_.size()) order_.emplace_back();
    PendingWrite& write = order_[writes_++];
    write.entry = &entry;
    entry.write = &write;
    overlay_bytes_ += 2 * EntryCache::BytesOf(entry);
    if (IsOrderedKey(key)) ListForScans(entry);
  }
  written_tables_.set(static_cast<unsigned char>(key[0]));
  PendingWrite& write = *entry.write;
  write.present = value.has_value();
  if (value) {
    overlay_bytes_ += value->size();
    digest_ += EntryDigest(key, *value);
    write.value.assign(*value);
  }
}

void TaskState::ListForScans(CacheEntry& entry) {
  if (entry.ordered) return;
  entry.ordered = true;
  unsorted_.push_back(&entry);
}

void TaskState::SortForScans() {
  for (CacheEntry* entry : unsorted_) ordered_.emplace(entry->key(), entry);
  unsorted_.clear();
}

// Effect: the lists hold pinned entries alone.
void TaskState::ForgetForScans() {
  const auto settled = [](CacheEntry* entry) {
    if (entry->write != nullptr || entry->unsaved) return false;
    entry->ordered = false;
    return true;
  };
  std::erase_if(unsorted_, settled);
  for (auto at = ordered_.begin(); at != ordered_.end();) at = settled(at->second) ? ordered_.erase(at) : std::next(at);
}

void TaskState::Scan(std::string_view prefix, std::string_view from,
                     const std::function<bool(std::string_view, std::string_view)>& visit) {
  ZAOJING_CHECK(IsOrderedKey(prefix));
  if (!status_.ok() || NeverWritten(prefix)) return;
  SortForScans();
  const std::string_view start = from < prefix ? prefix : from;
  const std::unique_ptr<StoreIterator> below = store_.Seek(start);
  auto above = ordered_.lower_bound(start);
  const auto in_prefix = [&](std::string_view key) { return key.substr(0, prefix.size()) == prefix; };
  for (;;) {
    const bool has_below = below->Valid() && in_prefix(below->key());
    const bool has_above = above != ordered_.end() && in_prefix(above->first);
    if (!has_below && !has_above) break;
    if (has_above && (!has_below || above->first <= below->key())) {
      const CacheEntry& entry = *above->second;
      if (has_below && above->first == below->key()) below->Next();
      ++above;
      const std::optional<std::string_view> value = Newest(entry);
      if (value && !visit(entry.key(), *value)) return;
      continue;
    }
    if (!visit(below->key(), below->value())) return;
    below->Next();
  }
  if (!below->status().ok()) status_ = below->status();
}

std::vector<StateChange> TaskState::FreezeChanges() const {
  std::vector<StateChange> changes;
  changes.reserve(writes_);
  for (size_t i = 0; i < writes_; ++i) {
    const CacheEntry& entry = *order_[i].entry;
    const std::optional<std::string_view> after = Newest(entry);
    if (entry.value() != after) changes.push_back({entry.key(), after});
  }
  return changes;
}

void TaskState::Committed() {
  for (size_t i = 0; i < writes_; ++i) {
    CacheEntry& entry = *order_[i].entry;
    const std::optional<std::string_view> after = Newest(entry);
    if (entry.value() == after) continue;
    cache_.SetValue(entry, after);
    if (!entry.unsaved) {
      entry.unsaved = true;
      unsaved_.push_back(&entry);
      unsaved_bytes_ += EntryCache::BytesOf(entry);
    }
  }
  committed_digest_ = digest_;
  Drop();
}

void TaskState::Drop() {
  digest_ = committed_digest_;
  bool listed = false;
  for (size_t i = 0; i < writes_; ++i) {
    CacheEntry& entry = *std::exchange(order_[i].entry, nullptr);
    entry.write = nullptr;
    listed = listed || (entry.ordered && !entry.unsaved);
  }
  writes_ = 0;
  overlay_bytes_ = 0;
  if (listed) ForgetForScans();
}

void TaskState::AppendUnsaved(std::vector<StateChange>* changes) {
  std::sort(unsaved_.begin(), unsaved_.end(),
            [](const CacheEntry* a, const CacheEntry* b) { return a->key() < b->key(); });
  changes->reserve(changes->size() + unsaved_.size());
  for (const CacheEntry* entry : unsaved_) changes->push_back({entry->key(), entry->value()});
}

void TaskState::Saved() {
  for (CacheEntry* entry : unsaved_) entry->unsaved = false;
  unsaved_.clear();
  unsaved_bytes_ = 0;
  ForgetForScans();
}

}  // namespace zaojing
