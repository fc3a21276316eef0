// Bytes → message, or why they are none. The limits on size and depth hold here, before any field is looked
// at. Pure but for the message written to.
#pragma once

#include <google/protobuf/message.h>

#include "ingest/decoder.h"
#include "ingest/record.h"

namespace zaojing {

// Parses record.value into `message`, which is cleared first and keeps its memory. Rejects, first hit wins:
// OVERSIZED (value or key), MISSING_FIELD (a null value), BAD_UTF8 (a string field, its name in the detail),
// UNPARSABLE (anything else, nesting deeper than limits::kNestingDepthMax included). `message` is unspecified
// after a rejection.
DecodeResult ParseRecord(const Record& record, google::protobuf::Message* message);

}  // namespace zaojing
