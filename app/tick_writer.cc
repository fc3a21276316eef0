#include "app/tick_writer.h"

#include <spdlog/spdlog.h>

#include "proto/ids.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "zaojing/v1/control.pb.h"

namespace zaojing {
namespace {

constexpr int64_t kQueueKbytes = 1024;

}  // namespace

void TickWriter::WriteIfDue() {
  const int64_t now_us = clock_.MonotonicMicros();
  if (now_us < next_us_) return;
  next_us_ = now_us + limits::kTickInterval;
  const absl::Status written = Write(clock_.WallMicros());
  if (written.ok()) return;
  spdlog::warn("{}: no tick was written, time moves with the records meanwhile: {}", source_, written.ToString());
  producer_.reset();
  next_us_ = now_us + 10 * limits::kTickInterval;
}

absl::Status TickWriter::Write(int64_t wall_us) {
  if (producer_ == nullptr) {
    ASSIGN_OR_RETURN(producer_, BulkProducer::Open(client_, 0, kQueueKbytes));
  }
  v1::Tick tick;
  tick.set_event_id(MakeId({"tick", source_, std::to_string(wall_us)}));
  tick.set_source(source_);
  tick.set_schema_version(1);
  tick.set_occurred_at(wall_us);
  tick.set_received_at(wall_us);
  const std::string value = tick.SerializeAsString();
  BulkProducer::Message message;
  message.topic = Topic::kTicks;
  message.partition = 0;
  message.timestamp = wall_us;
  message.value = value;
  return producer_->Produce(message);
}

}  // namespace zaojing
