// A record: bytes with their place in a log. Views into memory that the batch it came in owns; valid until that batch
// is destroyed. No thread rule of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "proto/topics.h"

namespace zaojing {

inline constexpr int64_t kNoTimestamp = -1;

struct Record {
  Topic topic = Topic::kLookups;
  int32_t partition = 0;
  int64_t offset = 0;                // in a file: ordinal of the record
  int64_t timestamp = kNoTimestamp;  // Kafka's CreateTime, microseconds UTC; kNoTimestamp turns the future check off
  std::string_view key;
  std::string_view value;
  bool tombstone = false;  // a null value, which compacted topics use for deletes
};

// Owns the memory behind its records.
class RecordBatch {
 public:
  virtual ~RecordBatch() = default;
  std::span<const Record> records() const { return records_; }

 protected:
  std::vector<Record> records_;
};

}  // namespace zaojing
