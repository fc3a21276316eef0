// What of a state follows from the rest of it. The entries of a derived table (tables.h) are each made from one entry of
// another table, the source, by a pure function: they are there to be scanned. No stage writes them, no changelog carries
// them, no digest counts them; they lie in the store beside their sources, and a restore makes them again.
//
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "processors/state/tables.h"

namespace zaojing {

// Entries in one block of memory that is kept from one use to the next.
class DerivedEntries {
 public:
  struct Entry {
    std::string_view key;
    std::string_view value;
  };

  void Clear() {
    bytes_.clear();
    ends_.clear();
  }
  // `key` is the concatenation of the two parts.
  void Add(std::string_view key_head, std::string_view key_tail, std::string_view value) {
    bytes_.append(key_head).append(key_tail);
    const size_t key_end = bytes_.size();
    bytes_.append(value);
    ends_.push_back({key_end, bytes_.size()});
  }
  size_t size() const { return ends_.size(); }
  // Valid until the next Add or Clear.
  Entry operator[](size_t i) const {
    const std::string_view bytes = bytes_;
    const size_t begin = i == 0 ? 0 : ends_[i - 1].value;
    return {bytes.substr(begin, ends_[i].key - begin), bytes.substr(ends_[i].key, ends_[i].value - ends_[i].key)};
  }
  using Value = std::optional<std::string_view>;  // nullopt = there is none
  // Visits what must be written where these stand and `after` should: each key that differs, what stands and what should.
  template <typename Visit>
  void VisitChanges(const DerivedEntries& after, Visit visit) const {
    for (size_t i = 0; i < size(); ++i) {
      if (!after.Find((*this)[i].key)) visit((*this)[i].key, Value((*this)[i].value), Value());
    }
    for (size_t i = 0; i < after.size(); ++i) {
      const Value stands = Find(after[i].key);
      if (!stands || *stands != after[i].value) visit(after[i].key, stands, Value(after[i].value));
    }
  }

 private:
  Value Find(std::string_view key) const {
    for (size_t i = 0; i < size(); ++i) {
      if ((*this)[i].key == key) return (*this)[i].value;
    }
    return std::nullopt;
  }

  struct End {
    size_t key = 0;
    size_t value = 0;
  };
  std::string bytes_;
  std::vector<End> ends_;
};

// What the value of a derived entry says, where it says a word; else nothing.
inline std::optional<uint64_t> WordOf(std::string_view value) {
  uint64_t word = 0;
  if (value.size() != sizeof word) return std::nullopt;
  std::memcpy(&word, value.data(), sizeof word);
  return word;
}

class Derivation {
 public:
  virtual ~Derivation() = default;
  virtual Table source() const = 0;
  // Effect: appended, each in a derived table, the entries that follow from one of the source. Entries of two sources never
  // have the same key, so each has its source's in its own.
  virtual void Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const = 0;
  // The number of the subject of a derived key, or of the beginning of one, by which its entries are tallied
  // (subject_tallies.h); 0 = they are not. Two subjects never have the same.
  virtual uint64_t SubjectNumberOf(std::string_view key) const = 0;
};

}  // namespace zaojing
