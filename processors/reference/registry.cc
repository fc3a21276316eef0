#include "processors/reference/registry.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ingest/decoder.h"
#include "processors/models/fold.h"
#include "proto/check.h"
#include "proto/fetch_ahead.h"
#include "proto/identifiers.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

// From when on a fact counts: a validity that is recorded early leaves what is said before it as it is.
int64_t BeginOf(const CertificateFact& fact) {
  const bool valid = fact.status() == v1::CERTIFICATE_STATUS_VALID;
  return valid ? std::max(fact.effective_at, fact.valid_from) : fact.effective_at;
}

// The first instant, before `until`, from which on another fact of the view decides in this one's place; `until` when
// there is none. Once it is known to be `enough` or before, no more is asked.
int64_t SupersededAt(const CertificateFact& fact, const CertificateView& view, int64_t until, int64_t enough) {
  for (const CertificateFact* other = view.last; other != view.first && until > enough;) {
    --other;
    const bool as_late = other->effective_at == fact.effective_at && other > &fact;
    if (as_late || other->effective_at > fact.effective_at) until = std::min(until, BeginOf(*other));
  }
  return until;
}

// The view of the facts `[first, last)` (arrival order) at one instant.
CertificateView ViewOf(const CertificateFact* first, const CertificateFact* last, int64_t at) {
  const CertificateFact* in_effect = nullptr;
  const CertificateFact* waiting = nullptr;  // in effect, but for its valid_from
  const CertificateFact* earliest = first;
  for (const CertificateFact* fact = first; fact != last; ++fact) {
    if (fact->effective_at <= at) {
      const CertificateFact*& latest = BeginOf(*fact) <= at ? in_effect : waiting;
      if (latest == nullptr || fact->effective_at >= latest->effective_at) latest = fact;
    }
    if (fact->effective_at < earliest->effective_at) earliest = fact;
  }
  CertificateView view;
  view.first = first;
  view.last = last;
  view.at = at;
  if (in_effect == nullptr) {
    view.fact = waiting != nullptr ? waiting : earliest;
    view.status = view.fact->status();
    view.since = waiting != nullptr ? waiting->valid_from : earliest->effective_at;
    view.not_yet_valid = true;
    return view;
  }
  view.fact = in_effect;
  view.status = in_effect->status();
  view.since = in_effect->effective_at;
  // Only VALID runs out by date: a suspension or revocation stays what the body declared it to be.
  const bool valid = view.status == v1::CERTIFICATE_STATUS_VALID;
  if (valid && in_effect->valid_until > 0 && at >= in_effect->valid_until) {
    view.status = v1::CERTIFICATE_STATUS_EXPIRED;
    view.since = in_effect->valid_until;
  }
  return view;
}

// The fact of a view that states something: the one that decides, else the latest effective one before it that counts;
// nullptr when none does.
template <typename States>
const CertificateFact* StatedIn(const CertificateView& view, States states) {
  if (states(*view.fact)) return view.fact;
  const CertificateFact* found = nullptr;
  for (const CertificateFact* fact = view.first; fact != view.last; ++fact) {
    const bool in_time = fact->effective_at <= view.fact->effective_at && BeginOf(*fact) <= view.at;
    if (in_time && states(*fact) && (found == nullptr || fact->effective_at >= found->effective_at)) found = fact;
  }
  return found;
}

}  // namespace

int64_t& RegistryCursor::Of(Topic topic) {
  switch (topic) {
    case Topic::kControl:
      return control;
    case Topic::kCertificates:
      return certificates;
    case Topic::kEnterprises:
      return enterprises;
    case Topic::kInspections:
      return inspections;
    case Topic::kRecalls:
      return recalls;
    case Topic::kDispositions:
      return dispositions;
    default:
      break;
  }
  ZAOJING_CHECK(false && "no reference topic");
}

struct Registry::Scratch {
  v1::Certificate certificate;
  v1::Control control;
  v1::Enterprise enterprise;
  v1::Inspection inspection;
  v1::Recall recall;
  v1::Disposition disposition;
};

Registry::Registry(std::unique_ptr<BlockMemory> far)
    : far_(std::move(far)),
      far_bytes_(*far_),
      first_of_body_(kBodies, std::numeric_limits<int64_t>::max()),
      first_of_code_(kCatalogueCodes, std::numeric_limits<int64_t>::max()),
      versions_(arena_),
      scopes_(arena_, far_bytes_),
      enterprises_(arena_),
      restrictions_(arena_, enterprises_),
      scratch_(std::make_unique<Scratch>()) {
  first_of_kind_.fill(-1);
  for (Blocks<Step>& steps : steps_) steps.PutFar(*far_, 0);
  histories_.PutFar(*far_, limits::kRegistryNear);
  scopes_.PutFar(*far_, limits::kRegistryNear);
}

Registry::~Registry() = default;

void Registry::Append(const Record& record) {
  ZAOJING_CHECK(IsReference(record.topic));
  Step step;
  if (DecodeResult rejected = AppendByTopic(record, step)) {
    AppendRejected(record, *rejected);
  } else {
    StepsOf(record.topic).push_back(step);
  }
}

void Registry::AppendRejected(const Record& record, const Rejection& rejection) {
  ZAOJING_CHECK(IsReference(record.topic));
  originals_[{record.topic, size(record.topic)}] = {rejection, std::string(record.key), std::string(record.value),
                                                    record.offset, record.timestamp};
  Step step;
  step.bad = true;
  StepsOf(record.topic).push_back(step);
}

template <typename Message>
DecodeResult Registry::Take(const Record& record, Message& scratch, Step& step) {
  if (DecodeResult rejected = Decode(record, &scratch)) return rejected;
  step.received_at = scratch.received_at();
  step.event_id = far_bytes_.Keep(scratch.event_id());
  return std::nullopt;
}

DecodeResult Registry::AppendByTopic(const Record& record, Step& step) {
  const int64_t position = size(record.topic);
  switch (record.topic) {
    case Topic::kControl: {
      DecodeResult rejected = Take(record, scratch_->control, step);
      if (!rejected) AddControl(scratch_->control, position, step);
      return rejected;
    }
    case Topic::kCertificates: {
      DecodeResult rejected = Take(record, scratch_->certificate, step);
      if (!rejected) AddCertificate(scratch_->certificate, position, step);
      return rejected;
    }
    case Topic::kEnterprises: {
      DecodeResult rejected = Take(record, scratch_->enterprise, step);
      if (rejected) return rejected;
      enterprises_.Add(scratch_->enterprise, position);
      step.subject = NameHash(scratch_->enterprise.uscc());
      restrictions_.NameMaker(step.subject, NameHash(scratch_->enterprise.name()));
      return rejected;
    }
    case Topic::kInspections: {
      DecodeResult rejected = Take(record, scratch_->inspection, step);
      if (!rejected) restrictions_.Add(scratch_->inspection, position, step.event_id);
      return rejected;
    }
    case Topic::kRecalls: {
      DecodeResult rejected = Take(record, scratch_->recall, step);
      if (!rejected) restrictions_.Add(scratch_->recall, position, step.event_id);
      return rejected;
    }
    default: {
      DecodeResult rejected = Take(record, scratch_->disposition, step);
      if (!rejected) restrictions_.Add(scratch_->disposition, position, step.event_id);
      return rejected;
    }
  }
}

void Registry::AddCertificate(const v1::Certificate& certificate, int64_t position, Step& step) {
  const CredentialNumber number = ParseCredentialNumber(certificate.number());
  const CredentialId id = number.id;
  step.subject = id;
  int64_t& first_of_kind = first_of_kind_[static_cast<size_t>(number.kind)];
  if (first_of_kind < 0) first_of_kind = position;
  if (IsCcc(id)) {
    for (int64_t* first : {&first_of_body_[BodyOf(id)], &first_of_code_[CatalogueCodeOf(id)]}) {
      *first = std::min(*first, position);
    }
  }
  step.status = static_cast<uint8_t>(certificate.status());
  const uint32_t entry_number = numbers_.Add(id);
  History& history = entry_number < histories_.size() ? histories_[entry_number] : histories_.push_back({});

  CertificateFact entry;
  entry.position = static_cast<uint32_t>(position);
  entry.event_id = step.event_id;
  entry.version = versions_.Intern(certificate.version());
  entry.status_code = static_cast<uint8_t>(certificate.status());
  entry.kind_code = static_cast<uint8_t>(certificate.kind());
  entry.effective_at = certificate.effective_at();
  entry.valid_from = certificate.valid_from();
  entry.valid_until = certificate.valid_until();
  const auto stated = std::find_if(history.rbegin(), history.rend(), [](const auto& f) { return f.scope != 0; });
  const uint32_t before = stated == history.rend() ? 0 : stated->scope;
  entry.scope = scopes_.Add(certificate, before);
  const uint32_t maker = entry.scope == 0 ? 0 : scopes_.At(entry.scope).maker;
  if (maker != 0 && (before == 0 || scopes_.At(before).maker != maker)) {
    makers_.Add(maker, scopes_.PartyAt(maker), id, position);
  }
  const auto due = [&](int64_t at) { due_.insert({at, id, entry.position}); };
  if (entry.effective_at > step.received_at) due(entry.effective_at);
  const bool valid = entry.status() == v1::CERTIFICATE_STATUS_VALID;
  const bool runs_out = valid || entry.status() == v1::CERTIFICATE_STATUS_SUSPENDED;
  if (valid && entry.valid_from > step.received_at) due(entry.valid_from);
  if (runs_out && entry.valid_until > step.received_at) due(entry.valid_until);

  const auto view_now = [&] { return ViewOf(history.data(), history.data() + history.size(), step.received_at); };
  const auto standing = [](const CertificateView& view) { return std::pair(view.status, view.not_yet_valid); };
  const bool known = !history.empty();
  const auto stood = known ? standing(view_now()) : standing({});
  history.push_back(entry);
  const auto stands = standing(view_now());
  const bool invalid = stands != std::pair(v1::CERTIFICATE_STATUS_VALID, false);
  step.adverse = known && ((invalid && stands != stood) || (entry.scope != 0 && entry.scope != before));
}

void Registry::AddControl(const v1::Control& control, int64_t position, Step& step) {
  if (control.has_heartbeat()) {
    const int64_t before = heartbeats_.empty() ? 0 : heartbeats_.back().second;
    heartbeats_.emplace_back(position, std::max(before, control.heartbeat().registry_as_of()));
  } else if (control.has_catalogue()) {
    requirements_.Add(control.catalogue(), position);
  } else if (control.has_credential()) {
    requirements_.Add(control.credential(), position);
    step.product_code = versions_.Intern(control.credential().product_code());
  }
}

int64_t Registry::size(Topic topic) const {
  ZAOJING_CHECK(IsReference(topic));
  return static_cast<int64_t>(steps_[static_cast<size_t>(topic)].size());
}

ReferenceFact Registry::At(Topic topic, int64_t position) const {
  ZAOJING_CHECK(position >= 0 && position < size(topic));
  const Step& step = steps_[static_cast<size_t>(topic)][static_cast<size_t>(position)];
  ReferenceFact fact;
  fact.topic = topic;
  fact.position = position;
  fact.received_at = step.received_at;
  (topic == Topic::kEnterprises ? fact.enterprise : fact.credential) = step.subject;
  fact.event_id = step.event_id;
  fact.product_code = versions_.Text(step.product_code);
  fact.adverse = step.adverse;
  fact.status = static_cast<v1::CertificateStatus>(step.status);
  if (!step.bad) return fact;
  const Original& original = originals_.at({topic, position});
  fact.reason = original.rejection.reason;
  fact.detail = original.rejection.detail;
  fact.key = original.key;
  fact.value = original.value;
  fact.offset = original.offset;
  fact.timestamp = original.timestamp;
  return fact;
}

std::optional<CertificateView> Registry::Find(CredentialId id, int64_t at, RegistryCursor cursor) const {
  const std::optional<uint32_t> number = numbers_.Find(id);
  if (!number) return std::nullopt;
  const History& history = histories_[*number];
  const CertificateFact* first = history.data();
  const CertificateFact* last = first + history.size();
  // Histories are a few facts long and nearly always wholly before the cursor: walk back from the end.
  while (last != first && (last - 1)->position >= cursor.certificates) --last;
  if (first == last) return std::nullopt;
  return ViewOf(first, last, at);
}

void Registry::PrefetchLink(size_t link, CredentialId id) const {
  if (link == 0) return numbers_.Prefetch(id);
  const std::optional<uint32_t> number = numbers_.Find(id);
  if (!number) return;
  const History& history = histories_[*number];
  if (link == 1) return FetchAhead(&history);
  const uint32_t scope = history.back().scope;
  if (scope == 0) return;
  link == 2 ? scopes_.PrefetchScope(scope) : scopes_.PrefetchStated(scope);
}

const CertificateScope* Registry::ScopeOf(const CertificateView& view) const {
  const auto states = [](const CertificateFact& fact) { return fact.scope != 0; };
  const CertificateFact* stated = StatedIn(view, states);
  if (stated != nullptr) return &scopes_.At(stated->scope);
  for (const CertificateFact* fact = view.first; fact != view.last; ++fact) {
    if (states(*fact) && (stated == nullptr || fact->effective_at < stated->effective_at)) stated = fact;
  }
  return stated == nullptr ? nullptr : &scopes_.At(stated->scope);
}

bool Registry::HasRunOut(const CertificateView& view) const {
  const CertificateFact* stated = StatedIn(view, [](const CertificateFact& fact) { return fact.valid_until != 0; });
  return stated != nullptr && view.at >= stated->valid_until;
}

std::string_view Registry::VersionOf(const CertificateView& view) const {
  const CertificateFact* stated = StatedIn(view, [](const CertificateFact& fact) { return fact.version != 0; });
  return stated == nullptr ? std::string_view() : versions_.Text(stated->version);
}

v1::CredentialKind Registry::KindOf(const CertificateView& view) const {
  const CertificateFact* stated = StatedIn(view, [](const CertificateFact& fact) { return fact.kind_code != 0; });
  return stated == nullptr ? v1::CREDENTIAL_KIND_UNSPECIFIED : stated->kind();
}

// The newest facts first: what they say of the end of validity leaves little to ask of those before them.
int64_t Registry::NotValidSince(const CertificateView& view) const {
  if (view.not_yet_valid) return view.since;
  int64_t first_begin = kNever;
  int64_t last_end = 0;  // of validity; 0 = never valid
  for (const CertificateFact* fact = view.last; fact != view.first;) {
    --fact;
    const int64_t begin = BeginOf(*fact);
    if (begin > view.at) continue;
    first_begin = std::min(first_begin, begin);
    if (fact->status() != v1::CERTIFICATE_STATUS_VALID) continue;
    const int64_t runs_out = fact->valid_until > 0 ? fact->valid_until : kNever;
    const int64_t end = SupersededAt(*fact, view, runs_out, last_end);
    if (end > begin) last_end = std::max(last_end, end);
  }
  return last_end != 0 ? last_end : first_begin;
}

bool Registry::IsParty(uint32_t party, uint64_t hash, RegistryCursor cursor) const {
  const Party& stated = scopes_.PartyAt(party);
  if (hash == stated.name_hash || hash == stated.uscc_hash) return true;
  // Of the enterprises that have or had a name, a stated code says which.
  return enterprises_.AreOne(stated.uscc_hash != 0 ? stated.uscc_hash : stated.name_hash, hash, cursor.enterprises);
}

size_t Registry::bytes() const {
  return far_->bytes_held() + arena_.bytes() + scopes_.bytes() + makers_.bytes() + numbers_.bytes() +
         histories_.bytes() + due_.size() * (sizeof(DueEntry) + sizeof(DueEntry) / 3);
}

void Registry::Due(int64_t after, int64_t until, RegistryCursor cursor,
                   const std::function<void(CredentialId)>& visit) const {
  for (auto entry = due_.lower_bound({after + 1, 0, 0}); entry != due_.end() && entry->at <= until; ++entry) {
    if (entry->position < cursor.certificates) visit(entry->id);
  }
}

std::optional<int64_t> Registry::Heartbeat(RegistryCursor cursor) const {
  const auto after = std::lower_bound(heartbeats_.begin(), heartbeats_.end(), std::pair(cursor.control, int64_t{0}),
                                      [](const auto& a, const auto& b) { return a.first < b.first; });
  if (after == heartbeats_.begin()) return std::nullopt;
  return std::prev(after)->second;
}

}  // namespace zaojing
