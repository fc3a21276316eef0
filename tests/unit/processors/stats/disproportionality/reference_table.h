// A reference file in memory: columns by name, cells as text. For tests.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace zaojing {

// Path of a file of the reference data: below $ZAOJING_DATA, default ../shared/data beside the repository.
std::string ReferencePath(const std::string& file);

class ReferenceTable {
 public:
  // Aborts the test program when the file is there but cannot be read: a broken reference must not pass for a
  // missing one.
  static ReferenceTable Load(const std::string& file);

  size_t rows() const { return rows_.size(); }
  const std::string& Text(size_t row, const std::string& column) const;
  // "Inf" and "NA" included. Aborts on anything else that is not a number.
  double Number(size_t row, const std::string& column) const;
  bool Has(const std::string& column) const { return columns_.contains(column); }
  std::vector<std::string> Columns() const;

 private:
  std::map<std::string, size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace zaojing
