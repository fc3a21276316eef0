// A feed that hands out the registry copy first, then what comes after it from the reference topics themselves, and adds
// that to the copy. One owner thread.
//
// The copy is written behind: a chunk at a time, made to last soon after the feed has caught up and when it ends. What a crash
// takes is read from Kafka again. When the copy turns out to be damaged while it is played, the topics go on from the
// last good record, and the copy is given up: the next start makes a new one. The same when it cannot be written. Neither
// is a failure of the feed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "processors/reference/reference_copy.h"
#include "processors/reference/reference_feed.h"

namespace zaojing {

// What was handed out until the feed had caught up.
struct ReferenceLoad {
  int64_t copied = 0;
  int64_t read = 0;
};

struct CopiedFeedEvents {
  std::function<void(const ReferenceLoad&)> on_caught_up = [](const ReferenceLoad&) {};  // once
  std::function<void(std::string_view why)> on_given_up = [](std::string_view) {};       // the copy; once
};

class CopiedFeed final : public ReferenceFeed {
 public:
  // Opens the topics behind what was handed out of the copy. kUnavailable: asked again with the next Poll.
  using OpenTopics = std::function<absl::StatusOr<std::unique_ptr<ReferenceFeed>>(const ReferenceTails& after)>;

  // The topics are opened when the copy has been played.
  CopiedFeed(std::unique_ptr<ReferenceCopy> copy, OpenTopics open, CopiedFeedEvents events);
  ~CopiedFeed() override;

  absl::StatusOr<std::unique_ptr<RecordBatch>> Poll(size_t records_max, int64_t wait_us) override;
  // By the end offsets seen when the topics were opened.
  bool CaughtUp() const override { return topics_ != nullptr && topics_->CaughtUp(); }

 private:
  absl::StatusOr<std::unique_ptr<RecordBatch>> PollTopics(size_t records_max, int64_t wait_us);
  absl::Status Keep(const RecordBatch& batch);
  void GiveUp(const absl::Status& why);

  std::unique_ptr<ReferenceCopy> copy_;  // null: given up
  const OpenTopics open_;
  const CopiedFeedEvents events_;
  std::unique_ptr<ReferenceFeed> topics_;  // null: the copy is being played
  ReferenceTails after_;
  ReferenceLoad load_;
  bool caught_up_ = false;
  bool saved_ = false;  // once it had
};

}  // namespace zaojing
