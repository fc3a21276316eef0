// Enum values as people read them. Pure.
#pragma once

#include <string>

namespace zaojing {

// "ACTION_BLOCK" → "BLOCK": a value's name without the name of its type, where that is one word.
inline std::string WithoutType(const std::string& name) { return name.substr(name.find('_') + 1); }

}  // namespace zaojing
