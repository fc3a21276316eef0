#include "processors/reference/reference_source.h"

#include "ingest/decoder.h"
#include "proto/status_util.h"
#include "zaojing/v1/control.pb.h"

namespace zaojing {

bool TakeReferences(const RecordBatch& batch, Registry* registry, std::vector<int64_t>* ticks) {
  bool facts = false;
  for (const Record& record : batch.records()) {
    if (record.topic != Topic::kTicks) {
      registry->Append(record);
      facts = true;
      continue;
    }
    v1::Tick tick;
    if (!Decode(record, &tick)) ticks->push_back(tick.received_at());
  }
  return facts;
}

absl::StatusOr<bool> OwnRegistry::Poll(size_t records_max, std::vector<int64_t>* ticks) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RecordBatch> batch, feed_->Poll(records_max, 0));
  return TakeReferences(*batch, &registry_, ticks);
}

}  // namespace zaojing
