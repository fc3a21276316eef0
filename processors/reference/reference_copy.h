// The registry copy: every reference record a worker has read, good and bad, byte for byte, in the order it was read, so
// that a restart plays it instead of asking Kafka again. Facts are numbered by counting the records of a topic, so what is
// played is exactly what was read, topic by topic.
//
// A log entry is a chunk of records, each with its offset, and how far every topic was read at the end of the chunk; the
// first entry says whose records they are. A record and its offset are in one entry, and entries survive as a beginning
// of the log (record_log.h): a crash leaves the copy behind what was read, never ahead, and never with a hole.
//
// Fails closed: what is of another cluster, of another format or damaged is not played; the records come from Kafka
// again. It may be lost at any time. One owner thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/record.h"
#include "processors/reference/record_log.h"
#include "processors/reference/reference_feed.h"

namespace zaojing {

class ReferenceCopy {
 public:
  // `identity` names the cluster and topics the records are of. A log of another one, or one that cannot be read, is
  // wiped, and why_discarded() says so. An error: it can neither be used nor wiped.
  static absl::StatusOr<std::unique_ptr<ReferenceCopy>> Open(std::unique_ptr<RecordLog> log, std::string identity);

  // How far the copy goes.
  const ReferenceTails& tails() const { return tails_; }
  // How far it has been played.
  const ReferenceTails& played() const { return played_; }
  const std::string& why_discarded() const { return why_discarded_; }

  // Effect: empty, as a new one.
  absl::Status Discard(std::string why);

  // The next records of the copy; an empty batch at its end. kDataLoss: the rest is damaged; what was handed out before
  // is good.
  absl::StatusOr<std::unique_ptr<RecordBatch>> Play(size_t records_max);

  // Effect: the reference records of the batch come next in the copy; other topics are passed over. They are handed to
  // the log when a chunk is full. REQUIRES: the copy was played to its end.
  absl::Status Append(const RecordBatch& batch);
  // Effect: what was appended is in the log.
  absl::Status Write();
  // Effect: what was appended survives a crash.
  absl::Status Save();

 private:
  ReferenceCopy(std::unique_ptr<RecordLog> log, std::string identity);
  absl::Status Load();
  // The number of the last entry. REQUIRES that there is one.
  absl::StatusOr<uint64_t> FindLast();

  const std::unique_ptr<RecordLog> log_;
  const std::string identity_;
  std::string why_discarded_;
  uint64_t entries_ = 0;                      // in the log
  uint64_t next_entry_ = 1;                   // to be played
  std::shared_ptr<const RecordBatch> chunk_;  // being played
  size_t chunk_at_ = 0;
  ReferenceTails tails_;
  ReferenceTails played_;
  std::string pending_;  // frames of the chunk to come
  uint32_t pending_records_ = 0;
};

}  // namespace zaojing
