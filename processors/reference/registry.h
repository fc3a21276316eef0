// The reference tables: certificates and other credentials, what product codes require, enterprises, what was said about
// goods (inspections, recalls, orders), heartbeats, with their whole history; and the list of facts in the order they arrived. Bitemporal: a question names a cursor (which
// facts had arrived) and an instant (what held then), so tasks at different cursors share one registry, and a late fact
// corrects what held before it for questions asked after it arrived.
//
// No protobuf object is kept, texts are interned. What is rarely asked for lies in memory of its own, which need not stay
// in the process (block_memory.h): event ids, model sets, the list of facts, and of more than limits::kRegistryNear
// certificates the histories and scopes of those that came later.
//
// Thread: appended to by its owner; while nothing is appended any number of threads may read (file replays share one).
// Times: microseconds UTC.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/inlined_vector.h"
#include "ingest/decoder.h"
#include "ingest/record.h"
#include "processors/reference/arena.h"
#include "processors/reference/block_memory.h"
#include "processors/reference/blocks.h"
#include "processors/reference/credential_index.h"
#include "processors/reference/enterprise_table.h"
#include "processors/reference/maker_table.h"
#include "processors/reference/requirement_table.h"
#include "processors/reference/restriction_table.h"
#include "processors/reference/scope_table.h"
#include "proto/identifiers.h"
#include "zaojing/v1/codes.pb.h"
#include "zaojing/v1/dead_letter.pb.h"

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
  RestrictionCursor restrictions() const { return {inspections, recalls, dispositions}; }
  friend bool operator==(const RegistryCursor&, const RegistryCursor&) = default;
};

// One statement about one certificate: from effective_at on, and VALID not before valid_from, the status is this. As small as it can be: the first of a
// certificate lies in place.
struct CertificateFact {
  int64_t effective_at = 0;
  int64_t valid_from = 0;
  int64_t valid_until = 0;  // 0 = no end stated
  std::string_view event_id;
  uint32_t position = 0;  // ordinal in ccc.certificates
  uint32_t scope = 0;     // 0 = states none
  uint32_t version = 0;   // Registry::VersionOf
  uint8_t status_code = v1::CERTIFICATE_STATUS_UNSPECIFIED;
  uint8_t kind_code = v1::CREDENTIAL_KIND_UNSPECIFIED;  // UNSPECIFIED = states none
  v1::CertificateStatus status() const { return static_cast<v1::CertificateStatus>(status_code); }
  v1::CredentialKind kind() const { return static_cast<v1::CredentialKind>(kind_code); }
};
static_assert(v1::CertificateStatus_MAX <= 255 && v1::CredentialKind_MAX <= 255, "a code has one byte");
static_assert(sizeof(CertificateFact) == 56, "with its count a fact fills one cache line");

// What a certificate is at one instant, as known at one cursor.
struct CertificateView {
  const CertificateFact* fact = nullptr;  // the one that decides the status; never null in a found view
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;  // EXPIRED also by date
  int64_t at = 0;                                                     // the instant asked about
  int64_t since = 0;  // from when on its fact says so; two dues of one fact are told apart by it
  bool not_yet_valid = false;
  const CertificateFact* first = nullptr;  // all facts seen, arrival order
  const CertificateFact* last = nullptr;   // one past them
};

// One reference record, good or bad, as tasks step over it. Views hold as long as the registry.
struct ReferenceFact {
  Topic topic = Topic::kControl;
  int64_t position = 0;
  int64_t received_at = 0;      // 0 for a bad record
  CredentialId credential = 0;  // of a certificate fact; 0 for other topics
  uint64_t enterprise = 0;      // of an enterprise fact: NameHash of its code
  std::string_view event_id;
  std::string_view product_code;  // of a required credential; empty for everything else
  // Goods that show the certificate may be answered worse: it is not valid, and was or was so otherwise; or it states
  // otherwise than before what its goods are.
  bool adverse = false;
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;
  // Bad record: why, and the original for the dead letter.
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  std::string_view detail;
  std::string_view key;
  std::string_view value;
  int64_t offset = 0;
  int64_t timestamp = kNoTimestamp;
};

class Registry {
 public:
  // `far` is where that lies; without one, in the process.
  explicit Registry(std::unique_ptr<BlockMemory> far = std::make_unique<ProcessMemory>());
  ~Registry();
  // Tables hold views into each other's memory.
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Effect: the record is one more fact of its topic; a bad one is kept as such and changes no table.
  // REQUIRES IsReference(record.topic).
  void Append(const Record& record);
  // As Append, for a record its source already found unreadable (a broken line of a file).
  void AppendRejected(const Record& record, const Rejection& rejection);

  // Facts in arrival order of one topic, from 0.
  int64_t size(Topic topic) const;
  ReferenceFact At(Topic topic, int64_t position) const;

  // What a certificate was at instant `at`, by the facts before the cursor; nullopt when none is known.
  // Among facts with effective_at <= at the latest effective one decides, the later arrival on a tie; a VALID one with
  // valid_from > at (a renewal recorded early) does not count yet. With none that counts, the latest effective of those,
  // else the earliest effective one of all, stands as not yet valid.
  std::optional<CertificateView> Find(CredentialId id, int64_t at, RegistryCursor cursor) const;
  // Hints that a certificate is about to be asked for: link 0 is its place in the index, 1 its history, 2 the scope of
  // its newest fact, 3 the models and parties of that scope. Each reads the one before it, which should have arrived by then.
  void PrefetchLink(size_t link, CredentialId id) const;
  // From when on the certificate has not been valid without a break, as known in the view: an expiry that is recorded, or
  // a cancellation of what was suspended, is no new beginning. With no validity known before, from the first known fact
  // on. REQUIRES a view that is not valid.
  int64_t NotValidSince(const CertificateView& view) const;
  // Whether the validity stated at the view, by its fact or else by the latest effective one before it that counts and
  // states an end, has ended.
  bool HasRunOut(const CertificateView& view) const;
  // The version at a view: that of its fact, else of the latest effective fact before it that counts and states one; may
  // be empty.
  std::string_view VersionOf(const CertificateView& view) const;
  // Which kind of credential it is, likewise; UNSPECIFIED when no fact says: then what the form of its number says.
  v1::CredentialKind KindOf(const CertificateView& view) const;
  // The scope in effect at a view: that of its fact, else of the latest effective fact before it that counts and states
  // one, else of the earliest one that does; nullptr when none does.
  const CertificateScope* ScopeOf(const CertificateView& view) const;
  const ScopeTable& scopes() const { return scopes_; }
  const RequirementTable& requirements() const { return requirements_; }
  const EnterpriseTable& enterprises() const { return enterprises_; }
  const RestrictionTable& restrictions() const { return restrictions_; }
  const MakerTable& makers() const { return makers_; }

  // Visits the certificates whose view can change by the mere passing of time in (after, until]: expiries and effects
  // dated ahead, in order of the instant; one with several such instants is visited for each.
  void Due(int64_t after, int64_t until, RegistryCursor cursor,
           const std::function<void(CredentialId id)>& visit) const;

  // The newest heartbeat before the cursor: registry_as_of; nullopt when none was seen.
  std::optional<int64_t> Heartbeat(RegistryCursor cursor) const;
  bool empty(RegistryCursor cursor) const { return cursor.certificates == 0; }
  // Whether any fact about credentials of the form of this kind came before the cursor: a register that was never read
  // says nothing about what is not in it.
  bool Knows(v1::CredentialKind kind, RegistryCursor cursor) const {
    const int64_t first = first_of_kind_[static_cast<size_t>(kind)];
    return first >= 0 && first < cursor.certificates;
  }
  // Whether any certificate came before the cursor that is of the body, or has the product code, which the number says.
  // REQUIRES IsCcc(id).
  bool KnowsBodyOf(CredentialId id, RegistryCursor cursor) const {
    return first_of_body_[BodyOf(id)] < cursor.certificates;
  }
  bool KnowsCodeOf(CredentialId id, RegistryCursor cursor) const {
    return first_of_code_[CatalogueCodeOf(id)] < cursor.certificates;
  }
  // Whether a claimed name or USCC, by NameHash, is the party's: as its certificate states it, or what else the
  // enterprise goes by that has the code it states; where it states none, an enterprise that has or had its name.
  // REQUIRES party != 0.
  bool IsParty(uint32_t party, uint64_t hash, RegistryCursor cursor) const;
  // Bytes that are always in the process, about.
  size_t bytes() const;

 private:
  using History = absl::InlinedVector<CertificateFact, 1>;  // arrival order
  struct DueEntry {
    int64_t at;
    CredentialId id;
    uint32_t position;  // of the fact that brought it
    friend auto operator<=>(const DueEntry&, const DueEntry&) = default;
  };
  // A record to step over. The originals of bad ones are apart: there are few.
  struct Step {
    int64_t received_at = 0;
    uint64_t subject = 0;  // CredentialId of a certificate, NameHash of an enterprise's code
    std::string_view event_id;
    uint32_t product_code = 0;  // in versions_
    uint8_t status = 0;
    bool adverse = false;
    bool bad = false;
  };
  struct Original {
    Rejection rejection;
    std::string key;
    std::string value;
    int64_t offset = 0;
    int64_t timestamp = kNoTimestamp;
  };
  struct Scratch;
  Blocks<Step>& StepsOf(Topic topic) { return steps_[static_cast<size_t>(topic)]; }
  // Decodes and, when the record is good, fills in what every fact has.
  template <typename Message>
  DecodeResult Take(const Record& record, Message& scratch, Step& step);
  DecodeResult AppendByTopic(const Record& record, Step& step);
  void AddCertificate(const v1::Certificate& certificate, int64_t position, Step& step);
  void AddControl(const v1::Control& control, int64_t position, Step& step);

  const std::unique_ptr<BlockMemory> far_;
  Arena far_bytes_;
  Arena arena_;
  std::array<Blocks<Step>, kReferenceTopics.size()> steps_;  // by topic rank
  std::map<std::pair<Topic, int64_t>, Original> originals_;  // of bad records
  CredentialIndex numbers_;
  Blocks<History> histories_;  // by number
  absl::btree_set<DueEntry> due_;
  std::vector<std::pair<int64_t, int64_t>> heartbeats_;              // (position, as of), as_of running maximum
  std::array<int64_t, v1::CredentialKind_ARRAYSIZE> first_of_kind_;  // position of the first fact; -1 = none
  std::vector<int64_t> first_of_body_;                               // by the number's digits; INT64_MAX = none
  std::vector<int64_t> first_of_code_;
  Interner versions_;
  ScopeTable scopes_;
  RequirementTable requirements_;
  EnterpriseTable enterprises_;
  RestrictionTable restrictions_;
  MakerTable makers_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace zaojing
