// One topic's records in file order: an abstract reader. Implementations: ingest/file. One owner, one thread.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "ingest/decoder.h"
#include "ingest/record.h"

namespace zaojing {

struct SourceItem {
  Record record;                      // views valid until the next call
  std::optional<Rejection> rejected;  // the line could not even be read as a message; `record.value` is the original
};

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // False at the end. kDataLoss: the rest of the file cannot be read (the message names file and byte).
  virtual absl::StatusOr<bool> Next(SourceItem* item) = 0;
};

}  // namespace zaojing
