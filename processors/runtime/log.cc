#include "processors/runtime/log.h"

namespace zaojing {

absl::Status Log::ProduceChanges(TopicPartition changelog, int64_t timestamp, std::span<const StateChange> changes) {
  std::vector<OutputRecord> records;
  records.reserve(changes.size());
  for (const StateChange& change : changes) {
    records.push_back({changelog.topic, changelog.partition, timestamp, std::string(change.key),
                       std::string(change.value.value_or("")), !change.value});
  }
  return Produce(records);
}

}  // namespace zaojing
