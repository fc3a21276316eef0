// What a person reads when a replay ends.
#pragma once

#include <string>

#include "app/run_output.h"

namespace zaojing {

void PrintReplayReport(const std::string& directory, const RunOutput& output);

}  // namespace zaojing
