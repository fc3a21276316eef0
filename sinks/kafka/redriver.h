// Dead letters back to their topics of origin, each once. A transaction carries records and marks together: topic
// `redrive` says, for each topic of origin and reason, up to which offset of `dead-letter` the letters were put back.
// So a run that died is gone on with, one that is repeated does nothing, and letters left out by one run's filter are
// still there for the next. (A group's offsets would not do: they expire after a week, letters live for thirty days.)
//
// Runs of one application share a transactional id: a new one ends what an older one had open, and the older one fails.
// One thread. Errors: kFailedPrecondition, fenced, or missing rights; kUnavailable, no broker answers; kDataLoss, the
// marks are not of this dead-letter topic.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/kafka/kafka_client.h"
#include "processors/runtime/clock.h"
#include "proto/dead_letter_reasons.h"
#include "sinks/kafka/transactional_producer.h"
#include "zaojing/v1/dead_letter.pb.h"

namespace zaojing {

// What letters are counted and marked by.
struct RedriveCell {
  Topic topic = Topic::kLookups;  // of origin
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  friend auto operator<=>(const RedriveCell&, const RedriveCell&) = default;
};

struct RedriveCount {
  uint64_t earlier = 0;   // put back by an earlier run
  uint64_t now = 0;       // put back by this one; in a dry run: would be
  uint64_t filtered = 0;  // left where they are, by the filter
  uint64_t cut = 0;       // cannot be: the letter does not hold the whole record
};

struct RedriveReport {
  std::map<RedriveCell, RedriveCount> cells;
  uint64_t unreadable = 0;  // no dead letter, or of a topic that is none
};

struct RedriveOptions {
  std::string application = "zaojing";
  std::set<Topic> topics;                  // empty: all
  std::set<v1::DeadLetterReason> reasons;  // empty: all
  bool dry_run = false;
  // Told of every letter read; an error stops the run, what is committed stays.
  std::function<absl::Status(uint64_t letters)> on_letter;
};

class Redriver {
 public:
  // `client` and `clock` must outlive this.
  Redriver(const KafkaClientOptions& client, RedriveOptions options, Clock& clock);

  // Effect: every letter there was at the start that passes the filter is in its topic, once; in a dry run, none is.
  absl::StatusOr<RedriveReport> Run();

 private:
  // Next offset of `dead-letter` by cell; what is below was put back.
  using Marks = std::map<RedriveCell, int64_t>;

  absl::StatusOr<Marks> ReadMarks() const;
  absl::Status Visit(const Record& record);
  absl::Status Flush();
  absl::Status FlushOnce();

  const KafkaClientOptions& client_;
  const RedriveOptions options_;
  Clock& clock_;
  TransactionalProducer producer_;
  RedriveReport report_;
  uint64_t letters_ = 0;
  Marks marks_;    // committed
  Marks pending_;  // of the batch
  std::vector<OutputRecord> batch_;
  size_t batch_bytes_ = 0;
};

}  // namespace zaojing
