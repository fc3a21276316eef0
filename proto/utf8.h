// Whether bytes are well-formed UTF-8 (Unicode table 3-7: no overlong forms, no surrogates, nothing above
// U+10FFFF). Pure; constexpr; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "proto/byte_words.h"

namespace zaojing {

// Length of the well-formed character at the start of `bytes`; 0 = none is there. REQUIRES !bytes.empty().
constexpr size_t Utf8CharacterBytes(std::string_view bytes) {
  const auto at = [bytes](size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const auto continues = [](unsigned byte) { return (byte & 0xc0U) == 0x80U; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;  // a continuation byte, or an overlong form
  if (!continues(at(1))) return 0;
  if (lead < 0xe0) return 2;
  if (!continues(at(2))) return 0;
  if (lead < 0xf0) {
    const bool overlong = lead == 0xe0 && at(1) < 0xa0;
    const bool surrogate = lead == 0xed && at(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (!continues(at(3))) return 0;
  const bool overlong = lead == 0xf0 && at(1) < 0x90;
  const bool beyond = lead > 0xf4 || (lead == 0xf4 && at(1) >= 0x90);
  return overlong || beyond ? 0 : 4;
}

// Bytes at the start of `bytes` that need no closer look: ASCII, and Chinese characters (U+4000 to U+9FFF, lead bytes
// E4-E9, where no second byte is special). May stop early anywhere between characters.
inline size_t Utf8PlainPrefix(std::string_view bytes) {
  const auto byte = [bytes](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  size_t at = 0;
  for (size_t begin = 0;; begin = at) {
    for (uint64_t word = 0; at + sizeof word <= bytes.size(); at += sizeof word) {
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & kTopBits) != 0) break;
    }
    while (at < bytes.size() && byte(at) < 0x80) ++at;
    while (at + 3 <= bytes.size() && byte(at) >= 0xe4 && byte(at) <= 0xe9 &&
           ((byte(at + 1) & 0xc0U) | (byte(at + 2) & 0xc0U)) == 0x80U && (byte(at + 1) & byte(at + 2) & 0x80U) != 0) {
      at += 3;
    }
    if (at == begin || at == bytes.size()) return at;
  }
}

constexpr bool IsUtf8(std::string_view bytes) {
  if (!std::is_constant_evaluated() && IsAscii(bytes)) return true;
  while (!bytes.empty()) {
    if (!std::is_constant_evaluated()) {
      bytes.remove_prefix(Utf8PlainPrefix(bytes));
      if (bytes.empty()) return true;
    }
    const size_t size = Utf8CharacterBytes(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

static_assert(IsUtf8("早警 zaojing") && !IsUtf8("\xc0\xaf") && !IsUtf8("\xed\xa0\x80") && !IsUtf8("\xe6\x97"));

}  // namespace zaojing
