#include "ingest/delimited.h"

#include <algorithm>
#include <cstring>

#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr size_t kChunkBytes = 256 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

DelimitedReader::DelimitedReader(ByteSource& source) : source_(source) {}

absl::Status DelimitedReader::Fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + kChunkBytes) buffer_.resize(end_ + kChunkBytes);
  ASSIGN_OR_RETURN(const size_t bytes, source_.Read(buffer_.data() + end_, kChunkBytes));
  end_ += bytes;
  source_ended_ = bytes == 0;
  return absl::OkStatus();
}

absl::StatusOr<bool> DelimitedReader::Next(DelimitedRow* row) {
  row->fields.clear();
  row->problem = {};
  while (true) {
    const Parse parse = ParseLine(row);
    if (parse == Parse::kComplete) {
      if (row->fields.empty() && row->problem.empty()) continue;  // an empty line
      return true;
    }
    if (parse == Parse::kNeedsMore && !source_ended_ && end_ - begin_ <= limits::kRecordBytesMax) {
      RETURN_IF_ERROR(Fill());
      continue;
    }
    if (parse == Parse::kNeedsMore) {
      if (begin_ == end_) return false;
      problem_ = source_ended_ ? "a quoted field is not closed" : "the row is too long";
    }
    row->fields.clear();
    row->line = line_;
    row->problem = problem_;
    while (!PassOverLine()) RETURN_IF_ERROR(Fill());
    return true;
  }
}

// Effect: begin_ moves behind the next line end; false when it has not been read yet (what came before it is
// dropped).
bool DelimitedReader::PassOverLine() {
  const char* const line_end = static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', end_ - begin_));
  if (line_end == nullptr) {
    begin_ = end_;
    return source_ended_;
  }
  begin_ = static_cast<size_t>(line_end - buffer_.data()) + 1;
  ++line_;
  return true;
}

DelimitedReader::Parse DelimitedReader::ParseLine(DelimitedRow* row) {
  if (!started_ && (end_ >= kByteOrderMark.size() || source_ended_)) {
    started_ = true;
    if (std::string_view(buffer_.data(), end_).substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      begin_ = kByteOrderMark.size();
    }
  }
  if (!started_ || begin_ == end_) return Parse::kNeedsMore;
  const char* const begin = buffer_.data() + begin_;
  const char* line_end = static_cast<const char*>(std::memchr(begin, '\n', end_ - begin_));
  if (line_end == nullptr && !source_ended_) return Parse::kNeedsMore;
  const char* const next = line_end == nullptr ? buffer_.data() + end_ : line_end + 1;
  if (line_end == nullptr) line_end = next;
  if (std::memchr(begin, '"', static_cast<size_t>(line_end - begin)) != nullptr) return ParseQuotedRecord(row);

  row->line = line_++;
  begin_ = static_cast<size_t>(next - buffer_.data());
  if (line_end > begin && line_end[-1] == '\r') --line_end;
  if (static_cast<size_t>(line_end - begin) > limits::kRecordBytesMax) {
    row->problem = "the row is too long";
    return Parse::kComplete;
  }
  for (const char* at = begin; line_end > begin;) {
    const char* comma = static_cast<const char*>(std::memchr(at, ',', static_cast<size_t>(line_end - at)));
    const char* const field_end = comma == nullptr ? line_end : comma;
    row->fields.emplace_back(at, static_cast<size_t>(field_end - at));
    if (comma == nullptr) break;
    at = comma + 1;
  }
  return Parse::kComplete;
}

// From the byte behind the opening quote: effect: *at is behind the closing one.
DelimitedReader::Parse DelimitedReader::ParseQuotedField(size_t* at, Field* field) {
  *field = {*at, *at, false};
  while (true) {
    const char* const quote = static_cast<const char*>(std::memchr(buffer_.data() + *at, '"', end_ - *at));
    if (quote == nullptr) return Parse::kNeedsMore;
    field->end = static_cast<size_t>(quote - buffer_.data());
    *at = field->end + 1;
    if (*at == end_) return source_ended_ ? Parse::kComplete : Parse::kNeedsMore;
    if (buffer_[*at] != '"') return Parse::kComplete;
    field->escaped = true;
    ++*at;
  }
}

DelimitedReader::Parse DelimitedReader::ParseQuotedRecord(DelimitedRow* row) {
  fields_.clear();
  size_t at = begin_;
  while (true) {
    Field field = {at, at, false};
    if (at < end_ && buffer_[at] == '"') {
      ++at;
      if (const Parse parse = ParseQuotedField(&at, &field); parse != Parse::kComplete) return parse;
    } else {
      while (at < end_ && buffer_[at] != ',' && buffer_[at] != '\n' && buffer_[at] != '"') ++at;
      field.end = at;
    }
    const bool carriage_return = at < end_ && buffer_[at] == '\r';
    if (carriage_return) ++at;
    if (at == end_ && !source_ended_) return Parse::kNeedsMore;
    if (at < end_ && buffer_[at] != '\n' && (buffer_[at] != ',' || carriage_return)) {
      problem_ = "a quote inside a field, or text behind a quoted one";
      return Parse::kBad;
    }
    fields_.push_back(field);
    if (at == end_ || buffer_[at] == '\n') break;
    ++at;
  }
  record_end_ = at;
  if (record_end_ - begin_ > limits::kRecordBytesMax) {
    problem_ = "the row is too long";
    return Parse::kBad;
  }
  TakeFields(row);
  return Parse::kComplete;
}

// Effect: the record begin_..record_end_ becomes the row's fields; doubled quotes are made single in place.
void DelimitedReader::TakeFields(DelimitedRow* row) {
  row->line = line_;
  line_ += static_cast<uint64_t>(std::count(buffer_.begin() + static_cast<ptrdiff_t>(begin_),
                                            buffer_.begin() + static_cast<ptrdiff_t>(record_end_), '\n'));
  for (const Field& field : fields_) {
    char* const begin = buffer_.data() + field.begin;
    char* end = buffer_.data() + field.end;
    if (field.escaped) {
      char* write = begin;
      for (const char* read = begin; read < end; ++read) {
        *write++ = *read;
        if (*read == '"') ++read;
      }
      end = write;
    }
    row->fields.emplace_back(begin, static_cast<size_t>(end - begin));
  }
  // The last unquoted field runs up to the line end and may hold the carriage return.
  std::string_view& last = row->fields.back();
  const size_t last_end = fields_.back().end;
  if (last_end == record_end_ && !last.empty() && last.back() == '\r') last.remove_suffix(1);
  begin_ = record_end_;
  if (begin_ < end_) {
    ++begin_;
    ++line_;
  }
}

}  // namespace zaojing
