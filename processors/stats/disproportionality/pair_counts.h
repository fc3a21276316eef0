// Counting: from the rows of a file to one two-by-two table per product-event pair.
//
// CaseRows takes (case, product, event[, stratum]) rows: distinct triples count once, margins and n count
// distinct cases. CountRows takes (product, event, n11) rows: margins and n are sums of n11. With strata, the
// expected count of a pair is the sum over strata of n1_ * n_1 / n within the stratum (DuMouchel 1999,
// section 2); a case seen in two strata counts in both, as in openEBGM. The two-by-two tables are never
// stratified.
//
// One owner, one thread. Memory is linear in rows while rows are added, linear in pairs afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "processors/stats/disproportionality/interner.h"
#include "processors/stats/disproportionality/two_by_two.h"

namespace zaojing::stats {

struct PairCount {
  uint32_t product = 0;  // places in PairCounts::products and events
  uint32_t event = 0;
  int64_t n11 = 0;
};

// Pairs with n11 > 0, sorted by product, then event, in byte order.
struct PairCounts {
  std::vector<std::string> products;  // in byte order
  std::vector<std::string> events;
  std::vector<int64_t> product_totals;  // n1_ by product
  std::vector<int64_t> event_totals;    // n_1 by event
  int64_t n = 0;
  std::vector<PairCount> pairs;
  std::vector<double> stratified_expected;  // by pair; empty without strata

  TwoByTwo Table(const PairCount& pair) const {
    return {pair.n11, product_totals[pair.product], event_totals[pair.event], n};
  }
  // Stratified when there are strata. REQUIRES index < pairs.size().
  double Expected(size_t index) const;
};

struct CaseRow {
  std::string_view case_id;
  std::string_view product;
  std::string_view event;
  std::string_view stratum;  // empty without strata
};

class CaseRows {
 public:
  // `stratified`: whether the stratum of the rows counts; an empty one is a stratum like any other.
  explicit CaseRows(bool stratified) : stratified_(stratified) {}

  // kInvalidArgument, row not taken: an empty or overlong case, product or event.
  absl::Status Add(const CaseRow& row);

  // The counts of the rows so far. Effect: this object is used up.
  PairCounts Count() &&;

 private:
  struct Row {
    uint32_t product;
    uint32_t event;
    uint32_t case_id;
    uint32_t stratum;
  };
  void RankTexts(PairCounts* counts);
  void CountPairs(PairCounts* counts) const;
  void CountStrata(PairCounts* counts) const;

  const bool stratified_;
  Interner cases_;
  Interner products_;
  Interner events_;
  Interner strata_;
  std::vector<Row> rows_;
};

class CountRows {
 public:
  // Rows of one pair add up; n11 = 0 adds nothing. kInvalidArgument, row not taken: an empty or overlong
  // product or event, a negative n11, or a total above limits::kReportCountMax.
  absl::Status Add(std::string_view product, std::string_view event, int64_t n11);

  // The counts of the rows so far. Effect: this object is used up.
  PairCounts Count() &&;

 private:
  Interner products_;
  Interner events_;
  std::vector<PairCount> rows_;
  int64_t n_ = 0;
};

// The rule both forms and the streaming table share: neither empty nor longer than the limit.
absl::Status CheckName(std::string_view what, std::string_view text, size_t bytes_max);

}  // namespace zaojing::stats
