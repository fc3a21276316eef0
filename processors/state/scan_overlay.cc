#include "processors/state/scan_overlay.h"

#include <cstring>

namespace zaojing {

// As big-endian words: they compare as the bytes do, and what a short key does not have is least.
std::array<uint64_t, 3> KeyedEntry::HeadOf(std::string_view key) {
  std::array<uint64_t, 3> head = {};
  std::memcpy(head.data(), key.data(), std::min(key.size(), sizeof head));
  for (uint64_t& word : head) word = __builtin_bswap64(word);
  return head;
}

void ScanOverlay::Sort() {
  if (added_.empty()) return;
  std::sort(added_.begin(), added_.end());
  runs_.push_back(std::exchange(added_, {}));
  while (runs_.size() > 1 && 2 * runs_.back().size() > runs_[runs_.size() - 2].size()) {
    const Run last = std::move(runs_.back());
    runs_.pop_back();
    Run& before = runs_.back();
    const auto middle = static_cast<std::ptrdiff_t>(before.size());
    before.insert(before.end(), last.begin(), last.end());
    std::inplace_merge(before.begin(), before.begin() + middle, before.end());
  }
}

ScanOverlay::Walk::Walk(ScanOverlay& overlay, std::string_view start) {
  overlay.Sort();
  const std::array<uint64_t, 3> head = KeyedEntry::HeadOf(start);
  const auto before = [&](const KeyedEntry& keyed, std::string_view key) {
    return keyed.head != head ? keyed.head < head : keyed.entry->key() < key;
  };
  for (const Run& run : overlay.runs_) {
    const auto at = std::lower_bound(run.begin(), run.end(), start, before);
    if (at != run.end()) cursors_.push_back({&*at, run.data() + run.size()});
  }
  Choose();
}

void ScanOverlay::Walk::Next() {
  ++least_->at;
  Choose();
}

void ScanOverlay::Walk::Choose() {
  least_ = nullptr;
  for (Cursor& cursor : cursors_) {
    if (cursor.at == cursor.end) continue;
    if (least_ == nullptr || *cursor.at < *least_->at) least_ = &cursor;
  }
}

}  // namespace zaojing
