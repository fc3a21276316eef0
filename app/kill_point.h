// Faults for tests, by ZAOJING_FAULT. Compiled to nothing in builds without ZAOJING_FAULTS.
//   <step>:<n>       SIGKILL when a lane is about to take the step for the n-th time; steps are the commit's: begin,
//                    produce, send-offsets, commit, apply, applied
//   stop-<step>:<n>  SIGSTOP there instead: a zombie, once it is continued
//   abort-at:<text>  abort() while an input record whose bytes contain the text is applied
//   segv-at:<text>   a segmentation fault there
//   hang-at:<text>   never coming back from there
// ZAOJING_WATCHDOG_MS=<n> is how long a lane may be stuck before the watchdog ends the process.
#pragma once

#include <cstdint>
#include <memory>

#include "processors/runtime/lane.h"
#include "proto/limits.h"

namespace zaojing {

#ifdef ZAOJING_FAULTS
// Called before every Step with the state it will act on, and the state after the last one.
void KillPoint(Lane::State before, Lane::State now);
// The stage with the faults of its records.
std::unique_ptr<Stage> WithFaults(std::unique_ptr<Stage> stage);
int64_t WatchdogTimeout();
#else
inline void KillPoint(Lane::State, Lane::State) {}
inline std::unique_ptr<Stage> WithFaults(std::unique_ptr<Stage> stage) { return stage; }
constexpr int64_t WatchdogTimeout() { return limits::kWatchdogTimeout; }
#endif

}  // namespace zaojing
