// One record to librdkafka's send queue, copied. Shared by the producers.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string_view>

namespace zaojing {

struct SendRequest {
  rd_kafka_topic_t* topic = nullptr;
  int32_t partition = RD_KAFKA_PARTITION_UA;
  int64_t timestamp_ms = 0;
  std::string_view key;
  std::string_view value;
  bool tombstone = false;
  void* opaque = nullptr;  // comes back in the delivery report's _private
};

// RD_KAFKA_RESP_ERR__QUEUE_FULL: poll and try again. Never waits.
rd_kafka_resp_err_t Send(rd_kafka_t* handle, const SendRequest& request);

}  // namespace zaojing
