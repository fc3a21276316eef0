// Bytes of a file, one after the other: the only thing a parser of files needs to know about where they come
// from.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace zaojing {

// One owner, one thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills at most `size` > 0 bytes; 0 at the end, and at every call after it. kDataLoss: unreadable, or cut
  // short.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;
};

// Opens a file, or standard input for "-". gzip is recognised by its first bytes, whatever the name.
// kNotFound: the file cannot be opened.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(const std::string& path);

}  // namespace zaojing
