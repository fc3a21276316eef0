#include "tests/unit/processors/stats/disproportionality/reference_table.h"

#include <cstdlib>
#include <limits>

#include "ingest/delimited.h"
#include "proto/check.h"

namespace zaojing {

std::string ReferencePath(const std::string& file) {
  const char* const root = std::getenv("ZAOJING_DATA");
  return std::string(root == nullptr ? ZAOJING_SOURCE_DIR "/../shared/data" : root) + "/" + file;
}

ReferenceTable ReferenceTable::Load(const std::string& file) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenBytes(ReferencePath(file));
  ZAOJING_CHECK(source.ok());
  DelimitedReader reader(**source);
  DelimitedRow row;
  ReferenceTable table;
  ZAOJING_CHECK(reader.Next(&row).value());
  for (size_t i = 0; i < row.fields.size(); ++i) table.columns_[std::string(row.fields[i])] = i;
  while (reader.Next(&row).value()) {
    ZAOJING_CHECK(row.problem.empty() && row.fields.size() == table.columns_.size());
    table.rows_.emplace_back(row.fields.begin(), row.fields.end());
  }
  return table;
}

const std::string& ReferenceTable::Text(size_t row, const std::string& column) const {
  return rows_[row][columns_.at(column)];
}

double ReferenceTable::Number(size_t row, const std::string& column) const {
  const std::string& text = Text(row, column);
  if (text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "NA") return std::numeric_limits<double>::quiet_NaN();
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  ZAOJING_CHECK(!text.empty() && *end == '\0');
  return value;
}

std::vector<std::string> ReferenceTable::Columns() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : columns_) names.push_back(name);
  return names;
}

}  // namespace zaojing
