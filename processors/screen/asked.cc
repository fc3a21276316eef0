#include "processors/screen/asked.h"

#include <algorithm>
#include <string>

#include "processors/screen/signal_message.h"
#include "processors/state/stored_message.h"
#include "processors/state/tables.h"
#include "proto/china_time.h"

namespace zaojing {

void BeginAsked(std::string_view job_key, const v1::FanoutJob& job, TaskContext& context) {
  v1::AskedState state;
  state.set_cause(job.cause());
  context.state().Put(TableKey(Table::kAsked, job_key), state.SerializeAsString());
}

void CountAsked(std::string_view job_key, TaskContext& context) {
  const std::string key = TableKey(Table::kAsked, job_key);
  auto state = StoredMessage<v1::AskedState>(key, context.state());
  if (state.cause().empty()) return;
  state.set_lookups(state.lookups() + 1);
  const int64_t now = context.engine_time();
  const bool grown = state.lookups() - state.reported() >= std::max<uint64_t>(state.reported() / 2, 1);
  if (grown || ChinaDay(now) != ChinaDay(state.reported_at())) {
    state.set_reported(state.lookups());
    state.set_reported_at(now);
    v1::Signal signal = NewSignal(v1::SIGNAL_KIND_ASKED, state.cause(), context);
    signal.set_lookups(state.lookups());
    context.Emit(Topic::kSignals, state.cause(), signal);
  }
  context.state().Put(key, state.SerializeAsString());
}

}  // namespace zaojing
