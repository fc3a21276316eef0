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

static_assert(ChinaWeek(ChinaWeekStart(2770)) == 2770 && ChinaWeek(ChinaWeekStart(2770) - 1) == 2769);

}  // namespace zaojing
