// What is wrong with a textproto, one line a finding: "file:line:column: what". Collects the parser's errors and those
// of the checks that follow it, so that everything wrong is named at once. One thread.
#pragma once

#include <google/protobuf/io/tokenizer.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace zaojing {

class TextFindings final : public google::protobuf::io::ErrorCollector {
 public:
  explicit TextFindings(std::string file) : file_(std::move(file)) {}

  // The parser counts from 0, people from 1; a place that is not known (negative) is the file's beginning.
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    absl::StrAppend(&lines_, lines_.empty() ? "" : "\n", file_, ":", std::max(line, 0) + 1, ":",
                    std::max(column, 0) + 1, ": ", message);
  }
  bool empty() const { return lines_.empty(); }
  // kInvalidArgument with the lines. REQUIRES !empty().
  absl::Status ToStatus() const { return absl::InvalidArgumentError(lines_); }

 private:
  const std::string file_;
  std::string lines_;
};

}  // namespace zaojing
