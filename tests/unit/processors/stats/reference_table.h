// Reads the reference files of ZAOJING_DATA: small tables separated by commas or blanks, first line names the
// columns.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace zaojing::stats {

inline std::string ReferencePath(const std::string& file) {
  const char* root = std::getenv("ZAOJING_DATA");
  return (root != nullptr ? std::string(root) : std::string(ZAOJING_SOURCE_DIR "/../shared/data")) + "/" + file;
}

class ReferenceTable {
 public:
  explicit ReferenceTable(const std::string& file) {
    std::ifstream in(ReferencePath(file));
    std::string line;
    while (std::getline(in, line)) {
      std::vector<std::string> cells = Split(line);
      if (cells.empty()) continue;
      if (names_.empty()) {
        names_ = cells;
      } else {
        for (size_t i = 0; i < names_.size(); ++i) columns_[names_[i]].push_back(i < cells.size() ? cells[i] : "");
        ++rows_;
      }
    }
  }
  bool found() const { return rows_ > 0; }
  size_t rows() const { return rows_; }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::string>& Text(const std::string& column) const { return columns_.at(column); }
  // NaN for an empty cell, NA or words.
  std::vector<double> Numbers(const std::string& column) const {
    std::vector<double> numbers;
    for (const std::string& cell : columns_.at(column)) {
      char* end = nullptr;
      const double value = std::strtod(cell.c_str(), &end);
      numbers.push_back(end != cell.c_str() ? value : std::numeric_limits<double>::quiet_NaN());
    }
    return numbers;
  }
  std::vector<int64_t> Counts(const std::string& column) const {
    std::vector<int64_t> counts;
    for (const double value : Numbers(column)) counts.push_back(static_cast<int64_t>(value));
    return counts;
  }

 private:
  static std::vector<std::string> Split(const std::string& line) {
    const bool commas = line.find(',') != std::string::npos;
    std::vector<std::string> cells;
    std::string cell;
    for (const char c : line) {
      if (c == '"' || c == '\r') continue;
      const bool end = commas ? c == ',' : c == ' ' || c == '\t';
      if (!end) {
        cell += c;
      } else if (commas || !cell.empty()) {
        cells.push_back(cell);
        cell.clear();
      }
    }
    if (!cell.empty() || (commas && !line.empty())) cells.push_back(cell);
    return cells;
  }

  std::vector<std::string> names_;
  std::map<std::string, std::vector<std::string>> columns_;
  size_t rows_ = 0;
};

// True when the two agree to `relative`, or are both undefined, or both the same infinity.
inline bool Agree(double ours, double theirs, double relative) {
  if (std::isnan(ours) || std::isnan(theirs)) return std::isnan(ours) && std::isnan(theirs);
  if (ours == theirs) return true;
  return std::fabs(ours - theirs) <= relative * std::fmax(std::fabs(theirs), 1e-9);
}

}  // namespace zaojing::stats
