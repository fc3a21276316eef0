#include "processors/stats/disproportionality/pair_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "proto/limits.h"

namespace zaojing::stats {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Shown(const PairCounts& counts) {
  std::vector<std::string> rows;
  for (const PairCount& pair : counts.pairs) {
    const TwoByTwo t = counts.Table(pair);
    EXPECT_TRUE(t.IsValid());
    rows.push_back(counts.products[pair.product] + "/" + counts.events[pair.event] + " " + std::to_string(t.n11) + " " +
                   std::to_string(t.n1_) + " " + std::to_string(t.n_1) + " " + std::to_string(t.n));
  }
  return rows;
}

PairCounts Count(const std::vector<CaseRow>& rows, bool stratified = false) {
  CaseRows cases(stratified);
  for (const CaseRow& row : rows) EXPECT_TRUE(cases.Add(row).ok());
  return std::move(cases).Count();
}

// A repeated row, or a case with two products or two events, could be counted twice in a cell or a margin;
// the order could be that of arrival.
TEST(CaseRows, CountsDistinctCasesInByteOrder) {
  const PairCounts counts = Count({{"1", "b", "y", ""},
                                   {"1", "b", "x", ""},
                                   {"1", "b", "x", ""},  // again
                                   {"1", "a", "x", ""},
                                   {"2", "b", "x", ""},
                                   {"3", "B", "z", ""},
                                   {"2", "b", "x", ""}});
  EXPECT_THAT(Shown(counts), ElementsAre("B/z 1 1 1 3", "a/x 1 1 2 3", "b/x 2 2 2 3", "b/y 1 2 1 3"));
}

// An empty or single-row file could crash or give a table that is no table.
TEST(CaseRows, NothingAndOneRow) {
  EXPECT_THAT(Shown(Count({})), IsEmpty());
  EXPECT_THAT(Shown(Count({{"1", "p", "e", ""}})), ElementsAre("p/e 1 1 1 1"));
  EXPECT_EQ(Count({{"1", "p", "e", ""}}).Expected(0), 1.0);
}

// The expected count could use margins of all strata, or miss the strata that only one of product and event
// has.
TEST(CaseRows, StratifiedExpectedIsTheSumOverStrata) {
  const std::vector<CaseRow> rows = {
      {"1", "p", "e", "f"}, {"2", "p", "d", "f"}, {"3", "q", "e", "f"}, {"4", "q", "d", "f"},
      {"5", "p", "d", "m"}, {"6", "q", "d", "m"}, {"7", "q", "e", ""},
  };
  const PairCounts counts = Count(rows, true);
  // p/d: f 2*2/4, m 1*2/2, none in "". p/e: f 2*2/4, no e in m. q/d: f 2*2/4, m 1*2/2. q/e: f 2*2/4, ""
  // 1*1/1.
  EXPECT_THAT(counts.stratified_expected, ElementsAre(2.0, 1.0, 2.0, 2.0));
  EXPECT_THAT(Shown(counts), Shown(Count(rows, false)));
  EXPECT_EQ(Count(rows, false).Expected(0), 3 * 4 / 7.0);
}

// A case seen in two strata counts in both for the expected count, once for the table.
TEST(CaseRows, ACaseInTwoStrataIsOneCase) {
  const PairCounts counts = Count({{"1", "p", "e", "f"}, {"1", "p", "e", "m"}}, true);
  EXPECT_THAT(Shown(counts), ElementsAre("p/e 1 1 1 1"));
  EXPECT_EQ(counts.Expected(0), 2.0);
}

// A nameless row would become a pair of its own; an endless name would take the memory of the limit's reason.
TEST(CaseRows, RefusesEmptyAndOverlongNames) {
  CaseRows cases(false);
  const std::string id(limits::kIdBytesMax + 1, 'x');
  const std::string name(limits::kNameBytesMax + 1, 'x');
  for (const CaseRow& row : std::vector<CaseRow>{{"", "p", "e", ""},
                                                 {"1", "", "e", ""},
                                                 {"1", "p", "", ""},
                                                 {id, "p", "e", ""},
                                                 {"1", name, "e", ""},
                                                 {"1", "p", name, ""}}) {
    EXPECT_EQ(cases.Add(row).code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(std::move(cases).Count().n, 0);
}

// Rows of one pair could replace each other instead of adding up; zero could make a pair.
TEST(CountRows, AddsUp) {
  CountRows rows;
  EXPECT_TRUE(rows.Add("b", "x", 2).ok());
  EXPECT_TRUE(rows.Add("a", "x", 3).ok());
  EXPECT_TRUE(rows.Add("b", "x", 5).ok());
  EXPECT_TRUE(rows.Add("b", "y", 1).ok());
  EXPECT_TRUE(rows.Add("c", "z", 0).ok());
  EXPECT_THAT(Shown(std::move(rows).Count()), ElementsAre("a/x 3 3 10 11", "b/x 7 8 10 11", "b/y 1 8 1 11"));
}

// A sum above the limit would make products of counts overflow.
TEST(CountRows, RefusesNegativeCountsAndTooLargeSums) {
  CountRows rows;
  EXPECT_EQ(rows.Add("p", "e", -1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(rows.Add("p", "e", limits::kReportCountMax - 1).ok());
  EXPECT_EQ(rows.Add("p", "e", 2).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(rows.Add("q", "e", 1).ok());
  EXPECT_EQ(rows.Add("", "e", 0).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Shown(std::move(rows).Count()),
              ElementsAre("p/e 2147483646 2147483646 2147483647 2147483647", "q/e 1 1 2147483647 2147483647"));
}

}  // namespace
}  // namespace zaojing::stats
