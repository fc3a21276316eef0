// Where a worker's reference records come from: its own copy of them in `<state_dir>/registry`, then Kafka. The log and
// the metrics say how many came from where, how long it took, and why a copy was not used.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "app/metrics.h"
#include "ingest/kafka/kafka_client.h"
#include "processors/reference/reference_feed.h"

namespace zaojing {

// A copy that is damaged, of another cluster, or of topics that were made anew is discarded, and everything comes from
// Kafka. `client` and `metrics` must outlive the feed. kUnavailable: no broker answered for limits::kWatchdogTimeout, or
// another process has the copy open.
absl::StatusOr<std::unique_ptr<ReferenceFeed>> OpenReferences(const KafkaClientOptions& client,
                                                              const std::string& state_dir, WorkerMetrics& metrics);

}  // namespace zaojing
