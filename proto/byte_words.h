// Eight bytes of a text at a time, for checks that ask whether any byte is of a kind. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace zaojing {

inline constexpr uint64_t kEveryByte = 0x0101010101010101U;
inline constexpr uint64_t kTopBits = 0x80 * kEveryByte;

// Whether `suspects` is not zero for a word of the text's bytes. Every byte is in one of the words, some in two, and where
// the text has fewer than eight there are others beside them, all of them 'a'.
template <typename Suspects>
bool AnyWord(std::string_view text, Suspects suspects) {
  const auto at = [&]<typename Word>(size_t from, Word word) {
    std::memcpy(&word, text.data() + from, sizeof word);
    return uint64_t{word};
  };
  const size_t size = text.size();
  if (size >= 8) {
    for (size_t from = 0; from + 8 < size; from += 8) {
      if (suspects(at(from, uint64_t{})) != 0) return true;
    }
    return suspects(at(size - 8, uint64_t{})) != 0;
  }
  constexpr uint64_t kFiller = 'a' * kEveryByte;
  if (size >= 4) return suspects(at(0, uint32_t{}) | at(size - 4, uint32_t{}) << 32) != 0;
  if (size >= 2) return suspects(at(0, uint16_t{}) | at(size - 2, uint16_t{}) << 16 | kFiller << 32) != 0;
  return size == 1 && suspects(at(0, uint8_t{}) | kFiller << 8) != 0;
}

inline bool IsAscii(std::string_view text) {
  return !AnyWord(text, [](uint64_t word) { return word & kTopBits; });
}

}  // namespace zaojing
