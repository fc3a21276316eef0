#include "proto/byte_words.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/utf8.h"

namespace zaojing {
namespace {

// Breaks if a byte of a text of any length is in no word, or if a word holds a byte that neither the text nor the filler
// has.
TEST(ByteWords, EveryByteIsSeenAndNoOther) {
  for (size_t size = 0; size <= 40; ++size) {
    const std::string plain(size, 'z');
    EXPECT_TRUE(IsAscii(plain)) << size;
    EXPECT_FALSE(AnyWord(plain, [](uint64_t word) {
      for (int shift = 0; shift < 64; shift += 8) {
        const auto byte = static_cast<char>(word >> shift);
        if (byte != 'z' && byte != 'a') return 1;
      }
      return 0;
    })) << size;
    for (size_t at = 0; at < size; ++at) {
      std::string text = plain;
      text[at] = '\x80';
      EXPECT_FALSE(IsAscii(text)) << at << " of " << size;
      EXPECT_FALSE(IsUtf8(text)) << at << " of " << size;
    }
  }
}

}  // namespace
}  // namespace zaojing
