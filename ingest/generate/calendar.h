// The generated year, 2025 in China's time, and its rhythm: how much is asked in each of its hours. Platforms are asked
// in the evening, at 3·15, 6·18 and 双11; registration windows are open on workdays. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/china_time.h"

namespace zaojing::generate {

inline constexpr int64_t kYearFirstDay = 20'089;
inline constexpr int64_t kYearDays = 365;
inline constexpr int64_t kYearStart = ChinaDayStart(kYearFirstDay);
inline constexpr int64_t kYearEnd = ChinaDayStart(kYearFirstDay + kYearDays);
static_assert(ChinaYear(kYearStart) == 2025 && ChinaYear(kYearStart - 1) == 2024);
static_assert(ChinaYear(kYearEnd) == 2026 && ChinaYear(kYearEnd - 1) == 2025);

// First instant of a day of the year. REQUIRES month 1 to 12.
int64_t DayOf(int month, int day);
// The same of a day written 2025-06-18; nullopt when the year has no such day.
std::optional<int64_t> DayNamed(std::string_view text);

enum class Rhythm : uint8_t { kPlatform, kPlate };

class Calendar {
 public:
  explicit Calendar(Rhythm rhythm);
  // The instant by which this share of the year's questions has been asked; never decreasing. REQUIRES 0 <= share < 1.
  int64_t TimeAt(double share) const;

 private:
  std::vector<uint64_t> before_;  // weight of the hours before each; one more than there are hours
};

}  // namespace zaojing::generate
