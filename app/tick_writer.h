// One record a second in topic `ticks`, under `clock: wall`: the wall clock's only way into judgement. Written by the
// lane that has risk, so that a deployment has one writer; during a hand-over two may write, and the later time counts.
//
// Thread: its lane's. Write never waits: a broker that is away costs ticks, not the lane.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ingest/kafka/kafka_client.h"
#include "processors/runtime/clock.h"
#include "sinks/kafka/producer.h"

namespace zaojing {

class TickWriter {
 public:
  // `source` names the lane. `client` and `clock` must outlive this.
  TickWriter(const KafkaClientOptions& client, Clock& clock, std::string source)
      : client_(client), clock_(clock), source_(std::move(source)) {}

  // Effect: a tick is sent when the last one was a second ago. A failure is logged and the next one tries afresh.
  void WriteIfDue();

 private:
  absl::Status Write(int64_t wall_us);

  const KafkaClientOptions& client_;
  Clock& clock_;
  const std::string source_;
  std::unique_ptr<BulkProducer> producer_;  // made by the first tick, and anew after a failure
  int64_t next_us_ = 0;
};

}  // namespace zaojing
