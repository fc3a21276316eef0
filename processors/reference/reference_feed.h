// Where a lane's reference records come from: the reference topics (proto/topics.h), whole and in order, from the first
// record on; and `ticks`, those that come after the feed was opened. Implementations: sinks/kafka-side reader (manual
// assignment, read-committed), copied_feed.h, tests/sim. One owner thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "ingest/record.h"

namespace zaojing {

class ReferenceFeed {
 public:
  virtual ~ReferenceFeed() = default;
  // The next records, per topic in offset order, waiting up to `wait_us` when nothing is ready; an empty batch when
  // nothing came. kUnavailable: try again.
  virtual absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max, int64_t wait_us) = 0;
  // True once everything up to the end offsets seen when the feed was opened has been handed out: no task judges
  // before that.
  virtual bool CaughtUp() const = 0;
};

// How far one reference topic was read: how many records, and the last of them, by its place and a hash of its bytes.
// Transaction markers take offsets, too: the next record is at offset + 1 or later.
struct ReferenceTail {
  int64_t count = 0;
  int64_t offset = -1;
  uint64_t hash = 0;  // ReferenceHash
  friend bool operator==(const ReferenceTail&, const ReferenceTail&) = default;
};
using ReferenceTails = std::array<ReferenceTail, kReferenceTopics.size()>;  // by topic rank

// Of key, value and timestamp. Tells apart records that stand at one offset of two topics; no id.
uint64_t ReferenceHash(const Record& record);

}  // namespace zaojing
