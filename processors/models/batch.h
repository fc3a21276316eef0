// Batch numbers (批号) as people print them: compared without case, width, spaces and the signs between their parts, so
// "2024-01-15", "20240115" and "２０２４.０１.１５" are one batch. Order: run by run of digits (as numbers) and of letters.
//
// In a range the signs count, for they tell where a number ends: A2-1 comes after A1-20, though A21 does not come after
// A120. Where batch and bounds have the same runs they are compared so; else without the signs, and then only numbers of
// one width ("20240115" beside "2024-01-31", not beside "2024-1-31"). What is in another form than the bounds is neither
// inside nor outside:
//
//   numbers of two widths, of which one has four digits or more: 240115 beside 20240131 is a day of another form, and of
//   20240115001 the end is a serial number. But not where the bounds have two widths themselves, as counters have (7 to
//   5000).
//   letters of two lengths, other signs than letters, or letters beside digits. But where both bounds have the same
//   letters they are of one series, and what has others is of another one: outside.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zaojing {

// The form batches are kept in: capital letters and digits, "-" between the parts; empty = nothing is left.
std::string NormalBatch(std::string_view batch);

// Whether two are one batch. Both from NormalBatch.
bool SameBatch(std::string_view a, std::string_view b);

enum class BatchPlace : uint8_t {
  kInside,
  kOutside,
  kUnknown,  // the batch is written in another form than the bounds: which comes first cannot be said
};

// Whether a batch lies in [from, to]; an empty bound is open. All three from NormalBatch. REQUIRES !batch.empty().
BatchPlace PlaceBatch(std::string_view batch, std::string_view from, std::string_view to);

}  // namespace zaojing
