// The registry copy on disk: a RocksDB of its own, one column family, no write-ahead log. Memtables are flushed in the
// order they were filled, so what a crash leaves is a beginning of the log (processors/reference/record_log.h).
//
// Entries are large and come in the order of their keys: files never overlap, so they are moved between levels and not
// merged, and each block holds one entry. Each is read once, at start: there is no block cache and no filter. Checksums
// are verified on every read. Memory: two memtables of limits::kCopyWriteBufferBytes while much is written.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "processors/reference/record_log.h"

namespace zaojing {

// Opens the log in `path`, or makes one. Of one that is damaged, Read says kDataLoss until it is wiped. kUnavailable:
// another process has it open. kFailedPrecondition: no rights, or less than limits::kStoreFreeBytesMin free on the disk.
absl::StatusOr<std::unique_ptr<RecordLog>> OpenRocksRecordLog(const std::string& path);

}  // namespace zaojing
