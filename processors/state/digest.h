// The state digest: the sum of H(key, value) over all live entries, modulo 2^128. A sum does not depend on order, so a
// commit updates it from net changes alone, and `inspect --verify` recomputes it from a scan. XXH3-128.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zaojing {

struct Digest {
  uint64_t high = 0;
  uint64_t low = 0;

  Digest& operator+=(Digest other) {
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
    return *this;
  }
  Digest& operator-=(Digest other) {
    const uint64_t borrow = low < other.low ? 1 : 0;
    low -= other.low;
    high -= other.high + borrow;
    return *this;
  }
  friend bool operator==(const Digest&, const Digest&) = default;
};

// H of one entry. The key carries its table; its length is hashed in, so no two entries share an encoding.
Digest EntryDigest(std::string_view key, std::string_view value);

// 32 lowercase hex digits.
std::string ToHex(const Digest& digest);

}  // namespace zaojing
