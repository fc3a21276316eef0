// Whole numbers as eight bytes each, least significant first: the state of this folder's classes, whose
// equality is equality of bytes. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zaojing::stats {

inline void AppendInt64(int64_t value, std::string& bytes) {
  const uint64_t bits = static_cast<uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>((bits >> shift) & 0xff));
}

// Removes the number at the front. False, with both unchanged, when fewer than eight bytes are left.
inline bool TakeInt64(std::string_view& bytes, int64_t& value) {
  if (bytes.size() < 8) return false;
  uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) {
    bits |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[static_cast<size_t>(i)])) << (8 * i);
  }
  value = static_cast<int64_t>(bits);
  bytes.remove_prefix(8);
  return true;
}

}  // namespace zaojing::stats
