// Evasion that counts by itself: numbers with a part that cannot be, by that part, and vehicles made on a certificate
// after its end, by certificate. One alert a subject, raised at the rule's count and updated when it has doubled (table
// evasion). Pure but for the context it is handed.
#pragma once

#include "processors/runtime/stage.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

// REQUIRES signal.kind() is FORGED_NUMBER.
void OnForgedNumber(const v1::EvasionRules::Forged& rule, const v1::Signal& signal, TaskContext& context);
// REQUIRES signal.kind() is CANCELLED_VEHICLE.
void OnCancelledVehicle(const v1::PlateRule& rule, const v1::Signal& signal, TaskContext& context);

}  // namespace zaojing
