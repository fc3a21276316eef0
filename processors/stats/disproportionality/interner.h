// Texts to dense ids 0, 1, 2, ... in the order first seen, and back. Owns copies of the texts; their
// addresses stay. One owner, one thread; nothing is ever forgotten.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace zaojing::stats {

struct TextHash {
  size_t operator()(std::string_view text) const;
};

class Interner {
 public:
  Interner() = default;
  Interner(Interner&&) = default;
  Interner& operator=(Interner&&) = default;

  // REQUIRES fewer than 2^32 distinct texts.
  uint32_t Intern(std::string_view text);
  // The id, or kAbsent.
  uint32_t Find(std::string_view text) const;
  std::string_view Text(uint32_t id) const { return texts_[id]; }
  size_t size() const { return texts_.size(); }

  // rank[id] = place of the text in byte order among all of them.
  std::vector<uint32_t> Ranks() const;

  static constexpr uint32_t kAbsent = UINT32_MAX;

 private:
  std::string_view Keep(std::string_view text);

  // Texts lie back to back in blocks that never move.
  std::deque<std::string> blocks_;
  std::vector<std::string_view> texts_;
  absl::flat_hash_map<std::string_view, uint32_t, TextHash, std::equal_to<>> ids_;
};

}  // namespace zaojing::stats
