// Goal: what holds for every text, not only for those we thought of.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "processors/models/model_set.h"

namespace zaojing {
namespace {

// Letters, digits, gaps: a model as a maker would print it.
std::string ModelText() {
  std::string text(1, *rc::gen::inRange<char>('A', 'Z'));
  for (const int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9))) {
    if (kind < 3) text += *rc::gen::inRange<char>('A', 'Z');
    if (kind >= 3 && kind < 6) text += *rc::gen::inRange<char>('0', '9');
    if (kind == 6) text += "-";
    if (kind == 7) text += " ";
    if (kind == 8) text += "/B";
  }
  return text + "7";
}

// The same model typed by somebody else: case, gaps, full-width forms.
std::string Retyped(const std::string& model) {
  std::string text;
  for (const char c : model) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        text += c == '-' ? ' ' : c == ' ' ? '-' : c;
        break;
      case 1:
        text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        break;
      default:
        if (plain) {
          text += "\xef";
          text += c >= 'a' ? '\xbd' : '\xbc';
          text += static_cast<char>(0x80 + (c - '!' + 1));
        } else {
          text += c;
        }
    }
  }
  return text;
}

// What is printed matches itself however it is typed, in any list.
RC_GTEST_PROP(ModelSet, WhatIsPrintedMatches, ()) {
  std::vector<std::string> models;
  std::string list;
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    models.push_back(ModelText());
    list += (list.empty() ? "" : *rc::gen::element<std::string>(",", "、", "；", " / ")) + models.back();
  }
  const ModelSet set = CompileModels({list});
  for (const std::string& model : models) {
    RC_ASSERT(MatchModel(model, set) == ModelMatch::kMatch);
    RC_ASSERT(MatchModel(Retyped(model), set) == ModelMatch::kMatch);
  }
}

// The short way of a plain text leads where the long one does: a comma makes it a list.
RC_GTEST_PROP(ModelSet, APlainModelIsAListOfOne, ()) {
  std::string text;
  for (const char c : *rc::gen::container<std::vector<char>>(
           rc::gen::element('A', 'b', 'Z', '0', '7', '9', '-', ' ', '_', '.', 'C'))) {
    text += c;
  }
  RC_ASSERT(CompileModels({text}) == CompileModels({text + ","}));
}

// A range holds the numbers between its ends and no others; one end left out is the same range.
RC_GTEST_PROP(ModelSet, ARangeIsItsNumbers, ()) {
  const std::string prefix = std::string(1, *rc::gen::inRange<char>('A', 'Z')) + "-";
  const int low = *rc::gen::inRange(1, 2'000);
  const int high = low + *rc::gen::inRange(1, 2'000);
  const int asked = *rc::gen::inRange(0, 5'000);
  const std::string from = prefix + std::to_string(low);
  const ModelMatch expected = asked >= low && asked <= high ? ModelMatch::kMatch : ModelMatch::kMismatch;
  for (const std::string& to : {prefix + std::to_string(high), std::to_string(high)}) {
    const ModelSet set = CompileModels({from + "~" + to});
    RC_ASSERT(MatchModel(prefix + std::to_string(asked), set) == expected);
  }
}

// More text never makes a match a mismatch, and the order of texts says nothing.
RC_GTEST_PROP(ModelSet, MoreTextNeverTakesAway, ()) {
  const std::string model = ModelText();
  const std::string noise = *rc::gen::arbitrary<std::string>();
  RC_ASSERT(MatchModel(model, CompileModels({model, noise})) == ModelMatch::kMatch);
  RC_ASSERT(CompileModels({model, noise}) == CompileModels({noise, model}));
}

// No bytes crash it, and the answer hangs on the bytes alone.
RC_GTEST_PROP(ModelSet, AnyBytesHaveOneAnswer, ()) {
  const std::string printed = *rc::gen::arbitrary<std::string>();
  const std::string claimed = *rc::gen::arbitrary<std::string>();
  RC_ASSERT(MatchModel(claimed, CompileModels({printed})) == MatchModel(claimed, CompileModels({printed})));
}

}  // namespace
}  // namespace zaojing
