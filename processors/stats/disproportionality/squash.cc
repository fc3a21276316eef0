#include "processors/stats/disproportionality/squash.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace zaojing::stats {
namespace {

bool ByCountThenExpected(const WeightedPoint& x, const WeightedPoint& y) {
  return x.n11 != y.n11 ? x.n11 < y.n11 : x.expected < y.expected;
}

// Binned copies of points[0..count), which are sorted by expected count, appended to `out`.
void AppendBins(std::span<const WeightedPoint> points, int64_t bin_size, std::vector<WeightedPoint>* out) {
  for (size_t begin = 0; begin < points.size(); begin += static_cast<size_t>(bin_size)) {
    const size_t end = std::min(points.size(), begin + static_cast<size_t>(bin_size));
    double sum = 0;
    for (size_t i = begin; i < end; ++i) sum += points[i].expected;
    const double size = static_cast<double>(end - begin);
    out->push_back({points[begin].n11, sum / size, size});
  }
}

// openEBGM's default tables, and its count of bins for `squashed` points.
constexpr std::array<int64_t, 4> kKeepByPosition = {100, 75, 50, 25};
constexpr std::array<std::pair<int64_t, int64_t>, 8> kBinsBelow = {{{500, 50},
                                                                    {1'000, 75},
                                                                    {10'000, 150},
                                                                    {100'000, 500},
                                                                    {500'000, 750},
                                                                    {1'000'000, 1'000},
                                                                    {5'000'000, 2'000},
                                                                    {std::numeric_limits<int64_t>::max(), 5'000}}};

SquashRule AutoRule(int64_t n11, int64_t points, size_t position) {
  const int64_t keep = kKeepByPosition[std::min(position, kKeepByPosition.size() - 1)];
  const int64_t squashed = points - keep;
  const auto* bins =
      std::find_if(kBinsBelow.begin(), kBinsBelow.end(), [squashed](const auto& row) { return squashed < row.first; });
  return {n11, std::max<int64_t>(2, squashed / bins->second), keep};
}

}  // namespace

absl::Status Squash(const SquashRule& rule, std::vector<WeightedPoint>* points) {
  if (rule.bin_size < 2) return absl::InvalidArgumentError("a squash bin takes at least 2 points");
  if (rule.keep < 0) return absl::InvalidArgumentError("a negative number of points cannot be kept");
  std::stable_sort(points->begin(), points->end(), ByCountThenExpected);
  const auto [first, last] =
      std::equal_range(points->begin(), points->end(), WeightedPoint{rule.n11, 0, 1},
                       [](const WeightedPoint& x, const WeightedPoint& y) { return x.n11 < y.n11; });
  const int64_t squashed = (last - first) - rule.keep;
  if (squashed < rule.bin_size) {
    return absl::InvalidArgumentError("too few pairs of this count to fill one squash bin beside those kept");
  }
  std::vector<WeightedPoint> result(points->begin(), first);
  AppendBins({first, first + squashed}, rule.bin_size, &result);
  result.insert(result.end(), first + squashed, points->end());
  *points = std::move(result);
  return absl::OkStatus();
}

std::vector<WeightedPoint> AutoSquash(std::vector<WeightedPoint> points) {
  std::stable_sort(points.begin(), points.end(), ByCountThenExpected);
  std::vector<SquashRule> rules;
  for (size_t begin = 0; begin < points.size();) {
    size_t end = begin;
    while (end < points.size() && points[end].n11 == points[begin].n11) ++end;
    const int64_t same_count = static_cast<int64_t>(end - begin);
    if (same_count > kKeepByPosition.front() + 1) {
      rules.push_back(AutoRule(points[begin].n11, same_count, rules.size()));
    }
    begin = end;
  }
  // A rule that finds too few points for a bin leaves its count as it is.
  for (const SquashRule& rule : rules) Squash(rule, &points).IgnoreError();
  return points;
}

}  // namespace zaojing::stats
