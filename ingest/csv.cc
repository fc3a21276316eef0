#include "ingest/csv.h"

#include <cstdio>
#include <utility>

#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr int kEnd = EOF;
// Far above any real row, and above any event made of one: a quote left open must not read a file into
// memory.
constexpr uint64_t kRowBytesMax = 4 * limits::kRecordBytesMax;

}  // namespace

CsvReader::CsvReader(std::istream& input, std::string name) : input_(input.rdbuf()), name_(std::move(name)) {
  constexpr int kMark[] = {0xef, 0xbb, 0xbf};
  for (const int byte : kMark) {
    if (Peek() != byte) break;
    Get();
  }
}

int CsvReader::Peek() { return input_->sgetc(); }

int CsvReader::Get() {
  const int c = input_->sbumpc();
  if (c != kEnd) ++bytes_read_;
  if (c == '\n') ++line_;
  return c;
}

bool CsvReader::Fail(uint64_t line, const std::string& what) {
  status_ = absl::DataLossError(name_ + ":" + std::to_string(line) + ": " + what);
  return false;
}

bool CsvReader::Next(std::vector<std::string>* row) {
  row->clear();
  if (!status_.ok()) return false;
  while (Peek() == '\n' || Peek() == '\r') Get();
  if (Peek() == kEnd) return false;
  row_line_ = line_;
  row_begin_ = bytes_read_;
  return ReadRow(row);
}

bool CsvReader::ReadRow(std::vector<std::string>* row) {
  for (bool last = false; !last;) {
    std::string& field = row->emplace_back();
    if (!(Peek() == '"' ? ReadQuoted(&field) : ReadPlain(&field))) return false;
    if (!EndField(&last)) return false;
  }
  return true;
}

bool CsvReader::ReadQuoted(std::string* field) {
  const uint64_t opened = line_;
  Get();
  while (true) {
    const int c = Get();
    if (c == kEnd) return Fail(opened, "a quote is never closed");
    if (bytes_read_ - row_begin_ > kRowBytesMax) return Fail(opened, "row over 1 MiB: is a quote not closed?");
    if (c == '"' && Peek() != '"') return true;
    if (c == '"') Get();
    field->push_back(static_cast<char>(c));
  }
}

bool CsvReader::ReadPlain(std::string* field) {
  while (true) {
    const int c = Peek();
    if (c == kEnd || c == ',' || c == '\n') break;
    if (c == '"') return Fail(line_, "a quote inside a field that does not begin with one");
    if (bytes_read_ - row_begin_ > kRowBytesMax) return Fail(row_line_, "row over 1 MiB");
    Get();
    if (c == '\r' && Peek() == '\n') break;
    field->push_back(static_cast<char>(c));
  }
  return true;
}

bool CsvReader::EndField(bool* last) {
  int c = Get();
  if (c == '\r' && Peek() == '\n') c = Get();
  *last = c == '\n' || c == kEnd;
  return *last || c == ',' || Fail(line_, "text after a closing quote");
}

}  // namespace zaojing
