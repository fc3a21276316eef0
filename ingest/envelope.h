// Reads a single field from a record's bytes without decoding it: what an order needs to know before a task judges. Pure; a
// scan of the wire format that stops at the field.
#pragma once

#include <cstdint>
#include <string_view>

namespace zaojing {

// received_at (field 5) when the bytes have a legal one; 0 otherwise, which moves no clock.
int64_t PeekReceivedAt(std::string_view value);

}  // namespace zaojing
