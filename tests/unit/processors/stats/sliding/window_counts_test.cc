#include "processors/stats/sliding/window_counts.h"

#include <gtest/gtest.h>

#include "proto/limits.h"

namespace zaojing::stats {
namespace {

WindowCounts Make() { return *WindowCounts::Create({.pane = 10, .panes = 4, .exact_panes = 2}); }

// Borders are from inclusive, to exclusive; the last window ends with now.
TEST(WindowCountsTest, Borders) {
  WindowCounts counts = Make();
  ASSERT_TRUE(counts.Add(12, 1).ok());
  ASSERT_TRUE(counts.Add(15, 2).ok());
  EXPECT_EQ(*counts.Count(12, 15), 1);
  EXPECT_EQ(*counts.Count(13, 15), 0);
  EXPECT_EQ(*counts.Count(12, 16), 3);
  EXPECT_EQ(*counts.CountLast(1), 2);
  EXPECT_EQ(*counts.CountLast(4), 3);
  EXPECT_EQ(*counts.Count(15, 15), 0);
  EXPECT_EQ(*counts.Count(0, 1'000), 3);
}

// What cannot be answered exactly is refused, never estimated.
TEST(WindowCountsTest, UnanswerableWindows) {
  WindowCounts counts = Make();
  ASSERT_TRUE(counts.Add(5, 1).ok());
  ASSERT_TRUE(counts.Add(17, 1).ok());
  counts.Advance(45);  // exact from 30, kept from 10
  EXPECT_EQ(counts.exact_since(), 30);
  EXPECT_EQ(counts.kept_since(), 10);
  EXPECT_EQ(*counts.Count(10, 46), 1);
  EXPECT_EQ(counts.Count(15, 46).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Count(10, 25).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Count(0, 46).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(counts.Count(40, 30).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(*counts.Count(37, 46), 0);
}

// A retraction by its event's time works after the time itself is folded into its pane, and never below
// nothing.
TEST(WindowCountsTest, Retractions) {
  WindowCounts counts = Make();
  ASSERT_TRUE(counts.Add(17, 1).ok());
  EXPECT_EQ(counts.Add(18, -1).code(), absl::StatusCode::kInvalidArgument);
  counts.Advance(45);
  EXPECT_TRUE(counts.Add(17, -1).ok());
  EXPECT_EQ(*counts.Count(10, 20), 0);
  EXPECT_EQ(counts.Add(17, -1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(counts.Add(3, -1).ok());  // forgotten
  EXPECT_EQ(counts.Add(44, limits::kSeriesCountMax + 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Add(limits::kStepMax + 1, 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.now(), 45);
}

TEST(WindowCountsTest, BadOptionsAndBrokenState) {
  constexpr auto kBad = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(WindowCounts::Create({.pane = 0, .panes = 1}).status().code(), kBad);
  EXPECT_EQ(WindowCounts::Create({.pane = 1, .panes = 1, .exact_panes = 2}).status().code(), kBad);
  EXPECT_EQ(WindowCounts::Create({.pane = 1, .panes = limits::kStepsKeptMax + 1}).status().code(), kBad);
  WindowCounts counts = Make();
  ASSERT_TRUE(counts.Add(12, 1).ok());
  const std::string good = counts.Serialize();
  EXPECT_EQ(WindowCounts::Parse(good)->Serialize(), good);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(WindowCounts::Parse(good.substr(0, size)).status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_EQ(WindowCounts::Parse(good + "x").status().code(), absl::StatusCode::kDataLoss);
  std::string other_total = good;
  other_total[other_total.size() - 8] = 2;  // the newest pane's total no longer agrees with its times
  EXPECT_EQ(WindowCounts::Parse(other_total).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace zaojing::stats
