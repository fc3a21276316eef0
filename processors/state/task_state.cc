#include "processors/state/task_state.h"

#include <xxhash.h>

#include <memory>
#include <utility>

#include "processors/state/tables.h"
#include "proto/check.h"

namespace zaojing {
namespace {

// Per-entry cost of the hash map beside the bytes, for the cache budget.
constexpr size_t kEntryOverheadBytes = 80;

size_t Cost(std::string_view key, const std::optional<std::string>& value) {
  return kEntryOverheadBytes + key.size() + (value ? value->size() : 0);
}

}  // namespace

size_t TaskState::BytesHash::operator()(std::string_view bytes) const {
  return XXH3_64bits(bytes.data(), bytes.size());
}

TaskState::TaskState(Store& store, size_t cache_bytes_max, Digest digest)
    : store_(store), cache_bytes_max_(cache_bytes_max), digest_(digest), committed_digest_(digest) {}

void TaskState::Remember(std::string key, Bytes value) {
  if (young_bytes_ > cache_bytes_max_ / 2) {
    old_ = std::move(young_);
    young_ = Cache();
    young_bytes_ = 0;
  }
  young_bytes_ += Cost(key, value);
  young_.insert_or_assign(std::move(key), std::move(value));
}

const TaskState::Bytes& TaskState::CommittedValue(std::string_view key) {
  static const Bytes kAbsent;
  if (const auto found = young_.find(key); found != young_.end()) {
    ++cache_hits_;
    return found->second;
  }
  if (auto found = old_.find(key); found != old_.end()) {
    ++cache_hits_;
    Bytes value = std::move(found->second);
    old_.erase(found);
    Remember(std::string(key), std::move(value));
    return young_.find(key)->second;
  }
  ++cache_misses_;
  if (!status_.ok()) return kAbsent;
  std::string value;
  const absl::StatusOr<bool> present = store_.Get(key, &value);
  if (!present.ok()) {
    status_ = present.status();
    return kAbsent;
  }
  Remember(std::string(key), *present ? Bytes(std::move(value)) : Bytes());
  return young_.find(key)->second;
}

std::optional<std::string_view> TaskState::Get(std::string_view key) {
  const auto written = written_.find(key);
  const Bytes& value = written != written_.end() ? written->second->after : CommittedValue(key);
  if (!value) return std::nullopt;
  return std::string_view(*value);
}

void TaskState::Put(std::string_view key, std::string_view value) { Set(key, value); }

void TaskState::Delete(std::string_view key) { Set(key, std::nullopt); }

void TaskState::Set(std::string_view key, std::optional<std::string_view> value) {
  ZAOJING_CHECK(!key.empty() && key[0] != static_cast<char>(Table::kMarker));
  const auto written = written_.find(key);
  Write* write = nullptr;
  if (written == written_.end()) {
    const Bytes& before = CommittedValue(key);
    if (before == value) return;
    write = &order_.emplace_back(Write{std::string(key), before, std::nullopt});
    written_.emplace(write->key, write);
    if (IsOrderedKey(key)) unsorted_.push_back(write);
    overlay_bytes_ += 2 * Cost(key, before);
    if (before) digest_ -= EntryDigest(write->key, *before);
  } else {
    write = written->second;
    if (write->after) digest_ -= EntryDigest(write->key, *write->after);
  }
  if (value) {
    overlay_bytes_ += value->size();
    digest_ += EntryDigest(write->key, *value);
    if (!write->after) write->after.emplace();
    write->after->assign(*value);
  } else {
    write->after.reset();
  }
}

void TaskState::SortWrites() {
  for (Write* write : unsorted_) written_ordered_.emplace(write->key, write);
  unsorted_.clear();
}

void TaskState::Scan(std::string_view prefix, std::string_view from,
                     const std::function<bool(std::string_view, std::string_view)>& visit) {
  ZAOJING_CHECK(IsOrderedKey(prefix));
  if (!status_.ok()) return;
  SortWrites();
  const std::string_view start = from < prefix ? prefix : from;
  const std::unique_ptr<StoreIterator> below = store_.Seek(start);
  auto above = written_ordered_.lower_bound(start);
  const auto in_prefix = [&](std::string_view key) { return key.substr(0, prefix.size()) == prefix; };
  for (;;) {
    const bool has_below = below->Valid() && in_prefix(below->key());
    const bool has_above = above != written_ordered_.end() && in_prefix(above->first);
    if (!has_below && !has_above) break;
    if (has_above && (!has_below || above->first <= below->key())) {
      const Write& write = *above->second;
      if (has_below && above->first == below->key()) below->Next();
      ++above;
      if (write.after && !visit(write.key, *write.after)) return;
      continue;
    }
    if (!visit(below->key(), below->value())) return;
    below->Next();
  }
  if (!below->status().ok()) status_ = below->status();
}

std::vector<StateChange> TaskState::FreezeChanges() const {
  std::vector<StateChange> changes;
  changes.reserve(order_.size());
  for (const Write& write : order_) {
    if (write.before != write.after) changes.push_back({write.key, write.after});
  }
  return changes;
}

void TaskState::Committed() {
  // The maps view the keys that become the cache's.
  written_.clear();
  written_ordered_.clear();
  for (Write& write : order_) {
    if (!old_.empty()) old_.erase(write.key);
    Remember(std::move(write.key), std::move(write.after));
  }
  committed_digest_ = digest_;
  Drop();
}

void TaskState::Drop() {
  digest_ = committed_digest_;
  written_.clear();
  written_ordered_.clear();
  unsorted_.clear();
  order_.clear();
  overlay_bytes_ = 0;
}

}  // namespace zaojing
