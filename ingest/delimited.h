// Comma-separated text (RFC 4180) read row by row: fields in quotes may hold commas, line ends and doubled
// quotes; lines end in LF or CRLF; a byte order mark and empty lines are passed over. A row that breaks the
// rules is handed out with its problem and its line, and reading goes on after the line where it began, so
// that one stray quote does not swallow the file. One owner, one thread; memory: one record
// (limits::kRecordBytesMax) and one chunk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/byte_source.h"

namespace zaojing {

struct DelimitedRow {
  std::vector<std::string_view> fields;  // valid until the next call; empty when there is a problem
  uint64_t line = 0;                     // where the row begins, from 1
  std::string_view problem;              // empty: none
};

class DelimitedReader {
 public:
  // `source` must outlive this object.
  explicit DelimitedReader(ByteSource& source);

  // False at the end. Errors are those of the source; after one the reader is not used again.
  absl::StatusOr<bool> Next(DelimitedRow* row);

 private:
  struct Field {
    size_t begin;
    size_t end;
    bool escaped;  // holds doubled quotes
  };
  enum class Parse { kComplete, kNeedsMore, kBad };

  absl::Status Fill();
  Parse ParseLine(DelimitedRow* row);
  Parse ParseQuotedRecord(DelimitedRow* row);
  Parse ParseQuotedField(size_t* at, Field* field);
  void TakeFields(DelimitedRow* row);
  bool PassOverLine();

  ByteSource& source_;
  std::string buffer_;
  size_t begin_ = 0;  // of the next record
  size_t end_ = 0;    // of the bytes read
  bool source_ended_ = false;
  bool started_ = false;
  uint64_t line_ = 1;
  std::vector<Field> fields_;
  size_t record_end_ = 0;
  std::string_view problem_;
};

}  // namespace zaojing
