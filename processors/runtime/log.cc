#include "processors/runtime/log.h"

namespace zaojing {

absl::Status Log::ProduceChanges(TopicPartition changelog, std::span<const StateChange> changes) {
  std::vector<OutputRecord> records;
  records.reserve(changes.size());
  for (const StateChange& change : changes) {
    OutputRecord& record = records.emplace_back();
    record.topic = changelog.topic;
    record.partition = changelog.partition;
    record.key = change.key;
    record.value = change.value.value_or("");
    record.tombstone = !change.value;
  }
  return Produce(records);
}

}  // namespace zaojing
