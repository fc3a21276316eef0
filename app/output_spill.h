// Outputs of one task on their way to the files: appended in emission order to a temporary file, read back once for the
// merge. Keeps memory flat whatever the history's size. One thread at a time.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sinks/output_record.h"

namespace zaojing {

class OutputSpill {
 public:
  // kFailedPrecondition: no temporary file can be made in `directory`.
  static absl::StatusOr<std::unique_ptr<OutputSpill>> Create(const std::string& directory);
  ~OutputSpill();

  absl::Status Append(const OutputRecord& record);
  // Ends the appending; Next() then gives the records from the first on, false at the end.
  absl::Status Rewind();
  absl::StatusOr<bool> Next(OutputRecord* record);
  uint64_t appended() const { return appended_; }

 private:
  explicit OutputSpill(std::FILE* file) : file_(file) {}
  absl::Status Write(const void* bytes, size_t size);

  std::FILE* const file_;  // unlinked at once: gone with the process
  uint64_t appended_ = 0;
};

}  // namespace zaojing
