#include "ingest/generate/calendar.h"

#include <algorithm>
#include <array>

#include "proto/check.h"

namespace zaojing::generate {
namespace {

constexpr std::array<int, 12> kDaysBefore = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

constexpr int DayNumber(int month, int day) { return kDaysBefore[static_cast<size_t>(month - 1)] + day - 1; }

constexpr std::array<uint64_t, 24> kPlatformHours = {22, 12, 8,  6,  6,  8,  14, 26, 42, 56, 62, 58,
                                                     52, 54, 58, 58, 54, 50, 52, 64, 78, 84, 70, 44};
constexpr std::array<uint64_t, 24> kPlateHours = {0,  0,  0,   0,   0,   0,  0, 2, 60, 110, 120, 100,
                                                  40, 60, 110, 115, 100, 50, 8, 3, 1,  0,   0,   0};

// Days from first to last, both included, ask so many hundredths of what such a day else would.
struct Season {
  int first;
  int last;
  uint64_t percent;
};
constexpr Season kPlatformSeasons[] = {
    {DayNumber(1, 27), DayNumber(2, 4), 50},      // Spring Festival
    {DayNumber(3, 13), DayNumber(3, 14), 180},    // before 3·15
    {DayNumber(3, 15), DayNumber(3, 15), 320},    // 3·15
    {DayNumber(3, 16), DayNumber(3, 17), 180},    //
    {DayNumber(6, 10), DayNumber(6, 17), 150},    // before 6·18
    {DayNumber(6, 18), DayNumber(6, 18), 260},    //
    {DayNumber(11, 1), DayNumber(11, 9), 170},    // before 双11
    {DayNumber(11, 10), DayNumber(11, 11), 420},  // 双11
    {DayNumber(11, 12), DayNumber(11, 12), 200},  //
    {DayNumber(12, 11), DayNumber(12, 12), 180},  // 双12
};
constexpr Season kPlateSeasons[] = {
    {DayNumber(1, 1), DayNumber(1, 1), 10},   {DayNumber(1, 28), DayNumber(2, 4), 5},
    {DayNumber(4, 4), DayNumber(4, 6), 20},   {DayNumber(5, 1), DayNumber(5, 5), 20},
    {DayNumber(5, 31), DayNumber(6, 2), 20},  {DayNumber(8, 25), DayNumber(9, 10), 150},  // before school
    {DayNumber(10, 1), DayNumber(10, 8), 15},
};

// Monday first.
constexpr std::array<uint64_t, 7> kPlatformWeek = {100, 98, 98, 99, 104, 118, 122};
constexpr std::array<uint64_t, 7> kPlateWeek = {115, 105, 100, 100, 105, 45, 12};

template <size_t Count>
uint64_t SeasonOf(const Season (&seasons)[Count], int day) {
  for (const Season& season : seasons) {
    if (day >= season.first && day <= season.last) return season.percent;
  }
  return 100;
}

uint64_t WeightOf(Rhythm rhythm, int day, size_t hour) {
  const auto weekday = static_cast<size_t>((kYearFirstDay + day + 3) % 7);  // day 0 was a Thursday
  if (rhythm == Rhythm::kPlatform)
    return kPlatformHours[hour] * kPlatformWeek[weekday] * SeasonOf(kPlatformSeasons, day);
  return kPlateHours[hour] * kPlateWeek[weekday] * SeasonOf(kPlateSeasons, day);
}

}  // namespace

int64_t DayOf(int month, int day) {
  ZAOJING_CHECK(month >= 1 && month <= 12);
  return ChinaDayStart(kYearFirstDay + DayNumber(month, day));
}

std::optional<int64_t> DayNamed(std::string_view text) {
  constexpr std::string_view kForm = "2025-00-00";
  if (text.size() != kForm.size()) return std::nullopt;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (i < 5 || kForm[i] == '-' ? text[i] != kForm[i] : !digit) return std::nullopt;
  }
  const int month = (text[5] - '0') * 10 + text[6] - '0';
  const int day = (text[8] - '0') * 10 + text[9] - '0';
  if (month < 1 || month > 12 || day < 1) return std::nullopt;
  const int64_t next = month == 12 ? kYearEnd : DayOf(month + 1, 1);
  const int64_t start = DayOf(month, day);
  return start < next ? std::optional(start) : std::nullopt;
}

Calendar::Calendar(Rhythm rhythm) : before_{0} {
  for (int day = 0; day < kYearDays; ++day) {
    for (size_t hour = 0; hour < 24; ++hour) before_.push_back(before_.back() + WeightOf(rhythm, day, hour));
  }
}

int64_t Calendar::TimeAt(double share) const {
  ZAOJING_CHECK(share >= 0 && share < 1);
  const double asked = share * static_cast<double>(before_.back());
  const auto after = std::upper_bound(before_.begin(), before_.end() - 1, static_cast<uint64_t>(asked));
  const auto hour = static_cast<int64_t>(after - before_.begin()) - 1;
  const auto below = static_cast<double>(*(after - 1));
  const double within = (asked - below) / (static_cast<double>(*after) - below);
  const auto micros = static_cast<int64_t>(within * static_cast<double>(limits::kHour));
  return kYearStart + hour * limits::kHour + std::min(micros, limits::kHour - 1);
}

}  // namespace zaojing::generate
