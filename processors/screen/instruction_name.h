// What an instruction is named for. Its id is made of the listing, the fact that made the difference and the instruction,
// so look-up, slice and day roll give one instruction one id. But a fact can come to make the same difference again: a
// merchant shows another certificate than the revoked one, and the revoked one after it; a requirement ends and returns. That
// is a second instruction, and a platform that carries each id out once must see it. So a listing remembers what its
// instructions were named for (ListingState.named), and where the fact has named one of the kind, the occasion does: the
// look-up, or the event or date that the listing was judged for again.
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "zaojing/v1/takedown.pb.h"

namespace zaojing {

// For `fact`, or for `occasion`, or, where that has named one too, for a name made of it. Effect: remembered in *named, up
// to limits::kInstructionNamesMax of a listing; from then on each is named for its occasion.
std::string NameInstruction(std::string_view fact, std::string_view occasion, v1::Instruction instruction,
                            std::string* named);

}  // namespace zaojing
