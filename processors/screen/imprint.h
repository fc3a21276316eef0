// What is kept of a listing beside its state, in one word (processors/state/imprint_table.h): enough to know whether the
// state a look-up would write is the one that stands, without reading that. Three bits of it are what the next answer
// needs of the last one, sixty are a hash of the listing's key and of its state but for the fact that decided, which is
// kept as long as nothing else changes. A changed state passes for the old one with a chance of 2^-60: among 65.9 million
// look-ups a year, and if every one of them were a change, once in ten thousand million years. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "processors/screen/listing.h"

namespace zaojing {

// What the next answer depends on beside its own question.
struct Standing {
  bool on_sale = false;
  v1::Action in_force = v1::ACTION_UNSPECIFIED;
};

// Never 0. `scratch` is overwritten.
uint64_t ImprintOf(std::string_view key, const Listing& listing, std::string* scratch);
Standing StandingOf(uint64_t imprint);

}  // namespace zaojing
