// A state value as the message it is.
#pragma once

#include <optional>
#include <string_view>

#include "processors/state/task_state.h"

namespace zaojing {

// Empty where the key has no entry: for values that begin as nothing. Own bytes parse by construction.
template <typename Message>
Message StoredMessage(std::string_view key, TaskState& state) {
  Message message;
  if (const std::optional<std::string_view> stored = state.Get(key)) {
    message.ParseFromArray(stored->data(), static_cast<int>(stored->size()));
  }
  return message;
}

}  // namespace zaojing
