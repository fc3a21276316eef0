// The one place where RocksDB's errors become ours.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace zaojing {

// OK → OK. Corrupt or missing files → kDataLoss; locked → kUnavailable; everything else → kFailedPrecondition.
// `path` is the store's directory; the message names it and says what to do.
absl::Status TranslateRocksStatus(const rocksdb::Status& status, const std::string& path);

}  // namespace zaojing
