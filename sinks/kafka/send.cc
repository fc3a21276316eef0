#include "sinks/kafka/send.h"

#include <array>

namespace zaojing {
namespace {

// An empty value is not a tombstone: its pointer must not be null. Nor may an empty key become a missing one.
char* BytesOf(std::string_view s) {
  static constexpr char kEmpty[] = "";
  return const_cast<char*>(s.empty() ? kEmpty : s.data());
}

}  // namespace

rd_kafka_resp_err_t Send(rd_kafka_t* handle, const SendRequest& request) {
  std::array<rd_kafka_vu_t, 7> fields = {};
  fields[0].vtype = RD_KAFKA_VTYPE_RKT;
  fields[0].u.rkt = request.topic;
  fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  fields[1].u.i32 = request.partition;
  fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  fields[2].u.i = RD_KAFKA_MSG_F_COPY;
  fields[3].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  fields[3].u.i64 = request.timestamp_ms;
  fields[4].vtype = RD_KAFKA_VTYPE_KEY;
  fields[4].u.mem.ptr = BytesOf(request.key);
  fields[4].u.mem.size = request.key.size();
  fields[5].vtype = RD_KAFKA_VTYPE_VALUE;
  fields[5].u.mem.ptr = request.tombstone ? nullptr : BytesOf(request.value);
  fields[5].u.mem.size = request.tombstone ? 0 : request.value.size();
  fields[6].vtype = RD_KAFKA_VTYPE_OPAQUE;
  fields[6].u.ptr = request.opaque;
  rd_kafka_error_t* error = rd_kafka_produceva(handle, fields.data(), fields.size());
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  return code;
}

rd_kafka_message_t ToSend(std::string_view key, const std::optional<std::string_view>& value, void* opaque) {
  rd_kafka_message_t message = {};
  message.key = BytesOf(key);
  message.key_len = key.size();
  message.payload = value ? BytesOf(*value) : nullptr;
  message.len = value ? value->size() : 0;
  message._private = opaque;
  return message;
}

rd_kafka_resp_err_t SendMany(rd_kafka_topic_t* topic, int32_t partition, std::span<rd_kafka_message_t> messages,
                             size_t* taken) {
  const int queued =
      rd_kafka_produce_batch(topic, partition, RD_KAFKA_MSG_F_COPY, messages.data(), static_cast<int>(messages.size()));
  *taken = static_cast<size_t>(queued);
  if (*taken == messages.size()) return RD_KAFKA_RESP_ERR_NO_ERROR;
  // After the first that finds the queue full all do; one that fails for a reason of its own leaves a gap.
  for (const rd_kafka_message_t& message : messages) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR && message.err != RD_KAFKA_RESP_ERR__QUEUE_FULL) return message.err;
  }
  return RD_KAFKA_RESP_ERR__QUEUE_FULL;
}

}  // namespace zaojing
