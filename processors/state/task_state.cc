#include "processors/state/task_state.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "processors/state/tables.h"
#include "proto/check.h"

namespace zaojing {
namespace {

constexpr size_t kStoredJobsMax = 256;
// Between the entry taken and the one fetched, where all that were written are gone through: they lie anywhere.
constexpr size_t kEntriesAhead = 6;

// What a reader of the open transaction sees; valid until the entry is written.
std::optional<std::string_view> NewestOf(const CacheEntry& entry) {
  if (entry.write == nullptr) return entry.value();
  if (!entry.write->present) return std::nullopt;
  return std::string_view(entry.write->value);
}

// What is listed for scans, as the open transaction leaves it.
class ListedWalk {
 public:
  ListedWalk(SortedRuns<CacheEntry>& listed, std::string_view start) : at_(listed, start) {}
  bool Valid() const { return at_.Valid(); }
  std::string_view key() const { return at_.entry().key(); }
  std::optional<std::string_view> value() const { return NewestOf(at_.entry()); }
  void Next() { at_.Next(); }

 private:
  SortedRuns<CacheEntry>::Walk at_;
};

// Below the tables are only the marker and what is local to the directory.
bool HasNoTable(Store& store) {
  const std::unique_ptr<StoreIterator> first = store.Seek(std::string_view("\1", 1));
  return !first->Valid() && first->status().ok();
}

}  // namespace

TaskState::TaskState(Store& store, StateMemory memory, Digest digest, const Derivation* derivation)
    : store_(store),
      stored_jobs_(store, TableKey(Table::kJob, ""), kStoredJobsMax),
      digest_(digest),
      committed_digest_(digest),
      cache_(memory.cache_bytes_max),
      imprints_(memory.imprint_bytes_max),
      began_empty_(HasNoTable(store)),
      derivation_(derivation),
      tallies_(memory.tally_bytes_max, began_empty_) {}

void TaskState::BoundTo(const StateMemory& memory) {
  cache_.BoundTo(memory.cache_bytes_max);
  imprints_.BoundTo(memory.imprint_bytes_max);
  tallies_.BoundTo(memory.tally_bytes_max);
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
  const bool asked = status_.ok() && !KnownAbsent(key);
  if (asked) {
    ++cache_misses_;
    const absl::StatusOr<bool> read = store_.Get(key, &value);
    if (read.ok()) {
      present = *read;
    } else {
      status_ = read.status();
    }
  }
  if (present) {
    last_ = &cache_.Insert(key, hash_, value, value.size(), StayOf(key));
  } else if (asked && status_.ok() && IsOftenAbsent(static_cast<Table>(key[0]))) {
    last_ = &cache_.Insert(key, hash_, std::nullopt, 0, StayOf(key));
  } else {
    absent_.assign(key);
  }
  return last_;
}

CacheEntry& TaskState::Add(std::string_view key, size_t room) {
  last_ = &cache_.Insert(key, hash_, std::nullopt, room, StayOf(key));
  return *last_;
}

std::optional<std::string_view> TaskState::Get(std::string_view key) {
  const CacheEntry* entry = Find(key);
  return entry == nullptr ? std::nullopt : NewestOf(*entry);
}

void TaskState::Put(std::string_view key, std::string_view value) {
  ZAOJING_CHECK(!HasImprints(key));
  PutFound(key, value);
}

void TaskState::PutFound(std::string_view key, std::string_view value) {
  CacheEntry* entry = Find(key);
  Set(entry != nullptr ? *entry : Add(key, value.size()), value);
}

void TaskState::PutWithImprint(std::string_view key, std::string_view value, uint64_t imprint) {
  const auto table = static_cast<unsigned char>(key[0]);
  ZAOJING_CHECK(imprinted_tables_[table] || !written_tables_[table] || !began_empty_);
  PutFound(key, value);
  imprinted_tables_.set(table);
  imprints_.Set(last_->hash(), imprint);
  imprinted_.push_back(last_->hash());
}

void TaskState::Delete(std::string_view key) {
  CacheEntry* entry = Find(key);
  if (entry == nullptr) return;
  if (HasImprints(key)) imprints_.Forget(entry->hash());
  Set(*entry, std::nullopt);
}

void TaskState::Set(CacheEntry& entry, std::optional<std::string_view> value) {
  const std::string_view key = entry.key();
  ZAOJING_CHECK(!key.empty() && key[0] != static_cast<char>(Table::kMarker) && !IsDerivedKey(key));
  const std::optional<std::string_view> before = NewestOf(entry);
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
  if (IsOftenAbsent(static_cast<Table>(key[0]))) often_absent_written_.Add(entry.hash());
  if (derivation_ != nullptr && key[0] == static_cast<char>(derivation_->source())) Rederive(key, before, value);
  PendingWrite& write = *entry.write;
  write.present = value.has_value();
  if (value) {
    LowerFloor(key);
    overlay_bytes_ += value->size();
    digest_ += EntryDigest(key, *value);
    write.value.assign(*value);
  }
}

void TaskState::Rederive(std::string_view key, std::optional<std::string_view> before,
                         std::optional<std::string_view> after) {
  derived_before_.Clear();
  derived_after_.Clear();
  if (before) derivation_->Derive(key, *before, &derived_before_);
  if (after) derivation_->Derive(key, *after, &derived_after_);
  derived_before_.VisitChanges(
      derived_after_, [&](std::string_view derived, DerivedEntries::Value stands, DerivedEntries::Value value) {
        written_tables_.set(static_cast<unsigned char>(derived[0]));
        if (value) LowerFloor(derived);
        derived_.Set(derived, value);
        const uint64_t subject = derivation_->SubjectNumberOf(derived);
        if (subject == 0) return;
        if (stands) tallies_.Remove(subject, WordOf(*stands));
        if (value) tallies_.Add(subject, WordOf(*value));
        tallied_.push_back(subject);
      });
}

const SubjectTally& TaskState::TallyOf(std::string_view subject) {
  const uint64_t number = derivation_->SubjectNumberOf(subject);
  ZAOJING_CHECK(number != 0);
  if (tallies_.Find(number, &tally_)) return tally_;
  tally_ = {};
  Scan(subject, subject, [this](std::string_view, std::string_view value) {
    ++tally_.entries;
    if (const std::optional<uint64_t> word = WordOf(value)) {
      ++tally_.worded;
      if (tally_.worded <= SubjectTallies::kWordsMax) tally_.words.push_back(*word);
    }
    return true;
  });
  if (tally_.worded > SubjectTallies::kWordsMax) tally_.words.clear();
  if (!status_.ok()) return tally_;
  tallies_.Set(number, tally_);
  tallied_.push_back(number);
  return tally_;
}

void TaskState::LowerFloor(std::string_view key) {
  if (key < FloorOf(key)) FloorOf(key).assign(key);
}

void TaskState::ListForScans(CacheEntry& entry) {
  if (entry.ordered) return;
  entry.ordered = true;
  listed_.Add(&entry);
}

// Effect: pinned entries alone are listed.
void TaskState::ForgetForScans() {
  listed_.EraseIf([](CacheEntry* entry) {
    if (entry->write != nullptr || entry->unsaved) return false;
    entry->ordered = false;
    return true;
  });
}

void TaskState::Scan(std::string_view prefix, std::string_view from,
                     const std::function<bool(std::string_view, std::string_view)>& visit) {
  ZAOJING_CHECK(IsOrderedKey(prefix));
  if (!status_.ok() || NeverWritten(prefix)) return;
  const std::string floor = FloorOf(prefix);
  const std::string_view start = std::max({prefix, from, std::string_view(floor)});
  const bool whole = prefix.size() == 1 && from <= prefix;
  if (IsDerivedKey(prefix)) {
    Merge(DerivedOverlay::Walk(derived_, start), prefix, start, whole, visit);
  } else {
    Merge(ListedWalk(listed_, start), prefix, start, whole, visit);
  }
}

template <typename Above>
void TaskState::Merge(Above above, std::string_view prefix, std::string_view start, bool whole,
                      const std::function<bool(std::string_view, std::string_view)>& visit) {
  // Nothing is before the first entry seen, or before the end of the table.
  const auto raise = [&](std::string_view first) {
    if (whole) FloorOf(prefix).assign(first);
  };
  const std::unique_ptr<StoreIterator> below = SeekStore(prefix, start);
  const auto in_prefix = [&](std::string_view key) { return key.substr(0, prefix.size()) == prefix; };
  bool first = true;
  for (;;) {
    const bool has_below = below->Valid() && in_prefix(below->key());
    const bool has_above = above.Valid() && in_prefix(above.key());
    if (!has_below && !has_above) break;
    const bool from_above = has_above && (!has_below || above.key() <= below->key());
    const std::string_view key = from_above ? above.key() : below->key();
    const std::optional<std::string_view> value = from_above ? above.value() : below->value();
    if (value && std::exchange(first, false)) raise(key);
    if (value && !visit(key, *value)) return;
    if (has_below && from_above && key == below->key()) below->Next();
    if (from_above) {
      above.Next();
    } else {
      below->Next();
    }
  }
  if (!below->status().ok()) {
    status_ = below->status();
  } else if (first) {
    raise(std::string(1, static_cast<char>(prefix[0] + 1)));
  }
}

std::unique_ptr<StoreIterator> TaskState::SeekStore(std::string_view prefix, std::string_view start) {
  if (prefix[0] == static_cast<char>(Table::kJob)) return stored_jobs_.Seek(start);
  return store_.SeekWithin(prefix, start);
}

std::vector<StateChange> TaskState::FreezeChanges() const {
  std::vector<StateChange> changes;
  changes.reserve(writes_);
  for (size_t i = 0; i < writes_; ++i) {
    if (i + kEntriesAhead < writes_) order_[i + kEntriesAhead].entry->FetchWhole();
    const CacheEntry& entry = *order_[i].entry;
    const std::optional<std::string_view> after = NewestOf(entry);
    if (entry.value() != after) changes.push_back({entry.key(), after});
  }
  return changes;
}

void TaskState::Committed() {
  for (size_t i = 0; i < writes_; ++i) {
    if (i + kEntriesAhead < writes_) order_[i + kEntriesAhead].entry->FetchWhole();
    CacheEntry& entry = *order_[i].entry;
    const std::optional<std::string_view> after = NewestOf(entry);
    if (entry.value() == after) continue;
    cache_.SetValue(entry, after);
    if (!entry.unsaved) {
      entry.unsaved = true;
      unsaved_.push_back(&entry);
      unsaved_bytes_ += EntryCache::BytesOf(entry);
    }
  }
  committed_digest_ = digest_;
  derived_.Committed();
  EndTransaction();
}

void TaskState::Drop() {
  for (const uint64_t hash : imprinted_) imprints_.Forget(hash);
  for (const uint64_t subject : tallied_) tallies_.Forget(subject);
  for (std::string& floor : floors_) floor.clear();  // what was deleted is there again
  derived_.Drop();
  EndTransaction();
}

void TaskState::EndTransaction() {
  imprinted_.clear();
  tallied_.clear();
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
  std::vector<Keyed<CacheEntry>> sorted;
  sorted.reserve(unsaved_.size());
  for (size_t i = 0; i < unsaved_.size(); ++i) {
    if (i + kEntriesAhead < unsaved_.size()) unsaved_[i + kEntriesAhead]->FetchWhole();
    sorted.emplace_back(unsaved_[i]);
  }
  SortKeyed(&sorted);
  // Derived tables have nothing in the cache, and no table lies within another.
  std::vector<StateChange> derived;
  derived_.AppendUnsaved(&derived);
  changes->reserve(changes->size() + sorted.size() + derived.size());
  auto next = derived.begin();
  for (const Keyed<CacheEntry>& keyed : sorted) {
    for (; next != derived.end() && next->key[0] < keyed.entry->key()[0]; ++next) changes->push_back(*next);
    changes->push_back({keyed.entry->key(), keyed.entry->value()});
  }
  changes->insert(changes->end(), next, derived.end());
}

void TaskState::Saved() {
  for (CacheEntry* entry : unsaved_) entry->unsaved = false;
  unsaved_.clear();
  unsaved_bytes_ = 0;
  derived_.Saved();
  stored_jobs_.Forget();
  ForgetForScans();
}

}  // namespace zaojing
