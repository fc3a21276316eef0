// Entries in key order for scans: added one by one and far more often than scanned, so they are sorted when somebody looks,
// as runs of which a later one is at most half as long as the one before it. A sort compares the first bytes of keys, kept
// beside the pointer, and touches an entry only where those are equal. One owner, one thread. No I/O.
#pragma once

#include <algorithm>
#include <array>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace zaojing {

// An entry by the beginning of its key. Of two with one key that whose `number` is higher comes first, where entries have
// numbers; else keys are unique.
template <typename Entry>
struct Keyed {
  explicit Keyed(Entry* keyed) : head(HeadOf(keyed->key())), entry(keyed) {}

  // As big-endian words: they compare as the bytes do, and what a short key does not have is least.
  static std::array<uint64_t, 3> HeadOf(std::string_view key) {
    std::array<uint64_t, 3> head = {};
    std::memcpy(head.data(), key.data(), std::min(key.size(), sizeof head));
    for (uint64_t& word : head) word = __builtin_bswap64(word);
    return head;
  }
  // Inlined always: a sort that calls it is no faster for having no branches.
  [[gnu::always_inline]] friend bool operator<(const Keyed& a, const Keyed& b) {
    const auto same = [&](size_t word) { return static_cast<unsigned>(a.head[word] == b.head[word]); };
    const auto less = [&](size_t word) { return static_cast<unsigned>(a.head[word] < b.head[word]); };
    if ((same(0) & same(1) & same(2)) != 0) [[unlikely]]
      return a.LessBehindHead(b);
    // Without branches: which way one goes is a coin's toss in a sort.
    return (less(0) | (same(0) & (less(1) | (same(1) & less(2))))) != 0;
  }

  std::array<uint64_t, 3> head;
  Entry* entry;

 private:
  bool LessBehindHead(const Keyed& other) const {
    const int order = entry->key().compare(other.entry->key());
    if constexpr (requires { entry->number; }) {
      if (order == 0) return entry->number > other.entry->number;
    }
    return order < 0;
  }
};

template <typename Entry>
void SortKeyed(std::vector<Keyed<Entry>>* keyed) {
  boost::sort::pdqsort_branchless(keyed->begin(), keyed->end());
}

template <typename Entry>
class SortedRuns {
 public:
  void Add(Entry* entry) { added_.emplace_back(entry); }
  void Clear() {
    added_.clear();
    runs_.clear();
  }
  // Effect: those of which `over` is true are gone.
  template <typename Over>
  void EraseIf(Over over) {
    const auto gone = [&over](const Keyed<Entry>& keyed) { return over(keyed.entry); };
    std::erase_if(added_, gone);
    for (Run& run : runs_) std::erase_if(run, gone);
    std::erase_if(runs_, [](const Run& run) { return run.empty(); });
  }

  // The entries with keys >= `start` in order. Not valid after the next Add, Clear, EraseIf or Walk.
  class Walk {
   public:
    Walk(SortedRuns& runs, std::string_view start) {
      runs.Sort();
      const std::array<uint64_t, 3> head = Keyed<Entry>::HeadOf(start);
      const auto before = [&](const Keyed<Entry>& keyed, std::string_view key) {
        return keyed.head != head ? keyed.head < head : keyed.entry->key() < key;
      };
      for (const Run& run : runs.runs_) {
        const auto at = std::lower_bound(run.begin(), run.end(), start, before);
        if (at != run.end()) cursors_.push_back({&*at, run.data() + run.size()});
      }
      Choose();
    }
    bool Valid() const { return least_ != nullptr; }
    const Entry& entry() const { return *least_->at->entry; }
    void Next() {
      ++least_->at;
      Choose();
    }

   private:
    struct Cursor {
      const Keyed<Entry>* at;
      const Keyed<Entry>* end;
    };
    void Choose() {
      least_ = nullptr;
      for (Cursor& cursor : cursors_) {
        if (cursor.at == cursor.end) continue;
        if (least_ == nullptr || *cursor.at < *least_->at) least_ = &cursor;
      }
    }
    std::vector<Cursor> cursors_;
    Cursor* least_ = nullptr;
  };

 private:
  using Run = std::vector<Keyed<Entry>>;

  void Sort() {
    if (added_.empty()) return;
    SortKeyed(&added_);
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

  Run added_;              // in no order
  std::vector<Run> runs_;  // each in order, the longest first
};

}  // namespace zaojing
