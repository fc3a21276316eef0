// Everything committed in a topic, in (partition, offset) order: `export`, end-to-end tests, comparisons of
// runs.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"
#include "ingest/record.h"

namespace zaojing {

// Calls `visit` for every record committed before the call, aborted ones left out, up to the read-uncommitted
// end seen at the start; an open transaction below that end is waited for. Views are valid during the call.
// Stops at the first error of `visit`. Returns the number of records. kUnavailable: no progress for
// limits::kWatchdogTimeout (longer than the broker lets a transaction hang).
absl::StatusOr<uint64_t> ExportTopic(const KafkaClientOptions& client, Topic topic,
                                     const std::function<absl::Status(const Record&)>& visit);

// About how many records ExportTopic will visit now: offsets between the partitions' ends, transaction markers among
// them. For progress.
absl::StatusOr<uint64_t> OffsetsIn(const KafkaClientOptions& client, Topic topic);

}  // namespace zaojing
