// The bytes of the streaming table's state: numbers as base-128 varints (signed ones zigzag), texts with
// their length before them, tables of texts in byte order. Pure; one owner, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "processors/stats/disproportionality/interner.h"

namespace zaojing::stats {

inline constexpr uint64_t kStateFormat = 1;

class StateWriter {
 public:
  void Number(uint64_t value);
  void SignedNumber(int64_t value);
  void Text(std::string_view text);
  std::string Take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what StateWriter wrote. After bytes that it cannot have written ok() is false and every read answers
// 0.
class StateReader {
 public:
  // `bytes` must outlive this object.
  explicit StateReader(std::string_view bytes) : bytes_(bytes) {}

  uint64_t Number();
  int64_t SignedNumber();
  // Fills an empty interner with a table of texts, so that ids are places. Not ok: not in strictly increasing
  // byte order, an empty text, or one longer than `bytes_max`.
  void Texts(size_t bytes_max, Interner* texts);

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  uint64_t Fail();
  std::string_view bytes_;
  bool ok_ = true;
};

// The texts of an interner that are in use, in byte order. `texts` must outlive this object.
class TextTable {
 public:
  explicit TextTable(const Interner& texts);
  void Use(uint32_t id) { used_[rank_[id]] = true; }
  // Effect: writes the texts in use; Place() is valid from here on.
  void Write(StateWriter* writer);
  uint32_t Place(uint32_t id) const { return place_[rank_[id]]; }

 private:
  const Interner& texts_;
  std::vector<uint32_t> rank_;   // by id
  std::vector<uint32_t> order_;  // id by rank
  std::vector<bool> used_;       // by rank
  std::vector<uint32_t> place_;  // by rank
};

}  // namespace zaojing::stats
