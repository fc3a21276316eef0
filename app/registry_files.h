// The reference topics of a directory of event files → a registry.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "processors/reference/registry.h"
#include "zaojing/v1/config.pb.h"

namespace zaojing {

// Effect: every record of the reference topics is appended; `summary`, if any, counts them as inputs.
absl::Status ReadRegistry(const std::string& directory, Registry& registry, v1::Summary* summary);

}  // namespace zaojing
