// Builders for events and the records that carry them, for tests only. Times: microseconds UTC.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "ingest/record.h"
#include "ingest/record_source.h"
#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/complaint.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/enterprise.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/lookup.pb.h"
#include "zaojing/v1/recall.pb.h"

namespace zaojing::testing {

// 2024-03-04 00:00 UTC+8, a Monday.
inline constexpr int64_t kMonday = 1'709'481'600'000'000;

v1::Lookup MakeLookup(const std::string& id, const std::string& listing, const std::string& certificate,
                      v1::Scene scene, int64_t received_at);
v1::Certificate MakeCertificate(const std::string& id, const std::string& number, v1::CertificateStatus status,
                                int64_t effective_at, int64_t received_at);
v1::Control MakeHeartbeat(const std::string& id, int64_t as_of, int64_t received_at);
v1::Control MakeRequired(const std::string& id, const std::string& code, int64_t effective_at,
                         const std::vector<v1::CredentialKind>& kinds, int64_t received_at);
v1::Control MakeCatalogue(const std::string& id, const std::string& code, const std::string& category,
                          int64_t effective_at, int64_t received_at);
v1::Enterprise MakeEnterprise(const std::string& id, const std::string& uscc, const std::string& name,
                              int64_t effective_at, int64_t received_at);
// A failed sample of a task of its own; what it is a sample of is the caller's to say.
v1::Inspection MakeInspection(const std::string& id, const std::string& task, uint32_t version, int64_t received_at);
// In effect on arrival; one line, whose product is the caller's to say.
v1::Recall MakeRecall(const std::string& id, const std::string& number, v1::Remedy remedy, int64_t received_at);
// In effect on arrival; its subject is the caller's to say.
v1::Disposition MakeOrder(const std::string& id, v1::OrderKind order, int64_t received_at);
v1::Complaint MakeComplaint(const std::string& number, uint32_t version, const std::string& model,
                            const std::string& problem, int64_t received_at);

// A record with its own bytes.
struct OwnedRecord {
  Topic topic = Topic::kLookups;
  std::string key;
  std::string value;
  int64_t timestamp = kNoTimestamp;
  int32_t partition = 0;
  int64_t offset = 0;
  Record View() const { return {topic, partition, offset, timestamp, key, value, false}; }
};

OwnedRecord ToRecord(const v1::Lookup& lookup);
OwnedRecord ToRecord(const v1::Certificate& certificate);
OwnedRecord ToRecord(const v1::Control& control);
OwnedRecord ToRecord(const v1::Enterprise& enterprise);
OwnedRecord ToRecord(const v1::Inspection& inspection);
OwnedRecord ToRecord(const v1::Recall& recall);
OwnedRecord ToRecord(const v1::Disposition& order);
OwnedRecord ToRecord(const v1::Complaint& complaint);

// Records in memory as a source; offsets are ordinals.
class VectorSource final : public RecordSource {
 public:
  // `records` must outlive the source.
  explicit VectorSource(const std::vector<OwnedRecord>& records) : records_(records) {}
  absl::StatusOr<bool> Next(SourceItem* item) override;

 private:
  const std::vector<OwnedRecord>& records_;
  size_t next_ = 0;
};

}  // namespace zaojing::testing
