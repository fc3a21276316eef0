#include "processors/reference/registry.h"

#include <algorithm>
#include <utility>

#include "ingest/decoder.h"
#include "proto/check.h"
#include "proto/identifiers.h"

namespace zaojing {
namespace {

// The view of the facts `[first, last)` (arrival order) at one instant.
CertificateView ViewOf(const CertificateFact* first, const CertificateFact* last, int64_t at) {
  const CertificateFact* in_effect = nullptr;
  const CertificateFact* earliest = first;
  for (const CertificateFact* fact = first; fact != last; ++fact) {
    if (fact->effective_at <= at && (in_effect == nullptr || fact->effective_at >= in_effect->effective_at)) {
      in_effect = fact;
    }
    if (fact->effective_at < earliest->effective_at) earliest = fact;
  }
  CertificateView view;
  if (in_effect == nullptr) {
    view.fact = earliest;
    view.status = earliest->status;
    view.since = earliest->effective_at;
    view.not_yet_valid = true;
    return view;
  }
  view.fact = in_effect;
  view.status = in_effect->status;
  view.since = in_effect->effective_at;
  // Only VALID runs out by date: a suspension or revocation stays what the body declared it to be.
  if (view.status == v1::CERTIFICATE_STATUS_VALID) {
    if (in_effect->valid_until > 0 && at >= in_effect->valid_until) {
      view.status = v1::CERTIFICATE_STATUS_EXPIRED;
      view.since = in_effect->valid_until;
    } else if (at < in_effect->valid_from) {
      view.since = in_effect->valid_from;
      view.not_yet_valid = true;
    }
  }
  return view;
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

std::optional<Registry::Number> Registry::NumberOf(std::string_view digits) {
  Number number;
  if (digits.size() != number.size()) return std::nullopt;
  std::copy(digits.begin(), digits.end(), number.begin());
  return number;
}

ReferenceFact& Registry::AddFact(const Record& record) {
  ZAOJING_CHECK(IsReference(record.topic));
  std::deque<ReferenceFact>& facts = records_[static_cast<size_t>(record.topic)];
  ReferenceFact& fact = facts.emplace_back();
  fact.topic = record.topic;
  fact.position = static_cast<int64_t>(facts.size()) - 1;
  fact.offset = record.offset;
  fact.timestamp = record.timestamp;
  return fact;
}

void Registry::Append(const Record& record) {
  ReferenceFact& fact = AddFact(record);
  switch (record.topic) {
    case Topic::kControl:
      AppendControl(record, fact);
      break;
    case Topic::kCertificates:
      AppendCertificate(record, fact);
      break;
    case Topic::kEnterprises:
      AppendPlain(record, enterprise_scratch_, fact);
      break;
    case Topic::kInspections:
      AppendPlain(record, inspection_scratch_, fact);
      break;
    case Topic::kRecalls:
      AppendPlain(record, recall_scratch_, fact);
      break;
    default:
      AppendPlain(record, disposition_scratch_, fact);
      break;
  }
  if (fact.reason != v1::DEAD_LETTER_REASON_UNSPECIFIED) {
    fact.key = std::string(record.key);
    fact.value = std::string(record.value);
  }
}

void Registry::AppendRejected(const Record& record, const Rejection& rejection) {
  ReferenceFact& fact = AddFact(record);
  fact.reason = rejection.reason;
  fact.detail = rejection.detail;
  fact.key = std::string(record.key);
  fact.value = std::string(record.value);
}

void Registry::AppendCertificate(const Record& record, ReferenceFact& fact) {
  if (DecodeResult rejected = Decode(record, &certificate_scratch_)) {
    fact.reason = rejected->reason;
    fact.detail = std::move(rejected->detail);
    return;
  }
  const v1::Certificate& certificate = certificate_scratch_;
  fact.received_at = certificate.received_at();
  fact.event_id = certificate.event_id();
  fact.certificate = CredentialKey(ParseCredentialNumber(certificate.number()).id);
  fact.status = certificate.status();

  CertificateFact entry;
  entry.position = fact.position;
  entry.event_id = certificate.event_id();
  entry.version = certificate.version();
  entry.status = certificate.status();
  entry.effective_at = certificate.effective_at();
  entry.valid_from = certificate.valid_from();
  entry.valid_until = certificate.valid_until();
  entry.received_at = certificate.received_at();
  const auto due = [&](int64_t at) { due_.insert({at, fact.certificate, fact.position}); };
  if (entry.effective_at > entry.received_at) due(entry.effective_at);
  if (entry.status == v1::CERTIFICATE_STATUS_VALID) {
    if (entry.valid_from > entry.received_at) due(entry.valid_from);
    if (entry.valid_until > entry.received_at) due(entry.valid_until);
  }

  History& history = facts_[*NumberOf(fact.certificate)];
  const auto valid_now = [&] {
    if (history.empty()) return false;
    const CertificateView view = ViewOf(history.data(), history.data() + history.size(), entry.received_at);
    return view.status == v1::CERTIFICATE_STATUS_VALID && !view.not_yet_valid;
  };
  const bool was_valid = valid_now();
  history.push_back(std::move(entry));
  fact.adverse = was_valid && !valid_now();
}

void Registry::AppendControl(const Record& record, ReferenceFact& fact) {
  if (DecodeResult rejected = Decode(record, &control_scratch_)) {
    fact.reason = rejected->reason;
    fact.detail = std::move(rejected->detail);
    return;
  }
  fact.received_at = control_scratch_.received_at();
  fact.event_id = control_scratch_.event_id();
  if (!control_scratch_.has_heartbeat()) return;
  const int64_t before = heartbeats_.empty() ? 0 : heartbeats_.back().second;
  heartbeats_.emplace_back(fact.position, std::max(before, control_scratch_.heartbeat().registry_as_of()));
}

template <typename Message>
void Registry::AppendPlain(const Record& record, Message& scratch, ReferenceFact& fact) {
  if (DecodeResult rejected = Decode(record, &scratch)) {
    fact.reason = rejected->reason;
    fact.detail = std::move(rejected->detail);
    return;
  }
  fact.received_at = scratch.received_at();
  fact.event_id = scratch.event_id();
}

int64_t Registry::size(Topic topic) const {
  ZAOJING_CHECK(IsReference(topic));
  return static_cast<int64_t>(records_[static_cast<size_t>(topic)].size());
}

const ReferenceFact& Registry::At(Topic topic, int64_t position) const {
  ZAOJING_CHECK(position >= 0 && position < size(topic));
  return records_[static_cast<size_t>(topic)][static_cast<size_t>(position)];
}

std::optional<CertificateView> Registry::Find(std::string_view number, int64_t at, RegistryCursor cursor) const {
  const std::optional<Number> key = NumberOf(number);
  if (!key) return std::nullopt;
  const auto found = facts_.find(*key);
  if (found == facts_.end()) return std::nullopt;
  const History& history = found->second;
  const CertificateFact* first = history.data();
  const CertificateFact* last = first + history.size();
  // Histories are a few facts long and nearly always wholly before the cursor: walk back from the end.
  while (last != first && (last - 1)->position >= cursor.certificates) --last;
  if (first == last) return std::nullopt;
  return ViewOf(first, last, at);
}

void Registry::Due(int64_t after, int64_t until, RegistryCursor cursor,
                   const std::function<void(std::string_view)>& visit) const {
  for (auto entry = due_.lower_bound({after + 1, "", -1}); entry != due_.end() && entry->at <= until; ++entry) {
    if (entry->position < cursor.certificates) visit(entry->number);
  }
}

std::optional<int64_t> Registry::Heartbeat(RegistryCursor cursor) const {
  const auto after = std::lower_bound(heartbeats_.begin(), heartbeats_.end(), std::pair(cursor.control, int64_t{0}),
                                      [](const auto& a, const auto& b) { return a.first < b.first; });
  if (after == heartbeats_.begin()) return std::nullopt;
  return std::prev(after)->second;
}

}  // namespace zaojing
