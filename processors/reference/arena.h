// Bytes that are kept for as long as the registry lives, without a heap block each. Views into it stay valid while it
// grows. One owner; no thread rule of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "proto/ids.h"

namespace zaojing {

class Arena {
 public:
  std::string_view Keep(std::string_view text) {
    if (text.empty()) return {};
    char* at = Take(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  size_t bytes() const { return bytes_; }

 private:
  static constexpr size_t kBlock = 64 * 1024;

  char* Take(size_t size) {
    if (size > left_) {
      const size_t block = std::max(size, kBlock);
      blocks_.push_back(std::make_unique<char[]>(block));
      at_ = blocks_.back().get();
      left_ = block;
      bytes_ += block;
    }
    char* taken = at_;
    at_ += size;
    left_ -= size;
    return taken;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  size_t left_ = 0;
  size_t bytes_ = 0;
};

// Text ↔ small number; 0 is the empty text.
class Interner {
 public:
  explicit Interner(Arena& arena) : arena_(arena), texts_(1) {}
  uint32_t Intern(std::string_view text) {
    if (text.empty()) return 0;
    const auto found = numbers_.find(text);
    if (found != numbers_.end()) return found->second;
    const auto number = static_cast<uint32_t>(texts_.size());
    texts_.push_back(arena_.Keep(text));
    numbers_.emplace(texts_.back(), number);
    return number;
  }
  std::string_view Text(uint32_t number) const { return texts_[number]; }

 private:
  struct Hash {
    size_t operator()(std::string_view text) const { return Hash64(text); }
  };
  Arena& arena_;
  std::vector<std::string_view> texts_;
  absl::flat_hash_map<std::string_view, uint32_t, Hash, std::equal_to<>> numbers_;
};

}  // namespace zaojing
