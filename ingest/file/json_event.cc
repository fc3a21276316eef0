#include "ingest/file/json_event.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cctype>

#include "proto/topic_message.h"
#include "proto/utf8.h"

namespace zaojing {
namespace {

constexpr size_t kNameBytesShown = 80;

// The field path a parser message begins with, if it looks like one: it may come from the input.
std::string FieldPath(std::string_view message, std::string_view until) {
  const std::string_view path = message.substr(0, std::min(message.find(until), message.size()));
  const auto harmless = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_.[]() ").find(c) != std::string_view::npos;
  };
  const bool shown = !path.empty() && path.size() <= kNameBytesShown && std::all_of(path.begin(), path.end(), harmless);
  return shown ? std::string(path) : "a field";
}

Rejection Translate(std::string_view message) {
  constexpr std::string_view kUnknown = ": Cannot find field";
  constexpr std::string_view kInvalid = ": invalid value";
  if (message.find(kUnknown) != message.npos) {
    return {v1::DEAD_LETTER_REASON_UNKNOWN_FIELD,
            FieldPath(message, kUnknown) + ": not a field of the topic's message"};
  }
  if (message.find(kInvalid) == message.npos) return {v1::DEAD_LETTER_REASON_UNPARSABLE, "line: not one JSON object"};
  if (message.find("for type type.googleapis.com/") != message.npos) {
    return {v1::DEAD_LETTER_REASON_BAD_ENUM, FieldPath(message, kInvalid) + ": unknown code"};
  }
  return {v1::DEAD_LETTER_REASON_UNPARSABLE, FieldPath(message, kInvalid) + ": wrong type of JSON value"};
}

}  // namespace

JsonEvents::JsonEvents(Topic topic) : message_(NewMessage(topic)) {}

std::optional<Rejection> JsonEvents::ToBytes(std::string_view line, std::string* bytes) {
  if (!IsUtf8(line)) return Rejection{v1::DEAD_LETTER_REASON_BAD_UTF8, "line: not UTF-8"};
  message_->Clear();
  const auto status = google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, message_.get());
  if (!status.ok()) {
    const auto message = status.message();
    return Translate({message.data(), message.size()});
  }
  if (message_->SerializePartialToString(bytes)) return std::nullopt;
  return Rejection{v1::DEAD_LETTER_REASON_UNPARSABLE, "line: cannot be serialised"};
}

}  // namespace zaojing
