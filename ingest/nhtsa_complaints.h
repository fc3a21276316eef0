// NHTSA's vehicle complaints (CSV of the Office of Defects Investigation) → complaint events.
//
//   event_id       MakeId("nhtsa", cmplid, "1")
//   source         nhtsa-odi
//   received_at    received_date, 00:00 UTC+8: when it was learnt
//   occurred_at    fail_date, 00:00 UTC+8; kept even when it lies after received_date, for it is only a value; empty = 0
//   case_number    cmplid
//   version        1
//   problem        component_failure_bin, spaces trimmed and collapsed
//   kind           DEFECT_CLUE
//   region         state, the feed's own name
//   maker, model, injured, deaths, fire, crash, text: make, model, injured, deaths, fire, crash, description
//
// Rows are read in any order and come out by received_date, then cmplid as a number. All rows are in memory
// at once: the largest such file of record is two million rows.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "zaojing/v1/complaint.pb.h"

namespace zaojing {

struct RejectedRow {
  uint64_t line = 0;
  std::string reason;  // names the column and the rule; never quotes the content
};

struct ImportedComplaints {
  std::vector<v1::Complaint> complaints;  // sorted
  std::vector<RejectedRow> rejected;      // in order of the file
  uint64_t rows = 0;                      // without the header
  int64_t first_received = 0;             // microseconds UTC; 0 when there is none
  int64_t last_received = 0;
};

// `progress` is called after each row with the rows and bytes read so far. kInvalidArgument: columns are
// missing (all of them are named); kDataLoss: the CSV is broken at a line. A row that is no complaint is
// counted in `rejected`.
absl::StatusOr<ImportedComplaints> ReadNhtsaComplaints(
    std::istream& input, const std::string& name,
    const std::function<void(uint64_t rows, uint64_t bytes)>& progress = {});

}  // namespace zaojing
