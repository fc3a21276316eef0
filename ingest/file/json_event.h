// One line of JSON → the bytes of the message it stands for. Protobuf's JSON mapping, proto field names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "proto/topics.h"

namespace zaojing {

class JsonEvents {
 public:
  // REQUIRES that the topic carries messages.
  explicit JsonEvents(Topic topic);

  // On success `bytes` is the serialised message. Otherwise BAD_UTF8, UNKNOWN_FIELD (a name the schema does
  // not have), BAD_ENUM (a code it does not have) or UNPARSABLE; the detail names the field where the parser
  // does, and never quotes a value.
  std::optional<Rejection> ToBytes(std::string_view line, std::string* bytes);

 private:
  const std::unique_ptr<google::protobuf::Message> message_;
};

}  // namespace zaojing
