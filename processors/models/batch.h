// Batch numbers (批号) as people print them: compared without case, width, spaces and the signs between their parts, so
// "2024-01-15", "20240115" and "２０２４.０１.１５" are one batch. Order: run by run of digits (as numbers) and of letters.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zaojing {

// The form batches are compared in; empty = nothing is left.
std::string NormalBatch(std::string_view batch);

enum class BatchPlace : uint8_t {
  kInside,
  kOutside,
  kUnknown,  // the batch is written in another form than the bounds: which comes first cannot be said
};

// Whether a batch lies in [from, to]; an empty bound is open. All three from NormalBatch. REQUIRES !batch.empty().
BatchPlace PlaceBatch(std::string_view batch, std::string_view from, std::string_view to);

}  // namespace zaojing
