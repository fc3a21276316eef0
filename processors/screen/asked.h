// How many look-ups met what was revoked, recalled or ordered since it was: the exposure that goes on after the listings
// were taken down. Counted from the moment the task knows the cause; told to risk at the first look-up, whenever half as
// many have come again, and at the first of each day (UTC+8). A newer cause for the same certificate or statement begins
// again from nothing. Pure but for the context.
#pragma once

#include <string_view>

#include "processors/runtime/stage.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing {

// Effect: look-ups stopped for this are counted from now on. `job_key`: of table job.
void BeginAsked(std::string_view job_key, const v1::FanoutJob& job, TaskContext& context);

// One look-up was stopped, or sent to review, for what the job of this key is or was about.
void CountAsked(std::string_view job_key, TaskContext& context);

}  // namespace zaojing
