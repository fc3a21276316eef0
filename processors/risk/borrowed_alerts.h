// One certificate that many merchants show for goods nothing ties to it (借用、冒用): the screens tell who shows it, here
// it is added up (table evasion). One alert a certificate, updated when the merchants have doubled, retracted when fewer
// than the rule asks for are left. Pure but for the context it is handed.
#pragma once

#include "processors/runtime/stage.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

// REQUIRES signal.kind() is SHOWN: a task's newest figures take the place of its last ones.
void OnShown(const v1::EvasionRules::Borrowed& rule, const v1::Signal& signal, TaskContext& context);

}  // namespace zaojing
