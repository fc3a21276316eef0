#include "app/pair_csv.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ingest/delimited.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr std::string_view kHeader =
    "product,event,n11,n1_,n_1,n,expected,prr,prr_low,prr_high,chi2,chi2_yates,ror,ror_low,ror_high,yule_q,"
    "yule_q_low,ic,ic025,bcpnn,bcpnn_low,ebgm,eb05,eb95,evans,evans_yates\n";
constexpr size_t kFlushBytes = 256 * 1024;
constexpr size_t kNumberBytesMax = 32;

// Places of our columns in the file.
struct Layout {
  size_t columns = 0;
  size_t product = 0;
  size_t event = 0;
  std::optional<size_t> case_id;
  std::optional<size_t> stratum;
  std::optional<size_t> n11;
};

class PairReader {
 public:
  explicit PairReader(const PairInputOptions& options) : options_(options) {}

  absl::StatusOr<PairInput> Read() {
    ASSIGN_OR_RETURN(const std::unique_ptr<ByteSource> source, OpenBytes(options_.path));
    DelimitedReader reader(*source);
    DelimitedRow row;
    ASSIGN_OR_RETURN(const bool has_header, reader.Next(&row));
    if (!has_header || !row.problem.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(options_.path, ": no header line"));
    }
    RETURN_IF_ERROR(ReadHeader(row));
    input_.of_cases = layout_.case_id.has_value();
    input_.stratified = input_.of_cases && layout_.stratum.has_value();
    cases_.emplace(input_.stratified);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, reader.Next(&row));
      if (!more) break;
      if (const absl::Status taken = Take(row); taken.ok()) {
        ++input_.rows;
      } else {
        RETURN_IF_ERROR(Reject(row.line, taken));
      }
      if ((input_.rows + input_.rejected) % kProgressRows == 0 && options_.progress) {
        options_.progress(input_.rows + input_.rejected);
      }
    }
    input_.counts = input_.of_cases ? std::move(*cases_).Count() : std::move(counts_).Count();
    return std::move(input_);
  }

 private:
  std::string NameInFile(const std::string& ours) const {
    const auto mapped = options_.columns.find(ours);
    return mapped == options_.columns.end() ? ours : mapped->second;
  }

  // nullopt when there is no such column; an error when it was asked for by name, or is there twice.
  absl::StatusOr<std::optional<size_t>> Find(const DelimitedRow& header, const std::string& ours) const {
    const std::string name = NameInFile(ours);
    std::optional<size_t> place;
    for (size_t i = 0; i < header.fields.size(); ++i) {
      if (header.fields[i] != name) continue;
      if (place) return absl::InvalidArgumentError(absl::StrCat(options_.path, ": two columns ", name));
      place = i;
    }
    if (!place && options_.columns.contains(ours)) {
      return absl::InvalidArgumentError(absl::StrCat(options_.path, ": no column ", name));
    }
    return place;
  }

  absl::Status ReadHeader(const DelimitedRow& header) {
    layout_.columns = header.fields.size();
    ASSIGN_OR_RETURN(layout_.case_id, Find(header, "case_id"));
    ASSIGN_OR_RETURN(layout_.stratum, Find(header, "stratum"));
    ASSIGN_OR_RETURN(layout_.n11, Find(header, "n11"));
    ASSIGN_OR_RETURN(const std::optional<size_t> product, Find(header, "product"));
    ASSIGN_OR_RETURN(const std::optional<size_t> event, Find(header, "event"));
    if (!product || !event || (!layout_.case_id && !layout_.n11)) {
      return absl::InvalidArgumentError(
          absl::StrCat(options_.path, ": the header must have case_id, product, event or product, event, n11",
                       "; --columns case_id=...,product=...,event=... maps other names"));
    }
    layout_.product = *product;
    layout_.event = *event;
    return absl::OkStatus();
  }

  absl::Status Take(const DelimitedRow& row) {
    if (!row.problem.empty()) return absl::InvalidArgumentError(ToAbsl(row.problem));
    if (row.fields.size() != layout_.columns) {
      return absl::InvalidArgumentError(
          absl::StrCat(row.fields.size(), " fields where the header has ", layout_.columns));
    }
    const std::string_view product = row.fields[layout_.product];
    const std::string_view event = row.fields[layout_.event];
    if (layout_.case_id) {
      const std::string_view stratum = layout_.stratum ? row.fields[*layout_.stratum] : std::string_view();
      return cases_->Add({row.fields[*layout_.case_id], product, event, stratum});
    }
    const std::string_view text = row.fields[*layout_.n11];
    int64_t n11 = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n11);
    if (error != std::errc() || end != text.data() + text.size()) {
      return absl::InvalidArgumentError("n11 is not a whole number");
    }
    return counts_.Add(product, event, n11);
  }

  absl::Status Reject(uint64_t line, const absl::Status& reason) {
    const std::string where = absl::StrCat(options_.path, ":", line, ": ", reason.message());
    if (options_.report_bad) options_.report_bad(where);
    if (++input_.rejected <= options_.rejected_max) return absl::OkStatus();
    return absl::OutOfRangeError(
        absl::StrCat(where, " (", input_.rejected, " bad rows, ", options_.rejected_max, " allowed)"));
  }

  const PairInputOptions& options_;
  Layout layout_;
  PairInput input_;
  std::optional<stats::CaseRows> cases_;
  stats::CountRows counts_;
};

// Rows into a file, or to standard output. One owner.
class RowWriter {
 public:
  explicit RowWriter(std::string path) : path_(std::move(path)), part_(path_ + ".part") {}
  ~RowWriter() {
    if (file_ == nullptr || file_ == stdout) return;
    std::fclose(file_);
    unlink(part_.c_str());
  }
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  absl::Status Open() {
    file_ = path_ == "-" ? stdout : std::fopen(part_.c_str(), "wb");
    return file_ == nullptr ? Failed() : absl::OkStatus();
  }

  void Text(std::string_view text) {
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
  }

  template <typename Number>
  void Digits(Number value) {
    const size_t begin = bytes_.size();
    bytes_.resize(begin + kNumberBytesMax);
    char* const at = bytes_.data() + begin;
    bytes_.resize(begin + static_cast<size_t>(std::to_chars(at, at + kNumberBytesMax, value).ptr - at));
    bytes_.push_back(',');
  }
  void Count(int64_t value) { Digits(value); }
  void Figure(double value) {
    if (std::isfinite(value)) {
      Digits(value);
    } else {
      bytes_.append(std::isnan(value) ? "NA," : value > 0 ? "Inf," : "-Inf,");
    }
  }
  void Raw(std::string_view text) { bytes_.append(text); }

  absl::Status EndRow() {
    bytes_.back() = '\n';
    return bytes_.size() < kFlushBytes ? absl::OkStatus() : Flush();
  }

  absl::Status Close() {
    RETURN_IF_ERROR(Flush());
    if (file_ == stdout) return std::fflush(stdout) == 0 ? absl::OkStatus() : Failed();
    FILE* const file = std::exchange(file_, nullptr);
    const bool whole = std::fclose(file) == 0;
    if (whole && std::rename(part_.c_str(), path_.c_str()) == 0) return absl::OkStatus();
    absl::Status failed = Failed();
    unlink(part_.c_str());
    return failed;
  }

 private:
  absl::Status Flush() {
    const bool whole = std::fwrite(bytes_.data(), 1, bytes_.size(), file_) == bytes_.size();
    bytes_.clear();
    return whole ? absl::OkStatus() : Failed();
  }
  absl::Status Failed() const { return absl::UnavailableError(absl::StrCat(path_, ": ", std::strerror(errno))); }

  const std::string path_;
  const std::string part_;
  FILE* file_ = nullptr;
  std::string bytes_;
};

void WriteInterval(const stats::Interval& interval, RowWriter* writer) {
  writer->Figure(interval.value);
  writer->Figure(interval.low);
  writer->Figure(interval.high);
}

// The columns behind product and event, in the order of kHeader.
void WriteFigures(const stats::Figures& figures, RowWriter* writer) {
  writer->Count(figures.table.n11);
  writer->Count(figures.table.n1_);
  writer->Count(figures.table.n_1);
  writer->Count(figures.table.n);
  writer->Figure(figures.expected);
  WriteInterval(figures.prr, writer);
  writer->Figure(figures.chi_square.plain);
  writer->Figure(figures.chi_square.yates);
  WriteInterval(figures.ror, writer);
  writer->Figure(figures.yule_q.value);
  writer->Figure(figures.yule_q.low);
  writer->Figure(figures.ic.value);
  writer->Figure(figures.ic.low);
  writer->Figure(figures.bcpnn.value);
  writer->Figure(figures.bcpnn.low);
  writer->Figure(figures.empirical_bayes.ebgm);
  writer->Figure(figures.empirical_bayes.eb05);
  writer->Figure(figures.empirical_bayes.eb95);
  writer->Count(figures.evans);
  writer->Count(figures.evans_yates);
}

}  // namespace

absl::StatusOr<PairInput> ReadPairs(const PairInputOptions& options) { return PairReader(options).Read(); }

absl::StatusOr<uint64_t> WritePairs(const stats::PairCounts& counts, stats::FigureCalculator& calculator,
                                    int64_t n11_min, const std::string& path) {
  RowWriter writer(path);
  RETURN_IF_ERROR(writer.Open());
  writer.Raw(kHeader);
  uint64_t written = 0;
  for (size_t i = 0; i < counts.pairs.size(); ++i) {
    const stats::PairCount& pair = counts.pairs[i];
    if (pair.n11 < n11_min) continue;
    writer.Text(counts.products[pair.product]);
    writer.Text(counts.events[pair.event]);
    WriteFigures(calculator.Of(counts.Table(pair), counts.Expected(i)), &writer);
    RETURN_IF_ERROR(writer.EndRow());
    ++written;
  }
  RETURN_IF_ERROR(writer.Close());
  return written;
}

}  // namespace zaojing
