#include "ingest/nhtsa_complaints.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "ingest/csv.h"
#include "ingest/decoder.h"
#include "proto/china_time.h"
#include "proto/ids.h"
#include "proto/utf8.h"

namespace zaojing {
namespace {

enum Column : size_t {
  kCaseId,
  kMake,
  kModel,
  kFailDate,
  kReceivedDate,
  kDescription,
  kFailureBin,
  kCrash,
  kFire,
  kInjured,
  kDeaths,
  kState,
  kColumnCount,
};

constexpr std::array<std::string_view, kColumnCount> kColumnNames = {
    "cmplid", "make", "model",   "fail_date", "received_date", "description", "component_failure_bin",
    "crash",  "fire", "injured", "deaths",    "state"};

using Places = std::array<size_t, kColumnCount>;

absl::StatusOr<Places> FindColumns(const std::vector<std::string>& header, const std::string& name) {
  Places places{};
  std::string missing;
  for (size_t column = 0; column < kColumnCount; ++column) {
    const auto found = std::find(header.begin(), header.end(), kColumnNames[column]);
    places[column] = static_cast<size_t>(found - header.begin());
    if (found == header.end()) missing.append(missing.empty() ? "" : ", ").append(kColumnNames[column]);
  }
  if (missing.empty()) return places;
  return absl::InvalidArgumentError(name + ": column missing from the first line: " + missing);
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// YYYY-MM-DD → 00:00 of that day, UTC+8.
std::optional<int64_t> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = ParseNumber<int>(text.substr(0, 4));
  const auto month = ParseNumber<int>(text.substr(5, 2));
  const auto day = ParseNumber<int>(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1) return std::nullopt;
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int days = kDays[static_cast<size_t>(*month - 1)] + (*month == 2 && IsLeap(*year) ? 1 : 0);
  if (*day > days) return std::nullopt;
  // Days of the years since March of year 0, so that a leap day is the last of its year.
  const int64_t shifted_year = *month > 2 ? *year : *year - 1;
  const int64_t day_of_year = (153 * (*month > 2 ? *month - 3 : *month + 9) + 2) / 5 + *day - 1;
  const int64_t leap_days =
      FloorDivide(shifted_year, 4) - FloorDivide(shifted_year, 100) + FloorDivide(shifted_year, 400);
  constexpr int64_t kEpoch = 719'468;  // of 1970-01-01 in this count
  return ChinaDayStart(shifted_year * 365 + leap_days + day_of_year - kEpoch);
}

std::string CollapseSpaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// One row → one complaint, or the first thing wrong with it.
class RowConverter {
 public:
  RowConverter(const std::vector<std::string>& row, const Places& places) : row_(row), places_(places) {}

  std::optional<v1::Complaint> Convert() {
    const std::string_view case_id = At(kCaseId);
    v1::Complaint complaint;
    complaint.set_event_id(MakeId({"nhtsa", case_id, "1"}));
    complaint.set_source("nhtsa-odi");
    complaint.set_schema_version(1);
    complaint.set_occurred_at(At(kFailDate).empty() ? 0 : Date(kFailDate));
    complaint.set_received_at(Date(kReceivedDate));
    complaint.set_case_number(std::string(case_id));
    complaint.set_version(1);
    complaint.set_kind(v1::COMPLAINT_KIND_DEFECT_CLUE);
    complaint.set_maker(Text(kMake));
    complaint.set_model(Text(kModel));
    complaint.set_problem(CollapseSpaces(Text(kFailureBin)));
    complaint.set_region(Text(kState));
    complaint.set_injured(Count(kInjured));
    complaint.set_deaths(Count(kDeaths));
    complaint.set_fire(Flag(kFire));
    complaint.set_crash(Flag(kCrash));
    complaint.set_text(Text(kDescription));
    if (!ParseNumber<uint64_t>(case_id)) Reject(kCaseId, "not a number");
    if (reason_.empty()) Validate(complaint);
    if (!reason_.empty()) return std::nullopt;
    return complaint;
  }

  const std::string& reason() const { return reason_; }

 private:
  std::string_view At(Column column) const { return row_[places_[column]]; }

  void Reject(Column column, std::string_view rule) {
    if (reason_.empty()) reason_.append(kColumnNames[column]).append(": ").append(rule);
  }

  std::string Text(Column column) {
    if (IsUtf8(At(column))) return std::string(At(column));
    Reject(column, "not UTF-8");
    return {};
  }

  int64_t Date(Column column) {
    const std::optional<int64_t> date = ParseDate(At(column));
    if (!date) Reject(column, "not a date YYYY-MM-DD");
    return date.value_or(0);
  }

  uint32_t Count(Column column) {
    const std::optional<uint32_t> count = ParseNumber<uint32_t>(At(column));
    if (!count) Reject(column, "not a count");
    return count.value_or(0);
  }

  bool Flag(Column column) {
    const bool yes = At(column) == "Y";
    if (!yes && At(column) != "N") Reject(column, "neither Y nor N");
    return yes;
  }

  // What the decoder would dead-letter must not be written.
  void Validate(const v1::Complaint& complaint) {
    const std::string value = complaint.SerializeAsString();
    Record record;
    record.topic = Topic::kComplaints;
    record.key = complaint.case_number();
    record.value = value;
    v1::Complaint scratch;
    if (const DecodeResult bad = Decode(record, &scratch)) reason_ = bad->detail;
  }

  const std::vector<std::string>& row_;
  const Places& places_;
  std::string reason_;
};

// cmplid as a number; every complaint here has passed the check that it is one.
uint64_t CaseOf(const v1::Complaint& complaint) { return ParseNumber<uint64_t>(complaint.case_number()).value_or(0); }

bool ComesBefore(const v1::Complaint& a, const v1::Complaint& b) {
  if (a.received_at() != b.received_at()) return a.received_at() < b.received_at();
  return CaseOf(a) < CaseOf(b);
}

}  // namespace

absl::StatusOr<ImportedComplaints> ReadNhtsaComplaints(
    std::istream& input, const std::string& name, const std::function<void(uint64_t rows, uint64_t bytes)>& progress) {
  CsvReader csv(input, name);
  std::vector<std::string> row;
  if (!csv.Next(&row) && !csv.status().ok()) return csv.status();
  const size_t width = row.size();
  absl::StatusOr<Places> places = FindColumns(row, name);
  if (!places.ok()) return places.status();
  ImportedComplaints imported;
  std::unordered_set<uint64_t> cases;
  while (csv.Next(&row)) {
    ++imported.rows;
    if (progress) progress(imported.rows, csv.bytes_read());
    if (row.size() != width) {
      imported.rejected.push_back(
          {csv.line(), std::to_string(row.size()) + " fields where the first line has " + std::to_string(width)});
      continue;
    }
    RowConverter converter(row, *places);
    std::optional<v1::Complaint> complaint = converter.Convert();
    if (!complaint) {
      imported.rejected.push_back({csv.line(), converter.reason()});
    } else if (!cases.insert(CaseOf(*complaint)).second) {
      imported.rejected.push_back({csv.line(), "cmplid: already in an earlier row"});
    } else {
      imported.complaints.push_back(std::move(*complaint));
    }
  }
  if (!csv.status().ok()) return csv.status();
  std::sort(imported.complaints.begin(), imported.complaints.end(), ComesBefore);
  if (!imported.complaints.empty()) {
    imported.first_received = imported.complaints.front().received_at();
    imported.last_received = imported.complaints.back().received_at();
  }
  return imported;
}

}  // namespace zaojing
