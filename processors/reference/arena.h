// Bytes that are kept for as long as the registry lives, without a block of memory each. Views into it stay valid while
// it grows. One owner; no thread rule of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "processors/reference/block_memory.h"
#include "proto/ids.h"

namespace zaojing {

class Arena {
 public:
  Arena() : own_(std::make_unique<ProcessMemory>()), memory_(*own_) {}
  // `memory` must outlive what is kept.
  explicit Arena(BlockMemory& memory) : memory_(memory) {}

  std::string_view Keep(std::string_view text) {
    if (text.empty()) return {};
    char* at = Take(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  // REQUIRES that words are not empty.
  const uint64_t* Keep(std::span<const uint64_t> words) {
    left_ -= left_ % sizeof(uint64_t);  // blocks begin and end at multiples of it
    char* at = block_end_ - left_;
    if (words.size_bytes() > left_) {
      at = TakeBlock(words.size_bytes());
    }
    std::memcpy(at, words.data(), words.size_bytes());
    left_ -= words.size_bytes();
    return std::launder(reinterpret_cast<const uint64_t*>(at));
  }
  size_t bytes() const { return bytes_; }

 private:
  static constexpr size_t kBlock = 64 * 1024;

  char* Take(size_t size) {
    char* at = size > left_ ? TakeBlock(size) : block_end_ - left_;
    left_ -= size;
    return at;
  }
  char* TakeBlock(size_t size) {
    const size_t block = (std::max(size, kBlock) + kLine - 1) / kLine * kLine;
    char* at = reinterpret_cast<char*>(memory_.Take(block));
    block_end_ = at + block;
    left_ = block;
    bytes_ += block;
    return at;
  }

  static constexpr size_t kLine = 64;
  const std::unique_ptr<BlockMemory> own_;
  BlockMemory& memory_;
  char* block_end_ = nullptr;
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
