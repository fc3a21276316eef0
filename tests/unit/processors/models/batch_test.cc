// Goal: a batch number is inside or outside of a range as a person reading both would say.
#include "processors/models/batch.h"

#include <gtest/gtest.h>

namespace zaojing {
namespace {

BatchPlace Place(std::string_view batch, std::string_view from, std::string_view to) {
  return PlaceBatch(NormalBatch(batch), NormalBatch(from), NormalBatch(to));
}

// Breaks: one batch taken for two because of how it is printed, or two for one.
TEST(Batch, IsComparedWithoutItsSigns) {
  const auto same = [](std::string_view a, std::string_view b) { return SameBatch(NormalBatch(a), NormalBatch(b)); };
  EXPECT_TRUE(same("2024-01-15", "２０２４.０１.１５"));
  EXPECT_TRUE(same("2024-01-15", "20240115"));
  EXPECT_TRUE(same(" b 20240115a ", "B20240115A"));
  EXPECT_FALSE(same("20240115", "20240115A"));
  EXPECT_EQ(NormalBatch(" a1 - 5 "), "A1-5");
  EXPECT_EQ(NormalBatch(" - "), "");
}

struct RangeCase {
  const char* batch;
  const char* from;
  const char* to;
  BatchPlace place;
};
const RangeCase kCases[] = {
    {"20240101", "20240101", "20240131", BatchPlace::kInside},  // both ends belong
    {"20240131", "20240101", "20240131", BatchPlace::kInside},
    {"20231231", "20240101", "20240131", BatchPlace::kOutside},
    {"20240201", "20240101", "20240131", BatchPlace::kOutside},
    {"2024-01-15", "20240101", "20240131", BatchPlace::kInside},
    {"99", "7", "100", BatchPlace::kInside},  // numbers, not texts
    {"0099", "7", "100", BatchPlace::kInside},
    {"A150", "A100", "A200", BatchPlace::kInside},
    {"B150", "A100", "A200", BatchPlace::kOutside},
    {"20240131A", "20240101", "20240131", BatchPlace::kOutside},
    {"20240130A", "20240101", "20240131", BatchPlace::kInside},
    {"20990101", "20240101", "", BatchPlace::kInside},  // an open end
    {"20230101", "", "20240131", BatchPlace::kInside},
    {"20240201", "", "20240131", BatchPlace::kOutside},
    {"A150", "100", "200", BatchPlace::kUnknown},  // another form: it cannot be said
    // Part by part, each a number.
    {"2024-01-15", "2024-1-1", "2024-1-31", BatchPlace::kInside},
    {"2024-1-31", "2024-1-1", "2024-1-31", BatchPlace::kInside},
    {"2024-2-1", "2024-1-1", "2024-1-31", BatchPlace::kOutside},
    {"2024-12-15", "2024-1-1", "2024-1-31", BatchPlace::kOutside},
    {"A1-5", "A1-5", "A1-20", BatchPlace::kInside},
    {"A1-20", "A1-5", "A1-20", BatchPlace::kInside},
    {"A1-4", "A1-5", "A1-20", BatchPlace::kOutside},
    {"A1-21", "A1-5", "A1-20", BatchPlace::kOutside},
    {"A2-1", "A1-5", "A1-20", BatchPlace::kOutside},
    {"A2-1", "A1-5", "", BatchPlace::kInside},
    {"A2-1", "", "A1-20", BatchPlace::kOutside},
    // Without their signs only where every number is as wide.
    {"20240115", "2024-01-01", "2024-01-31", BatchPlace::kInside},
    {"20240201", "2024-01-01", "2024-01-31", BatchPlace::kOutside},
    {"20240115", "2024-1-1", "2024-1-31", BatchPlace::kUnknown},
    {"A110", "A1-5", "A1-20", BatchPlace::kUnknown},
    // Dates and their serials of another width.
    {"240115", "20240101", "20240131", BatchPlace::kUnknown},
    {"20240115001", "20240101", "20240131", BatchPlace::kUnknown},
    {"24-01-15", "2024-01-01", "2024-01-31", BatchPlace::kUnknown},
    {"202403", "2401", "2405", BatchPlace::kUnknown},  // weeks
    {"240115", "", "20240131", BatchPlace::kUnknown},
    {"240115", "20240101", "", BatchPlace::kUnknown},
    // Counters: three digits are no date, and ends of two widths are none of a fixed one.
    {"99", "100", "200", BatchPlace::kOutside},
    {"999", "900", "1100", BatchPlace::kInside},
    {"1101", "900", "1100", BatchPlace::kOutside},
    {"99", "900", "1100", BatchPlace::kOutside},
    // Letters: of one length, else of another series than both ends, else it cannot be said.
    {"B150", "A100", "C200", BatchPlace::kInside},
    {"AA150", "A100", "C200", BatchPlace::kUnknown},
    {"AA150", "A100", "A200", BatchPlace::kOutside},
    {"乙150", "甲100", "甲200", BatchPlace::kOutside},
    {"甲150", "甲100", "甲200", BatchPlace::kInside},
    {"乙150", "甲100", "", BatchPlace::kUnknown},
    // One batch.
    {"2024-01-05", "2024-1-5", "2024-1-5", BatchPlace::kInside},
    {"20240105", "2024-01-05", "2024-01-05", BatchPlace::kInside},
    {"B2", "B1", "B1", BatchPlace::kOutside},
    {"240105", "20240105", "20240105", BatchPlace::kUnknown},
};

TEST(Batch, LiesInsideOrOutsideOfARange) {
  for (const RangeCase& c : kCases) {
    EXPECT_EQ(Place(c.batch, c.from, c.to), c.place) << c.batch << " in " << c.from << " - " << c.to;
  }
}

}  // namespace
}  // namespace zaojing
