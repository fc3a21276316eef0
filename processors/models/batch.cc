#include "processors/models/batch.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "processors/models/fold.h"
#include "processors/models/runs.h"

namespace zaojing {
namespace {

constexpr char kSign = '-';
constexpr size_t kDateDigits = 4;  // the shortest date or week as it is printed: 2403

bool IsKept(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::string WithoutSigns(std::string_view batch) {
  std::string joined(batch);
  joined.erase(std::remove(joined.begin(), joined.end(), kSign), joined.end());
  return joined;
}

int CompareNumbers(std::string_view a, std::string_view b) {
  const auto number = [](std::string_view digits) {
    const size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : digits.substr(first);
  };
  const std::string_view x = number(a);
  const std::string_view y = number(b);
  if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
  return x.compare(y);
}

// How runs are compared: where batch and bounds have the same ones, or of what is left without the signs.
enum class Form : uint8_t { kSame, kJoined };

// < 0, 0, > 0; nullopt = it cannot be said. `other`: this run of the other bound; null = there is none.
std::optional<int> CompareRun(const Run& batch, const Run& bound, const Run* other, Form form) {
  if (batch.kind != bound.kind) return std::nullopt;
  const bool one_length = batch.text.size() == bound.text.size();
  if (batch.kind == RunKind::kDigits) {
    if (form == Form::kJoined && !one_length) return std::nullopt;
    const int order = CompareNumbers(batch.text, bound.text);
    const bool counted = other != nullptr && other->text.size() != bound.text.size();
    const bool dated = std::max(batch.text.size(), bound.text.size()) >= kDateDigits;
    if (order != 0 && !one_length && dated && !counted) return std::nullopt;
    return order;
  }
  const bool one_series = other != nullptr && other->text == bound.text;
  const bool alphabetical = batch.kind == RunKind::kLetters && one_length;
  if (batch.text != bound.text && !one_series && !alphabetical) return std::nullopt;
  return batch.text.compare(bound.text);
}

using Runs = std::vector<Run>;

// What is equal as far as the shorter one goes: the longer one is the later, "20240131A" after "20240131".
std::optional<int> Compare(const Runs& batch, const Runs& bound, const Runs& other, Form form) {
  for (size_t i = 0; i < std::min(batch.size(), bound.size()); ++i) {
    const Run* beside = form == Form::kSame && !other.empty() ? &other[i] : nullptr;
    const std::optional<int> order = CompareRun(batch[i], bound[i], beside, form);
    if (!order || *order != 0) return order;
  }
  return static_cast<int>(batch.size()) - static_cast<int>(bound.size());
}

bool SameKinds(const Runs& batch, const Runs& bound) {
  return bound.empty() || std::equal(batch.begin(), batch.end(), bound.begin(), bound.end(),
                                     [](const Run& a, const Run& b) { return a.kind == b.kind; });
}

BatchPlace Place(const Runs& batch, const Runs& from, const Runs& to, Form form) {
  bool known = true;
  if (!from.empty()) {
    const std::optional<int> order = Compare(batch, from, to, form);
    if (order && *order < 0) return BatchPlace::kOutside;
    known = known && order.has_value();
  }
  if (!to.empty()) {
    const std::optional<int> order = Compare(batch, to, from, form);
    if (order && *order > 0) return BatchPlace::kOutside;
    known = known && order.has_value();
  }
  return known ? BatchPlace::kInside : BatchPlace::kUnknown;
}

}  // namespace

std::string NormalBatch(std::string_view batch) {
  std::string normal;
  bool sign = false;
  for (const char c : FoldModelText(batch)) {
    if (!IsKept(c)) {
      sign = true;
      continue;
    }
    if (sign && !normal.empty()) normal.push_back(kSign);
    sign = false;
    normal.push_back(c);
  }
  return normal;
}

bool SameBatch(std::string_view a, std::string_view b) { return WithoutSigns(a) == WithoutSigns(b); }

BatchPlace PlaceBatch(std::string_view batch, std::string_view from, std::string_view to) {
  const Runs runs = RunsOf(batch);
  const Runs from_runs = RunsOf(from);
  const Runs to_runs = RunsOf(to);
  if (SameKinds(runs, from_runs) && SameKinds(runs, to_runs)) return Place(runs, from_runs, to_runs, Form::kSame);
  const std::string joined = WithoutSigns(batch);
  const std::string joined_from = WithoutSigns(from);
  const std::string joined_to = WithoutSigns(to);
  return Place(RunsOf(joined), RunsOf(joined_from), RunsOf(joined_to), Form::kJoined);
}

}  // namespace zaojing
