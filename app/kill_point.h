// Kill points for tests: ZAOJING_FAULT=<step>:<n> ends the process by SIGKILL when a lane is about to take the step for
// the n-th time. Steps are the commit's: begin, produce, send-offsets, commit, apply, applied. Compiled to nothing in
// builds without ZAOJING_FAULTS.
#pragma once

#include "processors/runtime/lane.h"

namespace zaojing {

#ifdef ZAOJING_FAULTS
// Called before every Step with the state it will act on, and the state after the last one.
void KillPoint(Lane::State before, Lane::State now);
#else
inline void KillPoint(Lane::State, Lane::State) {}
#endif

}  // namespace zaojing
