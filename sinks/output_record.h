// A record to be written: what a stage emits, and what a commit adds (changelog, marker, journal).
#pragma once

#include <cstdint>
#include <string>

#include "proto/topics.h"

namespace zaojing {

struct OutputRecord {
  Topic topic = Topic::kVerdicts;
  int32_t partition = 0;
  int64_t timestamp = 0;  // CreateTime, microseconds UTC: the task's engine time
  std::string key;
  std::string value;
  bool tombstone = false;  // a null value (compacted topics)
};

}  // namespace zaojing
