// Days and weeks of the law: UTC+8, no daylight saving. Weeks run Monday 00:00 to Monday. Pure.
#pragma once

#include <cstdint>

#include "proto/limits.h"

namespace zaojing {

inline constexpr int64_t kChinaOffset = 8 * limits::kHour;

constexpr int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0); }

// Number of the China day an instant falls on; day 0 is 1970-01-01.
constexpr int64_t ChinaDay(int64_t micros) { return FloorDivide(micros + kChinaOffset, limits::kDay); }
// First instant of the day.
constexpr int64_t ChinaDayStart(int64_t day) { return day * limits::kDay - kChinaOffset; }

// Number of the Monday-based week; week 0 begins on Monday 1969-12-29 (1970-01-01 was a Thursday).
constexpr int64_t ChinaWeek(int64_t micros) { return FloorDivide(ChinaDay(micros) + 3, 7); }
constexpr int64_t ChinaWeekStart(int64_t week) { return ChinaDayStart(week * 7 - 3); }

// Calendar year of an instant after 1900.
constexpr int64_t ChinaYear(int64_t micros) {
  // Days since 0000-03-01, so that a leap day ends its year; 400 years are 146,097 days.
  const int64_t days = ChinaDay(micros) + 719'468;
  const int64_t era = FloorDivide(days, 146'097);
  const int64_t day = days - era * 146'097;
  const int64_t year = (day - day / 1'460 + day / 36'524 - day / 146'096) / 365;
  const int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
  return era * 400 + year + (day_of_year >= 306 ? 1 : 0);  // January and February belong to the next one
}
static_assert(ChinaYear(-kChinaOffset) == 1970 && ChinaYear(-kChinaOffset - 1) == 1969);
static_assert(ChinaYear(ChinaDayStart(19'782)) == 2024 && ChinaYear(ChinaDayStart(19'723) - 1) == 2023);
static_assert(ChinaYear(ChinaDayStart(19'723)) == 2024 && ChinaYear(ChinaDayStart(20'089) - 1) == 2024);

static_assert(ChinaWeek(ChinaWeekStart(2770)) == 2770 && ChinaWeek(ChinaWeekStart(2770) - 1) == 2769);

}  // namespace zaojing
