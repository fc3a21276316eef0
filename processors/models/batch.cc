#include "processors/models/batch.h"

#include <algorithm>
#include <vector>

#include "processors/models/fold.h"
#include "processors/models/runs.h"

namespace zaojing {
namespace {

bool IsKept(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// < 0, 0, > 0; nullopt = the runs are of different kinds.
std::optional<int> CompareRun(const Run& a, const Run& b) {
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind != RunKind::kDigits) return a.text.compare(b.text);
  const auto number = [](std::string_view digits) {
    const size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : digits.substr(first);
  };
  const std::string_view x = number(a.text);
  const std::string_view y = number(b.text);
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  return x.compare(y);
}

// What is equal as far as the shorter one goes: the longer one is the later, "20240131A" after "20240131".
std::optional<int> Compare(std::string_view a, std::string_view b) {
  const std::vector<Run> x = RunsOf(a);
  const std::vector<Run> y = RunsOf(b);
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const std::optional<int> order = CompareRun(x[i], y[i]);
    if (!order || *order != 0) return order;
  }
  return static_cast<int>(x.size()) - static_cast<int>(y.size());
}

}  // namespace

std::string NormalBatch(std::string_view batch) {
  std::string folded = FoldModelText(batch);
  folded.erase(std::remove_if(folded.begin(), folded.end(), [](char c) { return !IsKept(c); }), folded.end());
  return folded;
}

BatchPlace PlaceBatch(std::string_view batch, std::string_view from, std::string_view to) {
  bool known = true;
  if (!from.empty()) {
    const std::optional<int> order = Compare(batch, from);
    if (order && *order < 0) return BatchPlace::kOutside;
    known = known && order.has_value();
  }
  if (!to.empty()) {
    const std::optional<int> order = Compare(batch, to);
    if (order && *order > 0) return BatchPlace::kOutside;
    known = known && order.has_value();
  }
  return known ? BatchPlace::kInside : BatchPlace::kUnknown;
}

}  // namespace zaojing
