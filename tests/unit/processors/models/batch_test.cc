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
  EXPECT_EQ(NormalBatch("2024-01-15"), NormalBatch("２０２４.０１.１５"));
  EXPECT_EQ(NormalBatch(" b 20240115a "), NormalBatch("B20240115A"));
  EXPECT_NE(NormalBatch("20240115"), NormalBatch("20240115A"));
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
};

TEST(Batch, LiesInsideOrOutsideOfARange) {
  for (const RangeCase& c : kCases) {
    EXPECT_EQ(Place(c.batch, c.from, c.to), c.place) << c.batch << " in " << c.from << " - " << c.to;
  }
}

}  // namespace
}  // namespace zaojing
