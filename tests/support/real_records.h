// Where the real records lie that some tests run on: $ZAOJING_DATA, else ../shared/data beside the
// repository. They are not part of the repository; a test without them skips itself.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace zaojing {

// Path of a file below the directory; empty when it is not there. ZAOJING_SOURCE_DIR is set by ctest.
inline std::string RealRecords(std::string_view file) {
  const char* named = std::getenv("ZAOJING_DATA");
  const char* source = std::getenv("ZAOJING_SOURCE_DIR");
  const std::filesystem::path root(source == nullptr ? "." : source);
  std::filesystem::path path(named == nullptr ? "../shared/data" : named);
  if (path.is_relative()) path = root / path;
  path /= file;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

}  // namespace zaojing
