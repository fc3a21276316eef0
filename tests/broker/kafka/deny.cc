#include "tests/broker/kafka/deny.h"

#include <memory>

#include "ingest/kafka/kafka_errors.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

rd_kafka_AclOperation_t OperationOf(Right right) {
  switch (right) {
    case Right::kSeeTopic:
      return RD_KAFKA_ACL_OPERATION_ALL;
    case Right::kWriteTopic:
      return RD_KAFKA_ACL_OPERATION_WRITE;
    case Right::kReadTopic:
    case Right::kReadGroup:
      break;
  }
  return RD_KAFKA_ACL_OPERATION_READ;
}

absl::Status Create(const KafkaClientOptions& admin, rd_kafka_AclBinding_t* binding) {
  const std::unique_ptr<rd_kafka_AclBinding_t, void (*)(rd_kafka_AclBinding_t*)> owned(binding,
                                                                                       rd_kafka_AclBinding_destroy);
  if (binding == nullptr) return absl::InvalidArgumentError("no such rule");
  KafkaEvents events(admin);
  ASSIGN_OR_RETURN(const KafkaOwned<rd_kafka_t> handle, OpenKafka(admin, KafkaRole::kAdmin, {}, events));
  const KafkaOwned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle.get()));
  rd_kafka_CreateAcls(handle.get(), &binding, 1, nullptr, queue.get());
  const KafkaOwned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), 30'000));
  if (event == nullptr) return absl::UnavailableError("rights: no answer");
  RETURN_IF_ERROR(KafkaStatus(rd_kafka_event_error(event.get()), "rights"));
  size_t count = 0;
  const rd_kafka_acl_result_t** results =
      rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event.get()), &count);
  if (count != 1) return absl::InternalError("rights: no result");
  const rd_kafka_error_t* error = rd_kafka_acl_result_error(results[0]);
  return error == nullptr ? absl::OkStatus() : absl::InternalError(rd_kafka_error_string(error));
}

}  // namespace

absl::Status AllowAll(const KafkaClientOptions& admin, const std::string& name) {
  for (const auto kind : {RD_KAFKA_RESOURCE_TOPIC, RD_KAFKA_RESOURCE_GROUP}) {
    RETURN_IF_ERROR(Create(
        admin, rd_kafka_AclBinding_new(kind, name.c_str(), RD_KAFKA_RESOURCE_PATTERN_PREFIXED, "User:*", "*",
                                       RD_KAFKA_ACL_OPERATION_ALL, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, nullptr, 0)));
  }
  return absl::OkStatus();
}

absl::Status Deny(const KafkaClientOptions& admin, const std::string& user, Right right, const std::string& name) {
  const auto kind = right == Right::kReadGroup ? RD_KAFKA_RESOURCE_GROUP : RD_KAFKA_RESOURCE_TOPIC;
  return Create(
      admin, rd_kafka_AclBinding_new(kind, name.c_str(), RD_KAFKA_RESOURCE_PATTERN_PREFIXED, ("User:" + user).c_str(),
                                     "*", OperationOf(right), RD_KAFKA_ACL_PERMISSION_TYPE_DENY, nullptr, 0));
}

}  // namespace zaojing
