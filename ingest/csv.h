// Rows of a CSV file (RFC 4180): fields in quotes may hold commas, line ends and doubled quotes; lines end in
// LF or CRLF; a byte order mark is passed over. Bounded memory. One thread.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace zaojing {

class CsvReader {
 public:
  // `input` must outlive this object; `name` is used in errors.
  CsvReader(std::istream& input, std::string name);

  // Steps to the next row; false at the end and on error: status() tells which. kDataLoss names the line: a
  // quote that is never closed, text after a closing quote, a quote inside an unquoted field, a row longer
  // than its limit. Lines that are empty are passed over.
  bool Next(std::vector<std::string>* row);
  const absl::Status& status() const { return status_; }

  // Line the row last returned begins at, from 1.
  uint64_t line() const { return row_line_; }
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  bool ReadRow(std::vector<std::string>* row);
  bool ReadQuoted(std::string* field);
  bool ReadPlain(std::string* field);
  bool EndField(bool* last);
  int Peek();
  int Get();
  bool Fail(uint64_t line, const std::string& what);

  std::streambuf* const input_;
  const std::string name_;
  absl::Status status_;
  uint64_t line_ = 1;
  uint64_t row_line_ = 0;
  uint64_t bytes_read_ = 0;
  uint64_t row_begin_ = 0;  // value of bytes_read_
};

}  // namespace zaojing
