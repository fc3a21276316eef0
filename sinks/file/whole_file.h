// A file that appears whole or not at all: written as <path>.part, renamed at Close(). Plain or zstd by its
// name. One thread. Dropped without Close(), it removes the part.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace zaojing {

class WholeFile {
 public:
  virtual ~WholeFile() = default;

  // kFailedPrecondition from any call: cannot be written; path and cause (disk full, rights) are in the
  // message. The file is then void: drop it.
  virtual absl::Status Append(std::string_view bytes) = 0;
  // Effect: on disk under its name. REQUIRES that no call failed, and no call afterwards.
  virtual absl::Status Close() = 0;

  static absl::StatusOr<std::unique_ptr<WholeFile>> Create(const std::string& path);
};

}  // namespace zaojing
