#include "processors/models/fold.h"

#include <array>
#include <cstring>

#include "proto/ids.h"

namespace zaojing {
namespace {

bool IsLetterOrDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char Capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// A code point of two or three bytes at the front of `text`; 0 = none, and what is there is taken as a single byte.
uint32_t CodePoint(std::string_view text, size_t* bytes) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](size_t i) { return i < text.size() && (byte(i) & 0xc0U) == 0x80U; };
  if ((byte(0) & 0xe0U) == 0xc0U && continues(1)) {
    *bytes = 2;
    return (byte(0) & 0x1fU) << 6 | (byte(1) & 0x3fU);
  }
  if ((byte(0) & 0xf0U) == 0xe0U && continues(1) && continues(2)) {
    *bytes = 3;
    return (byte(0) & 0x0fU) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU);
  }
  *bytes = 1;
  return 0;
}

// The ASCII sign a code point stands for; 0 = it stands for itself.
char SignOf(uint32_t point) {
  if (point >= 0xff01 && point <= 0xff5e) return static_cast<char>(point - 0xff01 + '!');
  if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212 || point == 0xfe63) return '-';
  switch (point) {
    case 0x00a0:
    case 0x2002:
    case 0x2003:
    case 0x3000:
      return ' ';
    case 0x301c:
    case 0x223c:
    case 0x2053:
      return '~';
    case 0x3001:  // 、
    case 0x3002:  // 。
      return ',';
    case 0x3010:  // 【
    case 0x3014:  // 〔
      return '(';
    case 0x3011:
    case 0x3015:
      return ')';
    case 0x2026:  // …
      return kOpenSign;
    default:
      return 0;
  }
}

char SignOfAscii(char c) {
  switch (c) {
    case ';':
    case '|':
    case '\n':
    case '\r':
      return kListSign;
    case '[':
    case '{':
      return kBracketOpens;
    case ']':
    case '}':
      return kBracketCloses;
    case '\t':
    case kOpenSign:
      return ' ';
    default:
      return Capital(c);
  }
}

struct Word {
  std::string_view text;
  char sign;  // '\0' = dropped
};
// Longer ones first.
constexpr std::array<Word, 11> kWords = {{{"型号", '\0'},
                                          {"系列", kOpenSign},
                                          {"附件", kOpenSign},
                                          {"型", '\0'},
                                          {"等", kOpenSign},
                                          {"至", kRangeSign},
                                          {"到", kRangeSign},
                                          {"和", kListSign},
                                          {"及", kListSign},
                                          {"与", kListSign},
                                          {"或", kListSign}}};

const Word* WordAt(std::string_view text) {
  for (const Word& word : kWords) {
    if (text.substr(0, word.text.size()) == word.text) return &word;
  }
  return nullptr;
}

// Three dots or more are an open end; " / " separates, a bare slash is part of a model.
std::string SignsOfSeveral(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t dots = 0;
    while (i + dots < text.size() && text[i + dots] == '.') ++dots;
    if (dots >= 3) {
      out += kOpenSign;
      i += dots;
    } else if (text.compare(i, 3, " / ") == 0) {
      out += kListSign;
      i += 3;
    } else {
      out += text[i++];
    }
  }
  return out;
}

}  // namespace

std::string FoldModelText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      out += SignOfAscii(text[0]);
      text.remove_prefix(1);
      continue;
    }
    if (const Word* word = WordAt(text)) {
      if (word->sign != '\0') out += word->sign;
      text.remove_prefix(word->text.size());
      // "型号：" and "型号:" lead a list; their colon goes with them.
      if (word->sign == '\0' && text.substr(0, 1) == ":") text.remove_prefix(1);
      if (word->sign == '\0' && text.substr(0, 3) == "：") text.remove_prefix(3);
      continue;
    }
    size_t bytes = 1;
    const char sign = SignOf(CodePoint(text, &bytes));
    if (sign != 0) {
      out += sign == kOpenSign ? sign : SignOfAscii(sign);
    } else {
      out.append(text.substr(0, bytes));
    }
    text.remove_prefix(bytes);
  }
  return SignsOfSeveral(out);
}

uint64_t NameHash(std::string_view name) {
  constexpr size_t kKept = 512;  // longer names differ before that, or are the same
  std::array<char, kKept> kept;
  size_t size = 0;
  while (!name.empty() && size + 3 <= kKept) {
    size_t bytes = 1;
    char c = name[0];
    if (static_cast<unsigned char>(c) >= 0x80) {
      const char sign = SignOf(CodePoint(name, &bytes));
      if (sign == 0) {
        std::memcpy(&kept[size], name.data(), bytes);
        size += bytes;
        name.remove_prefix(bytes);
        continue;
      }
      c = sign;
    }
    if (IsLetterOrDigit(c)) kept[size++] = Capital(c);
    name.remove_prefix(bytes);
  }
  return size == 0 ? 0 : Hash64({kept.data(), size});
}

}  // namespace zaojing
