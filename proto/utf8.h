// Whether bytes are well-formed UTF-8 (Unicode table 3-7: no overlong forms, no surrogates, nothing above
// U+10FFFF). Pure; constexpr; no state.
#pragma once

#include <cstddef>
#include <string_view>

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

constexpr bool IsUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t size = Utf8CharacterBytes(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

static_assert(IsUtf8("早警 zaojing") && !IsUtf8("\xc0\xaf") && !IsUtf8("\xed\xa0\x80") &&
              !IsUtf8("\xe6\x97"));

}  // namespace zaojing
