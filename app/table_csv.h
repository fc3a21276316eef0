// CSV tables of the time-series and scan analyses: columns asked for by name in, rows with a commented header
// out. One owner, one thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing {

struct TableSource {
  std::string path;                                 // "-": standard input; gzip is recognised
  std::map<std::string, std::string> columns = {};  // our name -> the file's; a name not here is the file's own
  uint64_t rejected_max = 0;
  std::function<void(uint64_t rows)> progress = {};         // after every million rows
  std::function<void(const std::string&)> report_bad = {};  // "<path>:<line>: <reason>", for each bad row
};

struct TableColumn {
  std::string name;
  bool required = true;
};

struct TableSummary {
  std::vector<std::string> header;
  uint64_t rows = 0;
  uint64_t rejected = 0;
};

// Cells of a row: those asked for, in that order; absent columns are nullopt.
// Views are valid during the call. A status that is not ok rejects the row.
using TakeRow = std::function<absl::Status(const std::vector<std::optional<std::string_view>>& cells)>;

// Hands every good row to `take`. kInvalidArgument: no header, or a column missing or there twice.
// kOutOfRange: more than rejected_max bad rows. kNotFound, kDataLoss: the file cannot be opened, or read to
// its end.
absl::StatusOr<TableSummary> ReadTable(const TableSource& source, const std::vector<TableColumn>& columns,
                                       const TakeRow& take);
// The same with all columns of the file in its own order.
absl::StatusOr<TableSummary> ReadWholeTable(const TableSource& source, const TakeRow& take);

// "ours=theirs" pairs to TableSource::columns. kInvalidArgument: a pair that is none, or names none of
// `known`.
absl::StatusOr<std::map<std::string, std::string>> ParseColumns(const std::vector<std::string>& pairs,
                                                                const std::vector<std::string>& known);

// Whole text as a number. kInvalidArgument names the column.
absl::StatusOr<int64_t> ParseCount(std::string_view text, const char* column);
absl::StatusOr<double> ParseNumber(std::string_view text, const char* column);
// The shortest decimal that reads back to the same double; "NA", "Inf", "-Inf" as R writes them.
std::string NumberText(double value);

// Rows into a file, or to standard output. The file appears whole under its name at Close(), or not at all.
class TableWriter {
 public:
  explicit TableWriter(std::string path);
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  absl::Status Open();
  void Comment(const std::string& text);  // "# text"
  void Header(std::string_view names);
  TableWriter& Text(std::string_view text);
  TableWriter& Number(double value);
  TableWriter& Count(int64_t value);
  absl::Status EndRow();
  absl::Status Close();

 private:
  absl::Status Flush();
  absl::Status Failed() const;

  const std::string path_;
  const std::string part_;
  FILE* file_ = nullptr;
  std::string bytes_;
};

// kExitDone, kExitUsage for kInvalidArgument, kExitRejected for kOutOfRange, else kExitFailed.
int ExitCodeOf(const absl::Status& status);

}  // namespace zaojing
