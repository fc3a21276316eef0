// Stopped goods that come back as a new listing (换链接): one alert a merchant's goods, a message a comeback (table
// stopped). The goods are told by a hash of who sells what on which number, so one that comes back under another number,
// or by another merchant, is not seen. Pure but for the context it is handed.
#pragma once

#include "processors/runtime/stage.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

// REQUIRES signal.kind() is STOPPED. A listing never asked about before is a comeback when the same goods were stopped
// between rule.after() and rule.within() ago.
void OnStopped(const v1::EvasionRules::Relisted& rule, const v1::Signal& signal, TaskContext& context);
// Of a slice that took listings down: what they sell is known from then on.
void RememberStopped(const v1::Signal& signal, TaskContext& context);

}  // namespace zaojing
