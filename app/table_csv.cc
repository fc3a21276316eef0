#include "app/table_csv.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "app/commands.h"
#include "ingest/delimited.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr uint64_t kProgressRows = 1'000'000;
constexpr size_t kFlushBytes = 256 * 1024;
constexpr size_t kNumberBytesMax = 32;

using Places = std::vector<std::optional<size_t>>;

// Where the columns are in the file; nullopt for one that may be and is absent.
absl::StatusOr<Places> FindColumns(const TableSource& source, const std::vector<TableColumn>& columns,
                                   const std::vector<std::string>& header) {
  Places places;
  for (const TableColumn& column : columns) {
    const auto mapped = source.columns.find(column.name);
    const std::string& name = mapped == source.columns.end() ? column.name : mapped->second;
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end() && (column.required || mapped != source.columns.end())) {
      return absl::InvalidArgumentError(
          absl::StrCat(source.path, ": no column ", name, "; --columns ", column.name, "=... maps another name"));
    }
    if (found != header.end() && std::find(found + 1, header.end(), name) != header.end()) {
      return absl::InvalidArgumentError(absl::StrCat(source.path, ": two columns ", name));
    }
    places.push_back(found == header.end() ? std::nullopt
                                           : std::optional<size_t>(static_cast<size_t>(found - header.begin())));
  }
  return places;
}

class Reader {
 public:
  Reader(const TableSource& source, const TakeRow& take) : source_(source), take_(take) {}

  // `columns` = nullptr: all.
  absl::StatusOr<TableSummary> Read(const std::vector<TableColumn>* columns) {
    ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> bytes, OpenBytes(source_.path));
    DelimitedReader reader(*bytes);
    DelimitedRow row;
    ASSIGN_OR_RETURN(const bool has_header, reader.Next(&row));
    if (!has_header || !row.problem.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(source_.path, ": no header line"));
    }
    summary_.header.assign(row.fields.begin(), row.fields.end());
    if (columns != nullptr) {
      ASSIGN_OR_RETURN(places_, FindColumns(source_, *columns, summary_.header));
    } else {
      for (size_t i = 0; i < summary_.header.size(); ++i) places_.emplace_back(i);
    }
    cells_.resize(places_.size());
    while (true) {
      ASSIGN_OR_RETURN(const bool more, reader.Next(&row));
      if (!more) return std::move(summary_);
      if (const absl::Status taken = Take(row); taken.ok()) {
        ++summary_.rows;
      } else {
        RETURN_IF_ERROR(Reject(row.line, taken));
      }
      const uint64_t seen = summary_.rows + summary_.rejected;
      if (seen % kProgressRows == 0 && source_.progress) source_.progress(seen);
    }
  }

 private:
  absl::Status Take(const DelimitedRow& row) {
    if (!row.problem.empty()) return absl::InvalidArgumentError(ToAbsl(row.problem));
    if (row.fields.size() != summary_.header.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat(row.fields.size(), " fields where the header has ", summary_.header.size()));
    }
    for (size_t i = 0; i < places_.size(); ++i) {
      cells_[i] = places_[i] ? std::optional<std::string_view>(row.fields[*places_[i]]) : std::nullopt;
    }
    return take_(cells_);
  }
  absl::Status Reject(uint64_t line, const absl::Status& reason) {
    const std::string where = absl::StrCat(source_.path, ":", line, ": ", reason.message());
    if (source_.report_bad) source_.report_bad(where);
    if (++summary_.rejected <= source_.rejected_max) return absl::OkStatus();
    return absl::OutOfRangeError(
        absl::StrCat(where, " (", summary_.rejected, " bad rows, ", source_.rejected_max, " allowed)"));
  }

  const TableSource& source_;
  const TakeRow& take_;
  Places places_;
  std::vector<std::optional<std::string_view>> cells_;
  TableSummary summary_;
};

template <typename Value>
absl::StatusOr<Value> Parse(std::string_view text, const char* column, const char* what) {
  Value value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return absl::InvalidArgumentError(absl::StrCat(column, " is not ", what));
  }
  return value;
}

}  // namespace

absl::StatusOr<TableSummary> ReadTable(const TableSource& source, const std::vector<TableColumn>& columns,
                                       const TakeRow& take) {
  return Reader(source, take).Read(&columns);
}

absl::StatusOr<TableSummary> ReadWholeTable(const TableSource& source, const TakeRow& take) {
  return Reader(source, take).Read(nullptr);
}

absl::StatusOr<std::map<std::string, std::string>> ParseColumns(const std::vector<std::string>& pairs,
                                                                const std::vector<std::string>& known) {
  std::map<std::string, std::string> columns;
  for (const std::string& pair : pairs) {
    const size_t at = pair.find('=');
    const std::string ours = pair.substr(0, at);
    if (at == std::string::npos || at + 1 == pair.size() ||
        std::find(known.begin(), known.end(), ours) == known.end()) {
      std::string names;
      for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
      return absl::InvalidArgumentError(absl::StrCat("--columns ", pair, ": must be one of ", names, ", then =name"));
    }
    columns[ours] = pair.substr(at + 1);
  }
  return columns;
}

absl::StatusOr<int64_t> ParseCount(std::string_view text, const char* column) {
  return Parse<int64_t>(text, column, "a whole number");
}

absl::StatusOr<double> ParseNumber(std::string_view text, const char* column) {
  return Parse<double>(text, column, "a number");
}

std::string NumberText(double value) {
  if (std::isnan(value)) return "NA";
  if (std::isinf(value)) return value > 0 ? "Inf" : "-Inf";
  char text[kNumberBytesMax];
  return std::string(text, std::to_chars(text, text + kNumberBytesMax, value).ptr);
}

TableWriter::TableWriter(std::string path) : path_(std::move(path)), part_(path_ + ".part") {}

TableWriter::~TableWriter() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  unlink(part_.c_str());
}

absl::Status TableWriter::Open() {
  file_ = path_ == "-" ? stdout : std::fopen(part_.c_str(), "wb");
  return file_ == nullptr ? Failed() : absl::OkStatus();
}

void TableWriter::Comment(const std::string& text) { bytes_ += "# " + text + "\n"; }

void TableWriter::Header(std::string_view names) {
  bytes_.append(names);
  bytes_.push_back('\n');
}

TableWriter& TableWriter::Text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    bytes_.append(text);
  } else {
    bytes_.push_back('"');
    for (const char c : text) {
      if (c == '"') bytes_.push_back('"');
      bytes_.push_back(c);
    }
    bytes_.push_back('"');
  }
  bytes_.push_back(',');
  return *this;
}

TableWriter& TableWriter::Number(double value) { return Text(NumberText(value)); }
TableWriter& TableWriter::Count(int64_t value) { return Text(std::to_string(value)); }

absl::Status TableWriter::EndRow() {
  bytes_.back() = '\n';
  return bytes_.size() < kFlushBytes ? absl::OkStatus() : Flush();
}

absl::Status TableWriter::Close() {
  RETURN_IF_ERROR(Flush());
  if (file_ == stdout) return std::fflush(stdout) == 0 ? absl::OkStatus() : Failed();
  FILE* const file = std::exchange(file_, nullptr);
  const bool whole = std::fclose(file) == 0;
  if (whole && std::rename(part_.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  absl::Status failed = Failed();
  unlink(part_.c_str());
  return failed;
}

absl::Status TableWriter::Flush() {
  const bool whole = std::fwrite(bytes_.data(), 1, bytes_.size(), file_) == bytes_.size();
  bytes_.clear();
  return whole ? absl::OkStatus() : Failed();
}

absl::Status TableWriter::Failed() const {
  return absl::UnavailableError(absl::StrCat(path_, ": ", std::strerror(errno)));
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitDone;
  if (absl::IsInvalidArgument(status)) return kExitUsage;
  return absl::IsOutOfRange(status) ? kExitRejected : kExitFailed;
}

}  // namespace zaojing
