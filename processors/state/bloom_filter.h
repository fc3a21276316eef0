// Bloom filter: which hashes may have been added, in a few bits each; what it says was not added was not. The bits of one
// hash lie in one line of memory (a blocked filter), so that a question waits for one. With 11 bits a hash about two of a
// hundred that were not added pass for added, with 6 bits a tenth.
//
// Memory: `bytes`, from the first Add on. One owner, one thread. No I/O.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "proto/fetch_ahead.h"
#include "proto/huge_pages.h"
#include "proto/mix_bits.h"

namespace zaojing {

class BloomFilter {
 public:
  explicit BloomFilter(size_t bytes) : lines_max_(std::max<size_t>(bytes / sizeof(Line), 1)) {}

  void Add(uint64_t hash) {
    if (lines_.empty()) lines_.resize(lines_max_);
    const uint64_t bits = MixBits(hash);
    Line& line = lines_[LineOf(bits)];
    for (int i = 0; i < kBitsOfHash; ++i) line[WordOf(bits, i)] |= BitOf(bits, i);
  }
  bool MayHave(uint64_t hash) const {
    if (lines_.empty()) return false;
    const uint64_t bits = MixBits(hash);
    const Line& line = lines_[LineOf(bits)];
    for (int i = 0; i < kBitsOfHash; ++i) {
      if ((line[WordOf(bits, i)] & BitOf(bits, i)) == 0) return false;
    }
    return true;
  }
  // A hint that the hash is about to be asked for.
  void Prefetch(uint64_t hash) const {
    if (!lines_.empty()) FetchAhead(&lines_[LineOf(MixBits(hash))]);
  }
  size_t bytes() const { return lines_.size() * sizeof(Line); }

 private:
  using Line = std::array<uint64_t, 8>;
  static constexpr int kBitsOfHash = 4;
  static constexpr int kStep = 9;  // bits of the hash that choose one of a line's 512

  // The upper half chooses the line, the lower 36 bits what is set in it.
  size_t LineOf(uint64_t bits) const { return (bits >> 32) * lines_.size() >> 32; }
  static size_t WordOf(uint64_t bits, int i) { return (bits >> (kStep * i + 6)) % 8; }
  static uint64_t BitOf(uint64_t bits, int i) { return uint64_t{1} << ((bits >> (kStep * i)) % 64); }

  size_t lines_max_;
  std::vector<Line, HugePageAllocator<Line>> lines_;
};

}  // namespace zaojing
