// Text as people type it → text that can be compared: full-width forms, case, the many dashes, tildes, brackets and
// separators become one each. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zaojing {

// What Fold leaves of the signs a model text is built with.
inline constexpr char kListSign = ',';      // , ， 、 ; ； | new line, " / ", 和 及 与 或
inline constexpr char kRangeSign = '~';     // ~ ～ 〜 至 到
inline constexpr char kOpenSign = '\x01';   // ... … 等 系列 附件: there is more than is written
inline constexpr char kBracketOpens = '(';  // ( （ [ 【 { 〔
inline constexpr char kBracketCloses = ')';

// Model text: capital ASCII letters, the signs above, "-" for every dash, " " for every space; the words 型号 and 型 are
// gone; other characters stay. Bytes that are no UTF-8 stay as they are.
std::string FoldModelText(std::string_view text);

// Hash of a name (of a firm) without spaces, punctuation, brackets, case and width: equal for the ways one name is
// written. 0 = nothing is left. Never an id: 64 bits, for comparing.
uint64_t NameHash(std::string_view name);

}  // namespace zaojing
