#include "tests/support/events.h"

#include "ingest/decoder.h"
#include "ingest/record_key.h"

namespace zaojing::testing {
namespace {

template <typename Message>
void SetEnvelope(const std::string& id, int64_t received_at, Message& message) {
  message.set_event_id(id);
  message.set_source("test");
  message.set_schema_version(1);
  message.set_occurred_at(received_at);
  message.set_received_at(received_at);
}

}  // namespace

v1::Lookup MakeLookup(const std::string& id, const std::string& listing, const std::string& certificate,
                      v1::Scene scene, int64_t received_at) {
  v1::Lookup lookup;
  SetEnvelope(id, received_at, lookup);
  lookup.set_platform(scene == v1::SCENE_PLATE ? "plate" : "taobao");
  lookup.set_listing_id(listing);
  lookup.set_certificate_number(certificate);
  lookup.set_scene(scene);
  lookup.set_seller_uscc("91110000600037341L");
  return lookup;
}

v1::Certificate MakeCertificate(const std::string& id, const std::string& number, v1::CertificateStatus status,
                                int64_t effective_at, int64_t received_at) {
  v1::Certificate certificate;
  SetEnvelope(id, received_at, certificate);
  certificate.set_number(number);
  certificate.set_status(status);
  certificate.set_effective_at(effective_at);
  return certificate;
}

v1::Control MakeHeartbeat(const std::string& id, int64_t as_of, int64_t received_at) {
  v1::Control control;
  SetEnvelope(id, received_at, control);
  control.mutable_heartbeat()->set_registry_as_of(as_of);
  return control;
}

v1::Control MakeRequired(const std::string& id, const std::string& code, int64_t effective_at,
                         const std::vector<v1::CredentialKind>& kinds, int64_t received_at) {
  v1::Control control;
  SetEnvelope(id, received_at, control);
  v1::RequiredCredential* required = control.mutable_credential();
  required->set_product_code(code);
  required->set_effective_at(effective_at);
  for (const v1::CredentialKind kind : kinds) required->add_kinds(kind);
  return control;
}

v1::Control MakeCatalogue(const std::string& id, const std::string& code, const std::string& category,
                          int64_t effective_at, int64_t received_at) {
  v1::Control control;
  SetEnvelope(id, received_at, control);
  control.mutable_catalogue()->set_product_code(code);
  control.mutable_catalogue()->set_effective_at(effective_at);
  control.mutable_catalogue()->add_categories(category);
  return control;
}

v1::Enterprise MakeEnterprise(const std::string& id, const std::string& uscc, const std::string& name,
                              int64_t effective_at, int64_t received_at) {
  v1::Enterprise enterprise;
  SetEnvelope(id, received_at, enterprise);
  enterprise.set_uscc(uscc);
  enterprise.set_name(name);
  enterprise.set_effective_at(effective_at);
  return enterprise;
}

v1::Inspection MakeInspection(const std::string& id, const std::string& task, uint32_t version, int64_t received_at) {
  v1::Inspection inspection;
  SetEnvelope(id, received_at, inspection);
  inspection.set_task_number(task);
  inspection.set_version(version);
  inspection.set_result(v1::INSPECTION_RESULT_FAILED);
  return inspection;
}

v1::Recall MakeRecall(const std::string& id, const std::string& number, v1::Remedy remedy, int64_t received_at) {
  v1::Recall recall;
  SetEnvelope(id, received_at, recall);
  recall.set_recall_number(number);
  recall.set_version(1);
  recall.set_remedy(remedy);
  recall.set_effective_at(received_at);
  recall.add_products();
  return recall;
}

v1::Disposition MakeOrder(const std::string& id, v1::OrderKind order, int64_t received_at) {
  v1::Disposition disposition;
  SetEnvelope(id, received_at, disposition);
  disposition.set_action_id("action-" + id);
  disposition.set_order(order);
  disposition.set_effective_at(received_at);
  return disposition;
}

v1::Complaint MakeComplaint(const std::string& number, uint32_t version, const std::string& model,
                            const std::string& problem, int64_t received_at) {
  v1::Complaint complaint;
  SetEnvelope(number + "/" + std::to_string(version), received_at, complaint);
  complaint.set_case_number(number);
  complaint.set_version(version);
  complaint.set_kind(v1::COMPLAINT_KIND_COMPLAINT);
  complaint.set_maker("ACME");
  complaint.set_model(model);
  complaint.set_problem(problem);
  return complaint;
}

OwnedRecord ToRecord(const v1::Lookup& lookup) {
  return {Topic::kLookups, LookupKey(lookup), lookup.SerializeAsString()};
}
OwnedRecord ToRecord(const v1::Certificate& certificate) {
  return {Topic::kCertificates, certificate.number(), certificate.SerializeAsString()};
}
OwnedRecord ToRecord(const v1::Control& control) {
  std::string scratch;
  const std::string value = control.SerializeAsString();
  return {Topic::kControl, std::string(KeyOfValue(Topic::kControl, value, &scratch)), value};
}
OwnedRecord ToRecord(const v1::Enterprise& enterprise) {
  return {Topic::kEnterprises, enterprise.uscc(), enterprise.SerializeAsString()};
}
OwnedRecord ToRecord(const v1::Inspection& inspection) {
  return {Topic::kInspections, inspection.task_number(), inspection.SerializeAsString()};
}
OwnedRecord ToRecord(const v1::Recall& recall) {
  return {Topic::kRecalls, recall.recall_number(), recall.SerializeAsString()};
}
OwnedRecord ToRecord(const v1::Disposition& order) {
  return {Topic::kDispositions, order.action_id(), order.SerializeAsString()};
}
OwnedRecord ToRecord(const v1::Complaint& complaint) {
  return {Topic::kComplaints, complaint.case_number(), complaint.SerializeAsString()};
}

absl::StatusOr<bool> VectorSource::Next(SourceItem* item) {
  if (next_ == records_.size()) return false;
  item->rejected.reset();
  item->record = records_[next_].View();
  item->record.offset = static_cast<int64_t>(next_);
  ++next_;
  return true;
}

}  // namespace zaojing::testing
