// Bytes → validated message, or the reason why not. Pure; no allocation but the message's own. Limits are
// those of proto/limits.h and are checked before and after the parser; the message is unspecified after a
// rejection.
//
// Order of the checks, first hit wins: OVERSIZED, UNPARSABLE / BAD_UTF8, MISSING_FIELD, BAD_ENUM, BAD_VALUE,
// KEY_MISMATCH, FUTURE_TIME. MISROUTED is the task's check, because only it knows its partition.
#pragma once

#include <optional>
#include <string>

#include "ingest/record.h"
#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/complaint.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/enterprise.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/lookup.pb.h"
#include "zaojing/v1/recall.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

struct Rejection {
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  std::string detail;  // names the field and the rule; never quotes the content
};

using DecodeResult = std::optional<Rejection>;  // nullopt = good

DecodeResult Decode(const Record& record, v1::Lookup* lookup);
DecodeResult Decode(const Record& record, v1::Certificate* certificate);
DecodeResult Decode(const Record& record, v1::Control* control);
DecodeResult Decode(const Record& record, v1::Enterprise* enterprise);
DecodeResult Decode(const Record& record, v1::Inspection* inspection);
DecodeResult Decode(const Record& record, v1::Recall* recall);
DecodeResult Decode(const Record& record, v1::Disposition* disposition);
DecodeResult Decode(const Record& record, v1::Complaint* complaint);
DecodeResult Decode(const Record& record, v1::Signal* signal);
DecodeResult Decode(const Record& record, v1::Tick* tick);

// Key a look-up must travel under: "<platform>/<listing id>", or "plate/<vehicle code>" for scene PLATE.
std::string LookupKey(const v1::Lookup& lookup);

}  // namespace zaojing
