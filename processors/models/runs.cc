#include "processors/models/runs.h"

namespace zaojing {

std::vector<Run> RunsOf(std::string_view folded) {
  std::vector<Run> runs;
  for (size_t i = 0; i < folded.size();) {
    if (IsGap(folded[i])) {
      ++i;
      continue;
    }
    const RunKind kind = RunKindOf(folded[i]);
    size_t end = i + 1;
    while (end < folded.size() && !IsGap(folded[end]) && RunKindOf(folded[end]) == kind) ++end;
    runs.push_back({kind, folded.substr(i, end - i)});
    i = end;
  }
  return runs;
}

std::string Canonical(const std::vector<Run>& runs, size_t first, size_t last) {
  std::string text;
  for (size_t i = first; i < last; ++i) text.append(runs[i].text).append(1, kRunEnd);
  return text;
}

}  // namespace zaojing
