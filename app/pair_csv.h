// The files of `analyze disproportionality`: reports or counts in, pairs with their figures out.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "processors/stats/disproportionality/figures.h"
#include "processors/stats/disproportionality/pair_counts.h"

namespace zaojing {

struct PairInputOptions {
  std::string path;                            // "-": standard input
  std::map<std::string, std::string> columns;  // our name -> the file's; a name not here is the file's own
  uint64_t rejected_max = 0;
  std::function<void(uint64_t rows)> progress;         // after every kProgressRows rows
  std::function<void(const std::string&)> report_bad;  // "<path>:<line>: <reason>", for each bad row
};

inline constexpr uint64_t kProgressRows = 1'000'000;

struct PairInput {
  stats::PairCounts counts;
  uint64_t rows = 0;      // good ones
  uint64_t rejected = 0;  // bad ones
  bool of_cases = false;  // case_id,product,event[,stratum] rather than product,event,n11
  bool stratified = false;
};

// Reads a file with a header line: rows of cases when it has a case_id column, else rows of counts; other
// columns are passed over. kInvalidArgument: the header lacks a column. kOutOfRange: more than rejected_max
// bad rows. kNotFound, kDataLoss: the file cannot be opened, or read to its end.
absl::StatusOr<PairInput> ReadPairs(const PairInputOptions& options);

// Writes the pairs with n11 >= `n11_min` with all figures, sorted by product, event, under the fixed header.
// Counts are integers, figures the shortest decimal that reads back to the same double; "Inf" and "NA" as R
// writes them. The file appears whole under its name, or not at all. Returns the rows written. kUnavailable:
// it cannot be written.
absl::StatusOr<uint64_t> WritePairs(const stats::PairCounts& counts, stats::FigureCalculator& calculator,
                                    int64_t n11_min, const std::string& path);

}  // namespace zaojing
