// Names of the reasons of dead letters as operators read and type them: "UNPARSABLE".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "zaojing/v1/dead_letter.pb.h"

namespace zaojing {

// REQUIRES a reason the contract knows.
std::string ReasonName(v1::DeadLetterReason reason);
// nullopt for a name that is none, and for UNSPECIFIED.
std::optional<v1::DeadLetterReason> ReasonNamed(std::string_view name);

}  // namespace zaojing
