#include "ingest/envelope.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include "proto/limits.h"

namespace zaojing {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

namespace {

// Steps behind the first tag that is `wanted`; false when there is none before the bytes end or break.
bool StepTo(uint32_t wanted, CodedInputStream* in) {
  while (const uint32_t tag = in->ReadTagNoLastTag()) {
    if (tag == wanted) return true;
    if (!WireFormatLite::SkipField(in, tag)) return false;
  }
  return false;
}

}  // namespace

int64_t PeekReceivedAt(std::string_view value) {
  constexpr int kReceivedAt = 5;
  CodedInputStream in(reinterpret_cast<const uint8_t*>(value.data()), static_cast<int>(value.size()));
  uint64_t raw;
  if (!StepTo(WireFormatLite::MakeTag(kReceivedAt, WireFormatLite::WIRETYPE_VARINT), &in) || !in.ReadVarint64(&raw)) {
    return 0;
  }
  const auto received_at = static_cast<int64_t>(raw);
  return received_at > limits::kTimeMin && received_at < limits::kTimeMax ? received_at : 0;
}

}  // namespace zaojing
