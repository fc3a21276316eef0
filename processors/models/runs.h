// A model as the sequence of its runs, which is what two models are compared by. Pure; private to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zaojing {

// Between two runs in canonical text; no folded text holds it.
inline constexpr char kRunEnd = '\x1f';

enum class RunKind : uint8_t { kLetters, kDigits, kOther };

struct Run {
  RunKind kind;
  std::string_view text;
};

// Runs of folded text without list, range and bracket signs. Views into `folded`.
std::vector<Run> RunsOf(std::string_view folded);

// The runs [first, last), each ended by kRunEnd.
std::string Canonical(const std::vector<Run>& runs, size_t first, size_t last);

// Spaces, dashes, dots: between runs, of none.
constexpr bool IsGap(char c) { return c == ' ' || c == '-' || c == '_' || c == '.'; }

constexpr RunKind RunKindOf(char c) {
  if (c >= '0' && c <= '9') return RunKind::kDigits;
  return c >= 'A' && c <= 'Z' ? RunKind::kLetters : RunKind::kOther;
}

}  // namespace zaojing
