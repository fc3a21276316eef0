#include "ingest/envelope.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "proto/limits.h"

namespace zaojing {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

int64_t PeekReceivedAt(std::string_view value) {
  constexpr int kReceivedAt = 5;
  CodedInputStream in(reinterpret_cast<const uint8_t*>(value.data()), static_cast<int>(value.size()));
  while (const uint32_t tag = in.ReadTagNoLastTag()) {
    if (tag == WireFormatLite::MakeTag(kReceivedAt, WireFormatLite::WIRETYPE_VARINT)) {
      uint64_t raw;
      if (!in.ReadVarint64(&raw)) return 0;
      const auto received_at = static_cast<int64_t>(raw);
      return received_at > limits::kTimeMin && received_at < limits::kTimeMax ? received_at : 0;
    }
    if (!WireFormatLite::SkipField(&in, tag)) return 0;
  }
  return 0;
}

std::string_view PeekText(std::string_view value, int field) {
  const uint32_t wanted = WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  CodedInputStream in(reinterpret_cast<const uint8_t*>(value.data()), static_cast<int>(value.size()));
  while (const uint32_t tag = in.ReadTagNoLastTag()) {
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&in, tag)) break;
      continue;
    }
    uint32_t length;
    if (!in.ReadVarint32(&length)) break;
    return value.substr(static_cast<size_t>(in.CurrentPosition()), length);
  }
  return {};
}

}  // namespace zaojing
