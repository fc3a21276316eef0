// May goods of this model be sold on this certificate? Certificates print their models as people write them: lists,
// ranges ("A-100~A-150"), brackets for what is optional ("PB-20000(BC-1)"), full-width forms, an open end ("等", "...",
// "见附件"). Here such text becomes a set that a claimed model can be looked up in. Pure.
//
// A model is compared as the sequence of its runs of letters, of digits and of other signs; spaces, "-", "_" and "."
// between them do not count, so "A-100", "A100" and "a 100" are one model, and "A10-0" is another.
//   range     the ends differ in one run of digits, or in one letter: everything between belongs to the set; an end may
//             leave out what it has in common ("A-100~150")
//   bracket   what stands in it is optional: X(Y,Z) is X, XY and XZ
//   open end  there is more than is written: what is not found is undecided, never a mismatch. Likewise when the text
//             has a range or brackets that cannot be read, or wildcards.
//
// What is claimed may be a list too: all of it must be in the set. Words around a claimed model (colours, brand names in
// Chinese) and brackets behind it do not count when it is found without them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zaojing {

// A set as numbers, small enough for millions of certificates: 8 bytes a model, 40 a range. Empty = nothing is known.
// Layout: [counts and open flag][hashes of models, ascending][ranges]. Hashes are of 64 bits: good for comparing, never
// an id. A rebuilt registry has the same sets; they are in no file, so the layout may change.
using ModelSet = std::vector<uint64_t>;

enum class ModelMatch : uint8_t {
  kMatch,
  kMismatch,
  kUndecided,  // the set is empty or open, or nothing is claimed
};

// The set that the texts describe together. Never fails: what cannot be read leaves the set open.
ModelSet CompileModels(const std::vector<std::string_view>& texts);

// REQUIRES `count` words of a set from CompileModels.
ModelMatch MatchModel(std::string_view claimed, const uint64_t* words, size_t count);
inline ModelMatch MatchModel(std::string_view claimed, const ModelSet& set) {
  return MatchModel(claimed, set.data(), set.size());
}
// The same where one model of a claimed list is enough: is any of what is offered among these?
ModelMatch MatchAnyModel(std::string_view claimed, const uint64_t* set, size_t words);

}  // namespace zaojing
