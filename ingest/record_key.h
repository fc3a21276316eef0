// The key a value must travel under, read from its bytes: for records that come without one (files). Pure.
#pragma once

#include <string>
#include <string_view>

#include "proto/topics.h"

namespace zaojing {

// Key by the topic's rule. A view into `value`, into `scratch` (which is overwritten), or of a literal. Empty
// where the topic leaves the key free, and where the bytes hold none: the decoder then says what is wrong
// with them.
std::string_view KeyOfValue(Topic topic, std::string_view value, std::string* scratch);

}  // namespace zaojing
