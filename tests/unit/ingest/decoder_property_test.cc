// Goal: no bytes whatever crash a decoder, and the same bytes always have the same answer.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "ingest/decoder.h"
#include "ingest/lookup_view.h"
#include "proto/limits.h"
#include "proto/utf8.h"
#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

// Sets bytes, cuts, inserts and repeats: what broken writers and disks do.
std::string Mutated(std::string bytes) {
  const int changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<size_t>(0, bytes.size() + 1);
    const auto byte = static_cast<char>(*rc::gen::inRange(0, 256));
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        if (at < bytes.size()) bytes[at] = byte;
        break;
      case 1:
        bytes.insert(at, 1, byte);
        break;
      case 2:
        bytes.erase(at, 1);
        break;
      default:
        bytes += bytes.substr(at);
    }
  }
  return bytes;
}

// The generated parser is the truth: what it refuses is unparsable, what it reads is what the decoder must
// have read.
template <typename Event>
void CheckAgainstTheParser(const std::string& bytes, const DecodeResult& result, const Event& decoded) {
  Event parsed;
  const bool parses = parsed.ParseFromString(bytes);
  const bool refused = result.has_value() && (result->reason == v1::DEAD_LETTER_REASON_UNPARSABLE ||
                                              result->reason == v1::DEAD_LETTER_REASON_BAD_UTF8);
  RC_ASSERT(parses == !refused);
  if (parses) RC_ASSERT(parsed.SerializeAsString() == decoded.SerializeAsString());
}

template <typename Event>
void CheckMutations(const Event& sample) {
  const std::string key = samples::KeyOf(sample);
  const std::string bytes = Mutated(sample.SerializeAsString());
  Record record;
  record.key = key;
  record.value = bytes;
  Event fresh;
  Event reused = sample;
  const DecodeResult first = Decode(record, &fresh);
  const DecodeResult second = Decode(record, &reused);
  RC_ASSERT(first.has_value() == second.has_value());
  if (first.has_value()) {
    RC_ASSERT(first->reason == second->reason);
    RC_ASSERT(first->detail == second->detail);
    RC_ASSERT(first->reason != v1::DEAD_LETTER_REASON_UNSPECIFIED);
    RC_ASSERT(IsUtf8(first->detail) && first->detail.size() <= limits::kDeadLetterDetailBytesMax);
  } else {
    RC_ASSERT(fresh.SerializeAsString() == reused.SerializeAsString());
  }
  CheckAgainstTheParser(bytes, first, fresh);
}

RC_GTEST_PROP(DecoderProperty, LookupsSurviveMutation, ()) { CheckMutations(samples::Lookup()); }
// Views and messages are read by different code.
RC_GTEST_PROP(DecoderProperty, LookupsAreViewedAsTheyAreRead, ()) {
  const std::string key = samples::KeyOf(samples::Lookup());
  const std::string bytes = Mutated(samples::Lookup().SerializeAsString());
  Record record;
  record.key = key;
  record.value = bytes;
  v1::Lookup message;
  v1::Lookup scratch;
  LookupView view;
  const DecodeResult read = Decode(record, &message);
  const DecodeResult viewed = DecodeView(record, &scratch, &view);
  RC_ASSERT(read.has_value() == viewed.has_value());
  if (read.has_value()) {
    RC_ASSERT(read->reason == viewed->reason && read->detail == viewed->detail);
  } else {
    RC_ASSERT(view == ViewOf(message));
  }
}
RC_GTEST_PROP(DecoderProperty, CertificatesSurviveMutation, ()) { CheckMutations(samples::Certificate()); }
RC_GTEST_PROP(DecoderProperty, ControlSurvivesMutation, ()) { CheckMutations(samples::Rules()); }
RC_GTEST_PROP(DecoderProperty, ComplaintsSurviveMutation, ()) { CheckMutations(samples::Complaint()); }
RC_GTEST_PROP(DecoderProperty, SignalsSurviveMutation, ()) { CheckMutations(samples::Signal()); }
RC_GTEST_PROP(DecoderProperty, TicksSurviveMutation, ()) { CheckMutations(samples::Tick()); }

// Whatever the bytes, our UTF-8 rule and the parser's must be one: or a bad string would be told as
// UNPARSABLE.
RC_GTEST_PROP(DecoderProperty, Utf8AgreesWithTheParser, (const std::string& text)) {
  const std::string value = Mutated(text + "早警\U0001F6A8");
  std::string bytes("\x0a");
  RC_PRE(value.size() < 128);
  bytes.push_back(static_cast<char>(value.size()));
  bytes += value;
  v1::Tick tick;
  RC_ASSERT(tick.ParseFromString(bytes) == IsUtf8(value));
}

}  // namespace
}  // namespace zaojing
