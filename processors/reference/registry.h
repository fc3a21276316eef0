// The reference tables: certificates and heartbeats with their whole history, and the list of facts in the order they
// arrived. Bitemporal: a question names a cursor (which facts had arrived) and an instant (which status held then), so
// tasks at different cursors share one registry, and a late fact corrects what held before it for questions asked
// after it arrived.
//
// Thread: appended to by its owner; while nothing is appended any number of threads may read (file replays share one).
// Times: microseconds UTC.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "ingest/decoder.h"
#include "ingest/record.h"
#include "proto/ids.h"
#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/codes.pb.h"
#include "zaojing/v1/control.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/disposition.pb.h"
#include "zaojing/v1/enterprise.pb.h"
#include "zaojing/v1/inspection.pb.h"
#include "zaojing/v1/recall.pb.h"

namespace zaojing {

// How many records of each reference topic have been seen. Counts records, not offsets: transaction markers take
// offsets, and a file has none.
struct RegistryCursor {
  int64_t control = 0;
  int64_t certificates = 0;
  int64_t enterprises = 0;
  int64_t inspections = 0;
  int64_t recalls = 0;
  int64_t dispositions = 0;
  // REQUIRES IsReference(topic).
  int64_t& Of(Topic topic);
  int64_t Of(Topic topic) const { return RegistryCursor(*this).Of(topic); }
  friend bool operator==(const RegistryCursor&, const RegistryCursor&) = default;
};

// One statement about one certificate: from effective_at on, the status is this.
struct CertificateFact {
  int64_t position = 0;  // ordinal in ccc.certificates
  std::string event_id;
  std::string version;
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;
  int64_t effective_at = 0;
  int64_t valid_from = 0;
  int64_t valid_until = 0;  // 0 = no end stated
  int64_t received_at = 0;
};

// What a certificate is at one instant, as known at one cursor.
struct CertificateView {
  const CertificateFact* fact = nullptr;  // the one that decides the status; never null in a found view
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;  // EXPIRED also by date
  int64_t since = 0;                                                  // when that status began
  bool not_yet_valid = false;
};

// One reference record, good or bad, as tasks step over it.
struct ReferenceFact {
  Topic topic = Topic::kControl;
  int64_t position = 0;
  int64_t received_at = 0;  // 0 for a bad record
  std::string certificate;  // its key (CredentialKey); empty for other topics
  std::string event_id;
  bool adverse = false;  // took a certificate that was known as valid out of VALID
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;
  // Bad record: why, and the original for the dead letter.
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  std::string detail;
  std::string key;
  std::string value;
  int64_t offset = 0;
  int64_t timestamp = kNoTimestamp;
};

class Registry {
 public:
  // Effect: the record is one more fact of its topic; a bad one is kept as such and changes no table.
  // REQUIRES IsReference(record.topic).
  void Append(const Record& record);
  // As Append, for a record its source already found unreadable (a broken line of a file).
  void AppendRejected(const Record& record, const Rejection& rejection);

  // Facts in arrival order of one topic, from 0.
  int64_t size(Topic topic) const;
  const ReferenceFact& At(Topic topic, int64_t position) const;

  // What certificate `number` was at instant `at`, by the facts before the cursor; nullopt when none is known.
  // Among facts with effective_at <= at the latest effective one decides, the later arrival on a tie; with none, the
  // earliest effective one stands as not yet valid.
  std::optional<CertificateView> Find(std::string_view number, int64_t at, RegistryCursor cursor) const;

  // Visits the certificates whose view can change by the mere passing of time in (after, until]: expiries and effects
  // dated ahead, in order of the instant; one with several such instants is visited for each.
  void Due(int64_t after, int64_t until, RegistryCursor cursor,
           const std::function<void(std::string_view number)>& visit) const;

  // The newest heartbeat before the cursor: registry_as_of; nullopt when none was seen.
  std::optional<int64_t> Heartbeat(RegistryCursor cursor) const;
  bool empty(RegistryCursor cursor) const { return cursor.certificates == 0; }

 private:
  using Number = std::array<char, 16>;
  using History = absl::InlinedVector<CertificateFact, 1>;  // arrival order
  struct NumberHash {
    size_t operator()(const Number& number) const { return Hash64({number.data(), number.size()}); }
  };
  static std::optional<Number> NumberOf(std::string_view digits);
  struct DueEntry {
    int64_t at;
    std::string number;
    int64_t position;  // of the fact that brought it
    friend auto operator<=>(const DueEntry&, const DueEntry&) = default;
  };
  ReferenceFact& AddFact(const Record& record);
  void AppendCertificate(const Record& record, ReferenceFact& fact);
  void AppendControl(const Record& record, ReferenceFact& fact);
  // Kept as a fact to step over; no table is made of it.
  template <typename Message>
  static void AppendPlain(const Record& record, Message& scratch, ReferenceFact& fact);

  std::array<std::deque<ReferenceFact>, kReferenceTopics.size()> records_;  // by topic rank
  // The 16 digits in place, and the first fact beside them: asked once a look-up, in no order, each step aside would be
  // a miss of the processor's cache more.
  absl::flat_hash_map<Number, History, NumberHash> facts_;
  absl::btree_set<DueEntry> due_;
  std::vector<std::pair<int64_t, int64_t>> heartbeats_;  // (position, as of), as_of running maximum
  v1::Certificate certificate_scratch_;
  v1::Control control_scratch_;
  v1::Enterprise enterprise_scratch_;
  v1::Inspection inspection_scratch_;
  v1::Recall recall_scratch_;
  v1::Disposition disposition_scratch_;
};

}  // namespace zaojing
