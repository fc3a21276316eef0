#include "processors/reference/copied_feed.h"

#include <utility>

#include "proto/status_util.h"

namespace zaojing {

CopiedFeed::CopiedFeed(std::unique_ptr<ReferenceCopy> copy, OpenTopics open, CopiedFeedEvents events)
    : copy_(std::move(copy)), open_(std::move(open)), events_(std::move(events)) {}

CopiedFeed::~CopiedFeed() {
  // Not while it is still played: there is nothing to save, and appending would come too early.
  if (copy_ == nullptr || topics_ == nullptr) return;
  if (const absl::Status saved = copy_->Save(); !saved.ok()) GiveUp(saved);
}

void CopiedFeed::GiveUp(const absl::Status& why) {
  events_.on_given_up({why.message().data(), why.message().size()});
  copy_ = nullptr;
}

absl::StatusOr<std::unique_ptr<RecordBatch>> CopiedFeed::Poll(size_t records_max, int64_t wait_us) {
  if (topics_ == nullptr && copy_ != nullptr) {
    absl::StatusOr<std::unique_ptr<RecordBatch>> batch = copy_->Play(records_max);
    if (batch.ok() && !(*batch)->records().empty()) {
      load_.copied += static_cast<int64_t>((*batch)->records().size());
      return batch;
    }
    after_ = copy_->played();
    if (!batch.ok()) {
      const absl::Status why = batch.status();
      // An error of the wiping is told by the next start, which wipes again.
      (void)copy_->Discard(std::string(why.message()));
      GiveUp(why);
    }
  }
  if (topics_ == nullptr) {
    ASSIGN_OR_RETURN(topics_, open_(after_));
  }
  return PollTopics(records_max, wait_us);
}

absl::StatusOr<std::unique_ptr<RecordBatch>> CopiedFeed::PollTopics(size_t records_max, int64_t wait_us) {
  ASSIGN_OR_RETURN(std::unique_ptr<RecordBatch> batch, topics_->Poll(records_max, wait_us));
  if (copy_ != nullptr) {
    if (const absl::Status kept = Keep(*batch); !kept.ok()) GiveUp(kept);
  }
  if (caught_up_) return batch;
  for (const Record& record : batch->records()) load_.read += IsReference(record.topic) ? 1 : 0;
  if (!topics_->CaughtUp()) return batch;
  caught_up_ = true;
  events_.on_caught_up(load_);
  return batch;
}

absl::Status CopiedFeed::Keep(const RecordBatch& batch) {
  RETURN_IF_ERROR(copy_->Append(batch));
  // Whoever has time writes: what comes in ones is not held back for a full chunk, and nobody waits for the disk at the
  // moment when all is there.
  if (!batch.records().empty()) return absl::OkStatus();
  if (!caught_up_ || saved_) return copy_->Write();
  saved_ = true;
  return copy_->Save();
}

}  // namespace zaojing
