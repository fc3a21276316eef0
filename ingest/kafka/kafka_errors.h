// The one place where librdkafka's errors become ours, by the reaction they demand (proto/status_util.h).
// Above the adapters nobody sees a librdkafka code. Pure.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string_view>

#include "absl/status/status.h"

namespace zaojing {

// A plain code. Passing trouble (broker away, coordinator moving, timeout, unstable offset) → kUnavailable; a
// group generation that is over → kAborted; records that are gone or damaged → kDataLoss; everything else,
// fencing and missing rights first, → kFailedPrecondition. `what` names the call and its object.
absl::Status KafkaStatus(rd_kafka_resp_err_t code, std::string_view what, std::string_view detail = {});

// A result of the transactional calls; takes ownership, nullptr is OK. Order of the flags: fatal (and missing rights),
// requires abort, retriable; none of them is fatal too.
absl::Status KafkaStatus(rd_kafka_error_t* error, std::string_view what);

// The fatal error of the handle, if it has one: kFailedPrecondition. OK when there is none.
absl::Status KafkaFatal(rd_kafka_t* handle, std::string_view what);

}  // namespace zaojing
