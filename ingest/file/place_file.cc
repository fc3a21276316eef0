#include "ingest/file/place_file.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <string_view>

#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

// A key in base64 with every byte of it escaped is far below this.
constexpr size_t kLineBytesMax = 16 * limits::kKeyBytesMax;

}  // namespace

absl::StatusOr<const v1::RecordPlace*> PlaceFile::Next() {
  RETURN_IF_ERROR(window_.Ensure(kLineBytesMax));
  const std::string_view visible = window_.visible().substr(0, kLineBytesMax);
  if (visible.empty()) return nullptr;
  ++line_;
  const size_t newline = visible.find('\n');
  const size_t size = std::min(newline, visible.size());
  const bool whole = newline != visible.npos || window_.ended();
  place_.Clear();
  if (!whole || !google::protobuf::util::JsonStringToMessage({visible.data(), size}, &place_).ok()) {
    return absl::DataLossError(path_ + ": line " + std::to_string(line_) + " is not the place of a record");
  }
  window_.Consume(std::min(size + 1, visible.size()));
  return &place_;
}

}  // namespace zaojing
