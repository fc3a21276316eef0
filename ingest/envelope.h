// Reads single fields from a record's bytes without decoding it: what an order needs to know before a task judges, and
// what a hint is made of. Pure; a scan of the wire format that stops at the field.
#pragma once

#include <cstdint>
#include <string_view>

namespace zaojing {

// received_at (field 5) when the bytes have a legal one; 0 otherwise, which moves no clock.
int64_t PeekReceivedAt(std::string_view value);
// The first bytes of string field `field`, unchecked; empty when there is none before the bytes end or are not plain
// (wire_reader.h). Of a record that states a field twice a parser takes the last one, so this is good for hints only.
std::string_view PeekText(std::string_view value, int field);

}  // namespace zaojing
