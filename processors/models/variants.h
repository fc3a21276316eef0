// The ways to read one item of a model list whose brackets hold what is optional. Pure; private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zaojing {

// Items of folded text at its list signs, brackets and what is in them kept whole. Views into `folded`; blanks are left
// out.
std::vector<std::string_view> SplitList(std::string_view folded);

// The item without each bracket, and with each alternative in it, in every combination: "X(Y,Z)" is X, XY, XZ. The
// first one is the barest. More than limits::kModelVariantsMax: only the first so many, and *complete is false.
std::vector<std::string> VariantsOf(std::string_view item, bool* complete);

}  // namespace zaojing
