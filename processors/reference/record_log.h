// Where the registry copy is kept: entries of bytes, numbered from 0 without a gap, in the order they were appended.
// Implementations: RocksDB (processors/reference/rocksdb/), tests. One owner thread.
//
// What was appended survives a crash after Flush, or when the log saw fit to write it; always as a beginning of the
// sequence: an entry is there only if all before it are. So a crash leaves a log behind, never one with a hole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing {

class RecordLog {
 public:
  virtual ~RecordLog() = default;

  // Effect: *bytes is the entry. False: there is none of this number. kDataLoss: a checksum fails, or files are missing.
  virtual absl::StatusOr<bool> Read(uint64_t number, std::string* bytes) = 0;
  // REQUIRES: the entry before it was appended. kFailedPrecondition: it cannot be written (disk full, no rights).
  virtual absl::Status Append(uint64_t number, std::string_view bytes) = 0;
  // Effect: everything appended so far survives a crash.
  virtual absl::Status Flush() = 0;
  // Effect: empty, as a new one.
  virtual absl::Status Wipe() = 0;
};

}  // namespace zaojing
