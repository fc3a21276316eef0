#include "sinks/kafka/send.h"

#include <array>

namespace zaojing {

rd_kafka_resp_err_t Send(rd_kafka_t* handle, const SendRequest& request) {
  // An empty value is not a tombstone: its pointer must not be null. Nor may an empty key become a missing
  // one.
  static constexpr char kEmpty[] = "";
  const auto bytes = [](std::string_view s) { return const_cast<char*>(s.empty() ? kEmpty : s.data()); };
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
  fields[4].u.mem.ptr = bytes(request.key);
  fields[4].u.mem.size = request.key.size();
  fields[5].vtype = RD_KAFKA_VTYPE_VALUE;
  fields[5].u.mem.ptr = request.tombstone ? nullptr : bytes(request.value);
  fields[5].u.mem.size = request.tombstone ? 0 : request.value.size();
  fields[6].vtype = RD_KAFKA_VTYPE_OPAQUE;
  fields[6].u.ptr = request.opaque;
  rd_kafka_error_t* error = rd_kafka_produceva(handle, fields.data(), fields.size());
  if (error == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
  rd_kafka_error_destroy(error);
  return code;
}

}  // namespace zaojing
