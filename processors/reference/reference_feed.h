// Where a lane's reference records come from: the reference topics (proto/topics.h), whole and in order, from the first
// record on; and `ticks`, those that come after the feed was opened. Implementations: sinks/kafka-side reader (manual
// assignment, read-committed), tests/sim. One owner thread.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "ingest/record.h"

namespace zaojing {

class ReferenceFeed {
 public:
  virtual ~ReferenceFeed() = default;
  // The next records, per topic in offset order; an empty batch when nothing is ready. Does not wait.
  // kUnavailable: try again.
  virtual absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max) = 0;
  // True once everything up to the end offsets seen when the feed was opened has been handed out: no task judges
  // before that.
  virtual bool CaughtUp() const = 0;
};

}  // namespace zaojing
