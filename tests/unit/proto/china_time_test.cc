#include "proto/china_time.h"

#include <gtest/gtest.h>

#include "proto/limits.h"

namespace zaojing {
namespace {

// Breaks: a day that begins at UTC midnight, so that a rule in force from 2026-04-15 begins eight hours late.
// Seen at the microsecond before and the first one of that day in China, 2026-04-14T16:00:00Z.
TEST(ChinaTime, DayBeginsAtSixteenHoursUtc) {
  constexpr int64_t kMidnight = 1'776'182'400'000'000;
  constexpr int64_t kDayNumber = 20'558;  // days from 1970-01-01 to 2026-04-15
  EXPECT_EQ(ChinaDay(kMidnight - 1), kDayNumber - 1);
  EXPECT_EQ(ChinaDay(kMidnight), kDayNumber);
  EXPECT_EQ(ChinaDay(kMidnight + limits::kDay - 1), kDayNumber);
  EXPECT_EQ(ChinaDayStart(kDayNumber), kMidnight);
}

// Breaks: weeks that begin on Sunday or Thursday (the weekday of 1970-01-01), which moves every weekly count.
// Seen at Monday 2023-02-06 00:00 in China, 2771 weeks after Monday 1969-12-29.
TEST(ChinaTime, WeekBeginsOnMonday) {
  constexpr int64_t kMonday = 1'675'612'800'000'000;
  EXPECT_EQ(ChinaWeek(kMonday - 1), 2770);
  EXPECT_EQ(ChinaWeek(kMonday), 2771);
  EXPECT_EQ(ChinaWeek(kMonday + limits::kWeek - 1), 2771);
  EXPECT_EQ(ChinaWeekStart(2771), kMonday);
}

// Breaks: division that rounds towards zero, which makes the day before the epoch as long as two. Occurrence
// dates reach back to 1900. Seen on either side of day 0 and at the oldest time accepted.
TEST(ChinaTime, TimesBeforeTheEpochRoundDown) {
  EXPECT_EQ(ChinaDay(-kChinaOffset), 0);
  EXPECT_EQ(ChinaDay(-kChinaOffset - 1), -1);
  EXPECT_EQ(ChinaDay(limits::kTimeMin), -25'567);  // 1900-01-01
  EXPECT_EQ(ChinaWeek(ChinaDayStart(-4)), -1);     // Sunday 1969-12-28
  EXPECT_EQ(ChinaWeek(ChinaDayStart(-3)), 0);      // Monday 1969-12-29
  EXPECT_EQ(FloorDivide(-7, 7), -1);
  EXPECT_EQ(FloorDivide(-8, 7), -2);
}

}  // namespace
}  // namespace zaojing
