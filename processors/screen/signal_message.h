// What every signal of a screen task has: envelope, kind, task and cause.
#pragma once

#include <string_view>

#include "processors/runtime/stage.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

// To be completed and emitted with `cause` as the key before anything else is emitted: the id is of this emission.
v1::Signal NewSignal(v1::SignalKind kind, std::string_view cause, const TaskContext& context);

}  // namespace zaojing
