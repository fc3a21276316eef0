#include "processors/screen/tally.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "processors/state/tables.h"
#include "proto/china_time.h"
#include "proto/identifiers.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr size_t kHourKeyBytes = 1 + 4;
constexpr std::string_view kDropped = "dropped";  // in Table::kDates: before this hour nothing is left
constexpr size_t kCategoryDigits = 2;
constexpr size_t kRegionDigits = 6;
constexpr std::string_view kUnknownCategory = "--";

bool AreDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void AppendHour(int64_t hour, std::string* key) {
  for (int shift = 24; shift >= 0; shift -= 8) key->push_back(static_cast<char>(static_cast<uint64_t>(hour) >> shift));
}

std::string_view CategoryOf(const AnsweredLookup& answered) {
  if (!answered.digits.empty()) return answered.digits.substr(kCatalogueCodeAt, kCategoryDigits);
  const std::string_view claimed = answered.lookup.product_code;
  const bool good = claimed.size() >= kCategoryDigits && AreDigits(claimed.substr(0, kCategoryDigits));
  return good ? claimed.substr(0, kCategoryDigits) : kUnknownCategory;
}

bool IsHourly(std::string_view key) {
  return key[0] == static_cast<char>(Table::kPlatformTally) || key[0] == static_cast<char>(Table::kRegionTally);
}

char Digit(v1::Action action) { return static_cast<char>('0' + action); }

}  // namespace

void TallyLookup(const AnsweredLookup& answered, std::string* scratch, TaskContext& context) {
  const int64_t hour = FloorDivide(context.engine_time(), limits::kHour);
  std::string& key = *scratch;
  key.assign(1, static_cast<char>(Table::kPlatformTally));
  AppendHour(hour, &key);
  key.push_back(Digit(answered.action));
  key.append(CategoryOf(answered));
  key.append(answered.platform);
  context.Count(key, kHourKeyBytes);

  const std::string_view region = answered.lookup.region;
  key.resize(kHourKeyBytes + 1);
  key[0] = static_cast<char>(Table::kRegionTally);
  // Free text here would be a table without bounds.
  if (region.size() == kRegionDigits && AreDigits(region)) key.append(region);
  context.Count(key, kHourKeyBytes);

  if (!answered.invalid) return;
  key.assign(1, static_cast<char>(Table::kInvalidTally));
  key.append(answered.digits);
  context.Count(key, key.size());
}

void DropOldTallies(int64_t now, TaskContext& context) {
  // By whole days, so that the hour at which a day's first record came does not show in the state.
  const int64_t first = ChinaDayStart(ChinaDay(now) - limits::kTallyDaysKept) / limits::kHour;
  // What was deleted goes on lying in the way of scans until the next flush: a scan begins where the last one ended.
  const std::string dropped_key = TableKey(Table::kDates, kDropped);
  int64_t dropped = 0;
  if (const auto stored = context.state().Get(dropped_key)) {
    std::from_chars(stored->data(), stored->data() + stored->size(), dropped);
  }
  bool all = true;
  for (const Table table : {Table::kPlatformTally, Table::kRegionTally}) {
    std::vector<std::string> old;
    const std::string prefix = TableKey(table, "");
    std::string from = prefix;
    AppendHour(dropped, &from);
    context.state().Scan(prefix, from, [&](std::string_view key, std::string_view) {
      const std::optional<int64_t> hour = TallyHour(key);
      if (!hour || *hour >= first || old.size() == limits::kTallyDropsMax) return false;
      old.emplace_back(key);
      return true;
    });
    for (const std::string& key : old) context.state().Delete(key);
    all = all && old.size() < limits::kTallyDropsMax;
  }
  if (all) context.state().Put(dropped_key, std::to_string(first));
}

std::optional<int64_t> TallyHour(std::string_view key) {
  if (key.size() != kHourKeyBytes || !IsHourly(key)) return std::nullopt;
  int64_t hour = 0;
  for (size_t i = 1; i < kHourKeyBytes; ++i) hour = hour << 8 | static_cast<unsigned char>(key[i]);
  return hour;
}

std::optional<TallyCell> ParseTallyCell(std::string_view key, std::string_view cell) {
  const size_t category = key[0] == static_cast<char>(Table::kPlatformTally) ? kCategoryDigits : 0;
  if (cell.size() < 1 + category) return std::nullopt;
  return TallyCell{static_cast<v1::Action>(cell[0] - '0'), cell.substr(1, category), cell.substr(1 + category)};
}

}  // namespace zaojing
