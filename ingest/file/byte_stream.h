// The bytes of a file from front to back, plain or zstd-compressed (names that end in .zst). Used on one
// thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace zaojing {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Reads up to `capacity` > 0 bytes into `buffer`; 0 = end. kDataLoss: the compressed bytes are broken or
  // end early; kFailedPrecondition: the file cannot be read. Both name the path.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t capacity) = 0;
  // Which part of the file has been read, from 0 to 1; 0 where its size is not known (a pipe).
  virtual double share_read() const { return 0; }

  // kNotFound when there is no such file, kFailedPrecondition when it cannot be opened.
  static absl::StatusOr<std::unique_ptr<ByteStream>> Open(const std::string& path);
};

}  // namespace zaojing
