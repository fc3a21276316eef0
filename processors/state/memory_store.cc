#include "processors/state/memory_store.h"

#include <utility>

namespace zaojing {
namespace {

using Entries = std::map<std::string, std::string, std::less<>>;

class MemoryIterator final : public StoreIterator {
 public:
  MemoryIterator(Entries::const_iterator at, Entries::const_iterator end) : at_(at), end_(end) {}
  bool Valid() const override { return at_ != end_; }
  void Next() override { ++at_; }
  std::string_view key() const override { return at_->first; }
  std::string_view value() const override { return at_->second; }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  Entries::const_iterator at_;
  const Entries::const_iterator end_;
};

}  // namespace

absl::StatusOr<bool> MemoryStore::Get(std::string_view key, std::string* value) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return false;
  *value = found->second;
  return true;
}

std::unique_ptr<StoreIterator> MemoryStore::Seek(std::string_view from) {
  return std::make_unique<MemoryIterator>(entries_.lower_bound(from), entries_.end());
}

absl::Status MemoryStore::ApplyCommitted(std::span<const StateChange> changes) {
  for (const StateChange& change : changes) {
    const auto found = entries_.find(change.key);
    auto& [key, before] = undo_.emplace_back(change.key, std::nullopt);
    if (found != entries_.end()) before = found->second;
    if (change.value) {
      entries_.insert_or_assign(key, std::string(*change.value));
    } else if (found != entries_.end()) {
      entries_.erase(found);
    }
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::Flush() {
  undo_.clear();
  return absl::OkStatus();
}

absl::Status MemoryStore::Wipe() {
  entries_.clear();
  undo_.clear();
  return absl::OkStatus();
}

void MemoryStore::Crash() {
  for (auto change = undo_.rbegin(); change != undo_.rend(); ++change) {
    if (change->second) {
      entries_.insert_or_assign(change->first, *change->second);
    } else {
      entries_.erase(change->first);
    }
  }
  undo_.clear();
}

}  // namespace zaojing
