// The worker's configuration: textproto → checked message with its defaults filled in. Errors name file:line:column.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "zaojing/v1/config.pb.h"

namespace zaojing {

// kInvalidArgument: unreadable, unknown field, bad value; every error on a line of its own, and nothing was started.
absl::StatusOr<v1::WorkerConfig> ReadWorkerConfig(const std::string& path);

bool HasRole(const v1::WorkerConfig& config, std::string_view role);

}  // namespace zaojing
