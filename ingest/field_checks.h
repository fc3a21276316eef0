// The rules of single fields, and which of several faults is told. Fast when all is well: a good record costs
// comparisons and no allocation. Pure; lives for one record; not for sharing.
//
// Checks may be called in any order; the fault told is the one whose reason comes first in MISSING_FIELD,
// BAD_ENUM, BAD_VALUE, KEY_MISMATCH, FUTURE_TIME, and among equals the one found first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/record.h"
#include "proto/limits.h"

namespace zaojing {

class FieldChecks {
 public:
  // Names passed as `field` and `rule` must outlive this object: pass literals.
  void Missing(std::string_view field) { Fault(v1::DEAD_LETTER_REASON_MISSING_FIELD, field, "required"); }
  void BadEnum(std::string_view field) { Fault(v1::DEAD_LETTER_REASON_BAD_ENUM, field, "unspecified or unknown code"); }
  void BadValue(std::string_view field, std::string_view rule) { Fault(v1::DEAD_LETTER_REASON_BAD_VALUE, field, rule); }

  void Require(bool present, std::string_view field) {
    if (!present) [[unlikely]]
      Missing(field);
  }
  // `known` is <Enum>_IsValid(value); proto3 keeps numbers it does not know.
  void Code(int value, bool known, std::string_view field) {
    if (value == 0 || !known) [[unlikely]]
      BadEnum(field);
  }
  // As Code, but unspecified is a value of its own.
  void OptionalCode(bool known, std::string_view field) {
    if (!known) [[unlikely]]
      BadEnum(field);
  }
  // A name others refer to: bounded, and without control characters other than tab and newline. May be empty.
  void Id(std::string_view id, std::string_view field) {
    if (id.size() > limits::kIdBytesMax) [[unlikely]]
      BadValue(field, "over 128 bytes");
    if (HasControlCharacter(id)) [[unlikely]]
      BadValue(field, "holds a control character");
  }
  void RequiredId(std::string_view id, std::string_view field) {
    Require(!id.empty(), field);
    Id(id, field);
  }
  // Free in content, bounded in size. May be empty.
  void Text(std::string_view text, size_t bytes_max, std::string_view field) {
    if (text.size() > bytes_max) [[unlikely]]
      BadValue(field, "longer than its limit");
  }
  // Microseconds UTC; 0 = unknown, which is in range.
  void Time(int64_t time, std::string_view field) {
    if (!InRange(time)) [[unlikely]]
      BadValue(field, "not in 1900-2100");
  }
  void RequiredTime(int64_t time, std::string_view field) {
    Require(time != 0, field);
    Time(time, field);
  }
  void Key(bool matches, std::string_view rule) {
    if (!matches) [[unlikely]]
      Fault(v1::DEAD_LETTER_REASON_KEY_MISMATCH, "key", rule);
  }

  // Fields 1-5, which every event has, and the check of received_at against the record's own timestamp.
  // occurred_at is only a value (no order hangs on it), so it may be unknown in every message.
  struct Fields {
    std::string_view event_id;
    std::string_view source;
    uint32_t schema_version;
    int64_t occurred_at;
    int64_t received_at;
  };
  void Envelope(const Record& record, const Fields& fields) {
    RequiredId(fields.event_id, "event_id");
    Id(fields.source, "source");
    Require(fields.schema_version != 0, "schema_version");
    if (fields.schema_version > kSchemaVersion) [[unlikely]]
      BadValue("schema_version", "unknown");
    Time(fields.occurred_at, "occurred_at");
    RequiredTime(fields.received_at, "received_at");
    const bool future = record.timestamp != kNoTimestamp && InRange(fields.received_at) &&
                        fields.received_at - limits::kFutureMax > record.timestamp;
    if (future) [[unlikely]] {
      Fault(v1::DEAD_LETTER_REASON_FUTURE_TIME, "received_at", "over 5 minutes after the record's timestamp");
    }
  }
  template <typename Event>
  void EnvelopeOf(const Record& record, const Event& event) {
    Envelope(record,
             {event.event_id(), event.source(), event.schema_version(), event.occurred_at(), event.received_at()});
  }

  // The verdict over all checks made.
  DecodeResult Result() const {
    if (rank_ == kNoFault) [[likely]]
      return std::nullopt;
    return Rejection{reason_, std::string(field_).append(": ").append(rule_)};
  }

  static bool HasControlCharacter(std::string_view text);

 private:
  static constexpr uint32_t kSchemaVersion = 1;
  static constexpr int kNoFault = 100;

  static constexpr bool InRange(int64_t time) { return time >= limits::kTimeMin && time <= limits::kTimeMax; }
  void Fault(v1::DeadLetterReason reason, std::string_view field, std::string_view rule);

  int rank_ = kNoFault;
  v1::DeadLetterReason reason_ = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  std::string_view field_;
  std::string_view rule_;
};

static_assert(limits::kIdBytesMax == 128, "the texts above name it");

}  // namespace zaojing
