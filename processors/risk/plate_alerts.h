// Clues from the registration windows (上牌): a vehicle code that another application uses, and more plates on one
// certificate in one year than its maker can have made. One alert a vehicle code, one a certificate and year; repeats
// update it. The screens count their shares, here they are added up (tables plate_total, vehicle). Pure but for the
// context it is handed.
//
// A share is told each time it has grown by report_share_e6 of the yearly production divided by the tasks, so the sum is
// behind the truth by at most report_share_e6 of it.
#pragma once

#include "processors/runtime/stage.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

// REQUIRES signal.kind() is PLATES.
void OnPlates(const v1::PlateRule& rule, const v1::Signal& signal, TaskContext& context);
// REQUIRES signal.kind() is VEHICLE_REUSED.
void OnVehicleReused(const v1::PlateRule& rule, const v1::Signal& signal, TaskContext& context);

}  // namespace zaojing
