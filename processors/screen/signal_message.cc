#include "processors/screen/signal_message.h"

#include <string>

#include "proto/ids.h"

namespace zaojing {

v1::Signal NewSignal(v1::SignalKind kind, std::string_view cause, const TaskContext& context) {
  const std::string source = "screen/" + std::to_string(context.task());
  v1::Signal signal;
  signal.set_event_id(MakeId({"signal", source, std::to_string(context.next_emission())}));
  signal.set_source(source);
  signal.set_schema_version(1);
  signal.set_occurred_at(context.engine_time());
  signal.set_received_at(context.engine_time());
  signal.set_emission(context.next_emission());
  signal.set_kind(kind);
  signal.set_task(context.task());
  signal.set_cause(std::string(cause));
  return signal;
}

}  // namespace zaojing
