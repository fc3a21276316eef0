#include "processors/models/variants.h"

#include <algorithm>
#include <utility>

#include "processors/models/fold.h"
#include "processors/models/runs.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' '; });
}

// The end of the bracket that opens at `text[0]`: one past its closing sign, or the end of the text.
size_t BracketEnd(std::string_view text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kBracketOpens) ++depth;
    if (text[i] == kBracketCloses && --depth == 0) return i + 1;
  }
  return text.size();
}

std::string_view Inside(std::string_view bracket) {
  bracket.remove_prefix(1);
  if (!bracket.empty() && bracket.back() == kBracketCloses) bracket.remove_suffix(1);
  return bracket;
}

void Push(std::string variant, std::vector<std::string>* variants, bool* complete) {
  if (variants->size() == limits::kModelVariantsMax) {
    *complete = false;
  } else {
    variants->push_back(std::move(variant));
  }
}

// Whether the two would be one run, which may be meant ("AB(C)") or not ("KY100(220V)").
bool RunsTogether(std::string_view before, std::string_view after) {
  return !before.empty() && !after.empty() && RunKindOf(before.back()) == RunKindOf(after.front());
}

}  // namespace

std::vector<std::string_view> SplitList(std::string_view folded) {
  std::vector<std::string_view> items;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i <= folded.size(); ++i) {
    const char c = i < folded.size() ? folded[i] : kListSign;
    if (c == kBracketOpens) ++depth;
    if (c == kBracketCloses && depth > 0) --depth;
    if (i < folded.size() && (c != kListSign || depth > 0)) continue;
    const std::string_view item = folded.substr(begin, i - begin);
    if (!IsBlank(item)) items.push_back(item);
    begin = i + 1;
  }
  return items;
}

std::vector<std::string> VariantsOf(std::string_view item, bool* complete) {
  std::vector<std::string> variants(1);
  *complete = true;
  while (!item.empty()) {
    const size_t open = std::min(item.find(kBracketOpens), item.size());
    for (std::string& variant : variants) {
      for (const char c : item.substr(0, open)) {
        if (c != kBracketCloses) variant += c;  // a closing sign alone says nothing
      }
    }
    item.remove_prefix(open);
    if (item.empty()) break;
    const size_t end = BracketEnd(item);
    std::vector<std::string> inner;
    for (const std::string_view alternative : SplitList(Inside(item.substr(0, end)))) {
      bool whole = true;
      for (std::string& text : VariantsOf(alternative, &whole)) inner.push_back(std::move(text));
      *complete = *complete && whole;
    }
    item.remove_prefix(end);
    const size_t bare = variants.size();
    for (const std::string& text : inner) {
      for (size_t i = 0; i < bare; ++i) {
        const std::string before = variants[i];
        Push(before + text, &variants, complete);
        if (RunsTogether(before, text)) Push(before + " " + text + " ", &variants, complete);
      }
    }
  }
  return variants;
}

}  // namespace zaojing
