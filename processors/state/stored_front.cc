#include "processors/state/stored_front.h"

#include <algorithm>

namespace zaojing {
namespace {

bool IsOf(std::string_view table, const StoreIterator& at) {
  return at.Valid() && at.key().substr(0, table.size()) == table;
}

}  // namespace

// Through what is here, and then on in the store.
class StoredFront::Walk final : public StoreIterator {
 public:
  Walk(const StoredFront& front, size_t first) : front_(front), next_(first) { GoOn(); }
  bool Valid() const override { return IsHere() || (behind_ != nullptr && IsOf(front_.table_, *behind_)); }
  void Next() override {
    if (!IsHere()) return behind_->Next();
    ++next_;
    GoOn();
  }
  std::string_view key() const override { return IsHere() ? front_.entries_[next_].first : behind_->key(); }
  std::string_view value() const override { return IsHere() ? front_.entries_[next_].second : behind_->value(); }
  absl::Status status() const override { return behind_ == nullptr ? absl::OkStatus() : behind_->status(); }

 private:
  bool IsHere() const { return next_ < front_.entries_.size(); }
  void GoOn() {
    if (IsHere() || front_.whole_) return;
    behind_ = front_.store_.Seek(front_.entries_.back().first + std::string(1, '\0'));
  }

  const StoredFront& front_;
  size_t next_;
  std::unique_ptr<StoreIterator> behind_;
};

std::unique_ptr<StoreIterator> StoredFront::Seek(std::string_view start) {
  if (!Has(start) && !Fill(start)) return store_.Seek(start);
  const auto before = [](const Entry& entry, std::string_view key) { return entry.first < key; };
  const auto first = std::lower_bound(entries_.begin(), entries_.end(), start, before);
  return std::make_unique<Walk>(*this, static_cast<size_t>(first - entries_.begin()));
}

bool StoredFront::Has(std::string_view start) const {
  return known_ && start >= from_ && (whole_ || start <= entries_.back().first);
}

bool StoredFront::Fill(std::string_view start) {
  Forget();
  const std::unique_ptr<StoreIterator> at = store_.Seek(start);
  for (; IsOf(table_, *at) && entries_.size() < entries_max_; at->Next()) entries_.emplace_back(at->key(), at->value());
  if (!at->status().ok()) return false;
  from_ = start;
  whole_ = !IsOf(table_, *at);
  known_ = true;
  return true;
}

void StoredFront::Forget() {
  known_ = false;
  entries_.clear();
}

}  // namespace zaojing
