// Which message a topic carries. The one list; tools that read or print any topic go through it. Thread-safe.
#pragma once

#include <google/protobuf/message.h>

#include <memory>

#include "proto/topics.h"

namespace zaojing {

// The immutable empty message of the topic; nullptr for the changelogs, whose values are tables' own.
const google::protobuf::Message* PrototypeOf(Topic topic);

// A new empty message of the topic. REQUIRES PrototypeOf(topic) != nullptr.
std::unique_ptr<google::protobuf::Message> NewMessage(Topic topic);

}  // namespace zaojing
