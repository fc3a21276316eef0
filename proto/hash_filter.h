// Hashes that may be in a set, in one bit each: small enough to stay in the processor's cache where the set's table and
// what it hangs on do not, and asked first because nearly every answer is no. One owner; while nothing is added any number
// of threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace zaojing {

class HashFilter {
 public:
  void Add(uint64_t hash) {
    if (words_.empty()) words_.resize(kBits / 64);
    words_[Word(hash)] |= Bit(hash);
  }
  // False: it was never added.
  bool MayHave(uint64_t hash) const { return !words_.empty() && (words_[Word(hash)] & Bit(hash)) != 0; }

 private:
  static constexpr size_t kBits = size_t{1} << 20;  // 128 KiB; with 20,000 hashes one in fifty is a false alarm
  static size_t Word(uint64_t hash) { return hash % kBits / 64; }
  static uint64_t Bit(uint64_t hash) { return uint64_t{1} << (hash % 64); }

  std::vector<uint64_t> words_;  // none until something is added
};

}  // namespace zaojing
