#include "ingest/parse.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>

#include "proto/limits.h"
#include "proto/utf8.h"

namespace zaojing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;
using google::protobuf::io::CodedInputStream;

bool ParseBounded(std::string_view bytes, google::protobuf::Message* message) {
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  input.SetRecursionLimit(limits::kNestingDepthMax);
  message->Clear();
  // A stray end-group tag ends the parse early and well; only the second check sees it.
  return message->MergePartialFromCodedStream(&input) && input.ConsumedEntireMessage();
}

// First string field that is not UTF-8, in field order of the wire; nullptr if there is none, or if the wire
// format itself is broken. Repeats the parse without types, so it runs only after a failed one.
const FieldDescriptor* FindBadUtf8(std::string_view bytes, const Descriptor& type, int depth_left) {
  if (depth_left == 0) return nullptr;
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  input.SetRecursionLimit(depth_left);
  UnknownFieldSet fields;
  if (!fields.MergeFromCodedStream(&input)) return nullptr;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    const FieldDescriptor* described = type.FindFieldByNumber(field.number());
    if (described == nullptr || field.type() != UnknownField::TYPE_LENGTH_DELIMITED) continue;
    const std::string& value = field.length_delimited();
    if (described->type() == FieldDescriptor::TYPE_STRING && !IsUtf8(value)) return described;
    if (described->type() != FieldDescriptor::TYPE_MESSAGE) continue;
    if (const auto* inner = FindBadUtf8(value, *described->message_type(), depth_left - 1)) return inner;
  }
  return nullptr;
}

Rejection WhyUnparsable(std::string_view bytes, const Descriptor& type) {
  if (const FieldDescriptor* field = FindBadUtf8(bytes, type, limits::kNestingDepthMax)) {
    return {v1::DEAD_LETTER_REASON_BAD_UTF8, field->name() + ": not UTF-8"};
  }
  return {v1::DEAD_LETTER_REASON_UNPARSABLE,
          "value: not a " + type.full_name() + ", or nested deeper than " + std::to_string(limits::kNestingDepthMax)};
}

}  // namespace

// Only an actively held silencer works, and it must outlive every parse, so it is never destroyed; in static memory, so
// that it is no leak.
void SilenceParser() {
  using google::protobuf::LogSilencer;
  alignas(LogSilencer) static std::byte place[sizeof(LogSilencer)];
  [[maybe_unused]] static const auto* const silencer = new (place) LogSilencer;
}

DecodeResult ParseRecord(const Record& record, google::protobuf::Message* message) {
  if (record.value.size() > limits::kRecordBytesMax) {
    return Rejection{v1::DEAD_LETTER_REASON_OVERSIZED,
                     "value: over " + std::to_string(limits::kRecordBytesMax) + " bytes"};
  }
  if (record.key.size() > limits::kKeyBytesMax) {
    return Rejection{v1::DEAD_LETTER_REASON_OVERSIZED, "key: over " + std::to_string(limits::kKeyBytesMax) + " bytes"};
  }
  if (record.tombstone) {
    return Rejection{v1::DEAD_LETTER_REASON_MISSING_FIELD, "value: null, and this topic knows no deletes"};
  }
  SilenceParser();
  if (ParseBounded(record.value, message)) return std::nullopt;
  return WhyUnparsable(record.value, *message->GetDescriptor());
}

}  // namespace zaojing
