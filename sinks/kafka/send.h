// Records to librdkafka's send queue, copied. Shared by the producers.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <optional>
#include <span>
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

// A record of many to one partition; without a value it is a tombstone.
rd_kafka_message_t ToSend(std::string_view key, const std::optional<std::string_view>& value, void* opaque);

// Many records to one partition, made now: the client is locked, and its clock asked, once for all of them. Effect:
// `taken` of them, from the front, are queued. RD_KAFKA_RESP_ERR__QUEUE_FULL: poll and try again with the rest; on
// another error some that are not among `taken` may be queued, too. Never waits.
rd_kafka_resp_err_t SendMany(rd_kafka_topic_t* topic, int32_t partition, std::span<rd_kafka_message_t> messages,
                             size_t* taken);

}  // namespace zaojing
