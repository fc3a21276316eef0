#include "processors/stats/disproportionality/pair_counts.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing::stats {
namespace {

// (key, case) with each combination once; counts the cases of each key.
class DistinctCases {
 public:
  explicit DistinctCases(size_t rows) { entries_.reserve(rows); }
  void Add(uint32_t key, uint32_t case_id) { entries_.push_back(uint64_t{key} << 32 | case_id); }

  std::vector<int64_t> CountByKey(size_t keys) && {
    std::sort(entries_.begin(), entries_.end());
    entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
    std::vector<int64_t> totals(keys, 0);
    for (const uint64_t entry : entries_) ++totals[entry >> 32];
    return totals;
  }

 private:
  std::vector<uint64_t> entries_;
};

std::vector<std::string> InOrder(const Interner& texts, const std::vector<uint32_t>& rank) {
  std::vector<std::string> sorted(texts.size());
  for (uint32_t id = 0; id < texts.size(); ++id) sorted[rank[id]] = texts.Text(id);
  return sorted;
}

// Distinct cases of each (name, stratum), sparse: sorted by name, then stratum.
struct StratumTotal {
  uint32_t name = 0;
  uint32_t stratum = 0;
  int64_t total = 0;
};

struct StratumEntry {
  uint32_t name;
  uint32_t stratum;
  uint32_t case_id;
  friend auto operator<=>(const StratumEntry&, const StratumEntry&) = default;
};

std::vector<StratumTotal> TotalsByStratum(std::vector<StratumEntry> entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  std::vector<StratumTotal> totals;
  for (const StratumEntry& entry : entries) {
    if (totals.empty() || totals.back().name != entry.name || totals.back().stratum != entry.stratum) {
      totals.push_back({entry.name, entry.stratum, 0});
    }
    ++totals.back().total;
  }
  return totals;
}

// Where each name's totals begin, with one more at the end.
std::vector<size_t> Beginnings(const std::vector<StratumTotal>& totals, size_t names) {
  std::vector<size_t> begin(names + 1, totals.size());
  for (size_t i = totals.size(); i-- > 0;) begin[totals[i].name] = i;
  for (size_t name = names; name-- > 0;) begin[name] = std::min(begin[name], begin[name + 1]);
  return begin;
}

}  // namespace

absl::Status CheckName(std::string_view what, std::string_view text, size_t bytes_max) {
  if (text.empty()) return absl::InvalidArgumentError(absl::StrCat(ToAbsl(what), " is empty"));
  if (text.size() <= bytes_max) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(ToAbsl(what), " is longer than ", bytes_max, " bytes"));
}

double PairCounts::Expected(size_t index) const {
  return stratified_expected.empty() ? Table(pairs[index]).Expected() : stratified_expected[index];
}

absl::Status CaseRows::Add(const CaseRow& row) {
  RETURN_IF_ERROR(CheckName("case_id", row.case_id, limits::kIdBytesMax));
  RETURN_IF_ERROR(CheckName("product", row.product, limits::kNameBytesMax));
  RETURN_IF_ERROR(CheckName("event", row.event, limits::kNameBytesMax));
  const uint32_t stratum = stratified_ ? strata_.Intern(row.stratum) : 0;
  rows_.push_back({products_.Intern(row.product), events_.Intern(row.event), cases_.Intern(row.case_id), stratum});
  return absl::OkStatus();
}

PairCounts CaseRows::Count() && {
  PairCounts counts;
  counts.n = static_cast<int64_t>(cases_.size());
  RankTexts(&counts);
  std::sort(rows_.begin(), rows_.end(), [](const Row& x, const Row& y) {
    return std::tie(x.product, x.event, x.case_id, x.stratum) < std::tie(y.product, y.event, y.case_id, y.stratum);
  });
  CountPairs(&counts);
  if (stratified_) CountStrata(&counts);
  rows_ = {};
  return counts;
}

void CaseRows::RankTexts(PairCounts* counts) {
  const std::vector<uint32_t> product_rank = products_.Ranks();
  const std::vector<uint32_t> event_rank = events_.Ranks();
  for (Row& row : rows_) {
    row.product = product_rank[row.product];
    row.event = event_rank[row.event];
  }
  counts->products = InOrder(products_, product_rank);
  counts->events = InOrder(events_, event_rank);
}

void CaseRows::CountPairs(PairCounts* counts) const {
  DistinctCases by_product(rows_.size());
  DistinctCases by_event(rows_.size());
  for (size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const bool same_pair = i > 0 && rows_[i - 1].product == row.product && rows_[i - 1].event == row.event;
    if (same_pair && rows_[i - 1].case_id == row.case_id) continue;
    if (!same_pair) counts->pairs.push_back({row.product, row.event, 0});
    ++counts->pairs.back().n11;
    by_product.Add(row.product, row.case_id);
    by_event.Add(row.event, row.case_id);
  }
  counts->product_totals = std::move(by_product).CountByKey(products_.size());
  counts->event_totals = std::move(by_event).CountByKey(events_.size());
}

void CaseRows::CountStrata(PairCounts* counts) const {
  std::vector<StratumEntry> product_entries;
  std::vector<StratumEntry> event_entries;
  DistinctCases by_stratum(rows_.size());
  for (const Row& row : rows_) {
    product_entries.push_back({row.product, row.stratum, row.case_id});
    event_entries.push_back({row.event, row.stratum, row.case_id});
    by_stratum.Add(row.stratum, row.case_id);
  }
  const std::vector<int64_t> n = std::move(by_stratum).CountByKey(strata_.size());
  const std::vector<StratumTotal> products = TotalsByStratum(std::move(product_entries));
  const std::vector<StratumTotal> events = TotalsByStratum(std::move(event_entries));
  const std::vector<size_t> product_begin = Beginnings(products, products_.size());
  const std::vector<size_t> event_begin = Beginnings(events, events_.size());
  counts->stratified_expected.reserve(counts->pairs.size());
  for (const PairCount& pair : counts->pairs) {
    double expected = 0;
    size_t p = product_begin[pair.product];
    size_t e = event_begin[pair.event];
    while (p < product_begin[pair.product + 1] && e < event_begin[pair.event + 1]) {
      if (products[p].stratum == events[e].stratum) {
        expected += static_cast<double>(products[p].total) * static_cast<double>(events[e].total) /
                    static_cast<double>(n[products[p].stratum]);
        ++p;
        ++e;
      } else {
        ++(products[p].stratum < events[e].stratum ? p : e);
      }
    }
    counts->stratified_expected.push_back(expected);
  }
}

absl::Status CountRows::Add(std::string_view product, std::string_view event, int64_t n11) {
  RETURN_IF_ERROR(CheckName("product", product, limits::kNameBytesMax));
  RETURN_IF_ERROR(CheckName("event", event, limits::kNameBytesMax));
  if (n11 < 0) return absl::InvalidArgumentError("n11 is negative");
  if (n11 > limits::kReportCountMax - n_) {
    return absl::InvalidArgumentError(absl::StrCat("the sum of n11 passes ", limits::kReportCountMax));
  }
  if (n11 == 0) return absl::OkStatus();
  n_ += n11;
  rows_.push_back({products_.Intern(product), events_.Intern(event), n11});
  return absl::OkStatus();
}

PairCounts CountRows::Count() && {
  PairCounts counts;
  counts.n = n_;
  const std::vector<uint32_t> product_rank = products_.Ranks();
  const std::vector<uint32_t> event_rank = events_.Ranks();
  counts.products = InOrder(products_, product_rank);
  counts.events = InOrder(events_, event_rank);
  counts.product_totals.assign(products_.size(), 0);
  counts.event_totals.assign(events_.size(), 0);
  for (PairCount& row : rows_) {
    row.product = product_rank[row.product];
    row.event = event_rank[row.event];
    counts.product_totals[row.product] += row.n11;
    counts.event_totals[row.event] += row.n11;
  }
  std::sort(rows_.begin(), rows_.end(), [](const PairCount& x, const PairCount& y) {
    return std::tie(x.product, x.event) < std::tie(y.product, y.event);
  });
  for (const PairCount& row : rows_) {
    const bool same_pair =
        !counts.pairs.empty() && counts.pairs.back().product == row.product && counts.pairs.back().event == row.event;
    if (same_pair) {
      counts.pairs.back().n11 += row.n11;
    } else {
      counts.pairs.push_back(row);
    }
  }
  rows_ = {};
  return counts;
}

}  // namespace zaojing::stats
