// One alert a cause when a change of a certificate, a failed sample, a recall or an order reaches listings on sale: raised at the first signal that blocks or
// sends to review, updated at most once per ReachRule.update_interval of engine time, final when every screen task has
// said it is done (table reach). Pure but for the context it is handed.
#pragma once

#include "processors/runtime/stage.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

// Look-ups that came after: the alert is updated, also when every task was done long ago (table reached); then at most
// when their number has grown by half, and each day. A cause without an alert has none to update.
void OnAsked(const v1::ReachRule& rule, const v1::Signal& signal, TaskContext& context);
void OnSignal(const v1::ReachRule& rule, const v1::Signal& signal, TaskContext& context);
// Engine time moves to `now`: sends the updates that waited for the interval to pass.
void SendPendingReach(const v1::ReachRule& rule, int64_t now, TaskContext& context);

}  // namespace zaojing
