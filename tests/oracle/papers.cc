#include "tests/oracle/papers.h"

#include <algorithm>
#include <cctype>

namespace zaojing::oracle {
namespace {

// Says that it will be valid.
bool IsAhead(const v1::Certificate& fact, int64_t now) {
  return fact.status() == v1::CERTIFICATE_STATUS_VALID && fact.valid_from() > now;
}

}  // namespace

std::string Sixteen(const std::string& shown) {
  if (shown.size() < 16) return "";
  std::string head = shown.substr(0, 16);
  if (!std::all_of(head.begin(), head.end(), [](unsigned char c) { return std::isdigit(c); })) return "";
  if (shown.size() == 16) return head;
  return shown[16] == '(' && shown.back() == ')' && shown.size() > 18 ? head : "";
}

Status StatusAt(const std::vector<v1::Certificate>& facts, int64_t now) {
  Status result;
  if (facts.empty()) return result;
  result.known = true;
  const v1::Certificate* begun = nullptr;  // the newest by date of what holds by now
  const v1::Certificate* dated = nullptr;  // and of what has a day that has come, but is valid from a later one
  const v1::Certificate* first = &facts.front();
  for (const v1::Certificate& fact : facts) {
    if (fact.effective_at() < first->effective_at()) first = &fact;
    if (fact.effective_at() > now) continue;
    const v1::Certificate** newest = IsAhead(fact, now) ? &dated : &begun;
    if (*newest == nullptr || fact.effective_at() >= (*newest)->effective_at()) *newest = &fact;
  }
  result.pending = begun == nullptr;
  const v1::Certificate& chosen = begun != nullptr ? *begun : dated != nullptr ? *dated : *first;
  result.fact = chosen.event_id();
  result.status = chosen.status();
  int64_t end = chosen.valid_until();
  int64_t said = INT64_MIN;
  for (const v1::Certificate& fact : facts) {
    const bool before = fact.effective_at() <= std::min(chosen.effective_at(), now) && fact.effective_at() >= said;
    if (chosen.valid_until() > 0 || fact.valid_until() == 0 || !before || IsAhead(fact, now)) continue;
    said = fact.effective_at();
    end = fact.valid_until();
  }
  result.over = end > 0 && now >= end;
  const bool ran_out = chosen.valid_until() > 0 && now >= chosen.valid_until();
  if (!result.pending && result.status == v1::CERTIFICATE_STATUS_VALID && ran_out) {
    result.status = v1::CERTIFICATE_STATUS_EXPIRED;
  }
  return result;
}

int64_t NotValidSince(const std::vector<v1::Certificate>& facts, int64_t now) {
  std::set<int64_t> instants;
  for (const v1::Certificate& fact : facts) {
    for (const int64_t at : {fact.effective_at(), fact.valid_from(), fact.valid_until()}) {
      if (at <= now) instants.insert(at);
    }
  }
  int64_t since = now;
  for (auto at = instants.rbegin(); at != instants.rend(); ++at) {
    const Status then = StatusAt(facts, *at);
    if (then.pending || then.status == v1::CERTIFICATE_STATUS_VALID) break;
    since = *at;
  }
  return since;
}

bool IsLicence(const std::string& shown) { return shown.rfind("XK", 0) == 0; }
std::string Credential(const std::string& shown) { return IsLicence(shown) ? shown : Sixteen(shown); }

int KindAt(const std::vector<v1::Certificate>& facts, const std::string& shown, int64_t now) {
  if (IsLicence(shown)) return v1::CREDENTIAL_KIND_PRODUCTION_LICENCE;
  const std::string deciding = StatusAt(facts, now).fact;
  int64_t until = now;  // facts of later days than the one that decides say nothing yet
  for (const v1::Certificate& fact : facts) {
    if (fact.event_id() != deciding) continue;
    if (fact.kind() != v1::CREDENTIAL_KIND_UNSPECIFIED) return fact.kind();
    until = fact.effective_at();
  }
  int kind = v1::CREDENTIAL_KIND_CCC;
  int64_t said = 0;
  for (const v1::Certificate& fact : facts) {
    if (fact.kind() == v1::CREDENTIAL_KIND_UNSPECIFIED || IsAhead(fact, now)) continue;
    if (fact.effective_at() < said || fact.effective_at() > std::min(until, now)) continue;
    said = fact.effective_at();
    kind = fact.kind();
  }
  return kind;
}

Needs NeedsAt(const std::vector<v1::Control>& control, const std::string& code, int64_t now) {
  const v1::RequiredCredential* chosen = nullptr;
  for (const v1::Control& fact : control) {
    const v1::RequiredCredential& required = fact.credential();
    if (code.empty() || required.product_code() != code || required.effective_at() > now) continue;
    if (chosen == nullptr || required.effective_at() >= chosen->effective_at()) chosen = &required;
  }
  return chosen == nullptr ? Needs() : Needs(chosen->kinds().begin(), chosen->kinds().end());
}

bool Refused(const Needs& needs, int kind) {
  if (needs.empty() || needs.count(v1::CREDENTIAL_KIND_NONE) > 0 || needs.count(kind) > 0) return false;
  return kind != v1::CREDENTIAL_KIND_CCC || needs.count(v1::CREDENTIAL_KIND_CCC_SELF_DECLARED) == 0;
}

int64_t RefusedSince(const std::vector<v1::Control>& control, const std::string& code, int kind, int64_t now) {
  std::set<int64_t> dates;
  for (const v1::Control& fact : control) {
    const v1::RequiredCredential& required = fact.credential();
    if (required.product_code() == code && required.effective_at() <= now) dates.insert(required.effective_at());
  }
  int64_t since = now;
  for (auto at = dates.rbegin(); at != dates.rend() && Refused(NeedsAt(control, code, *at), kind); ++at) since = *at;
  return since;
}

const v1::Certificate* ScopeAt(const std::vector<v1::Certificate>& facts, const std::string& deciding, int64_t now) {
  const v1::Certificate* self = nullptr;
  for (const v1::Certificate& fact : facts) {
    if (fact.event_id() == deciding) self = &fact;
  }
  const auto states = [](const v1::Certificate& fact) {
    return fact.models_size() > 0 || !fact.maker().empty() || !fact.maker_uscc().empty() || fact.has_vehicle();
  };
  if (self == nullptr || states(*self)) return self;
  const v1::Certificate* before = nullptr;
  const v1::Certificate* earliest = nullptr;
  for (const v1::Certificate& fact : facts) {
    if (!states(fact)) continue;
    if (earliest == nullptr || fact.effective_at() < earliest->effective_at()) earliest = &fact;
    const bool in_time = fact.effective_at() <= self->effective_at() && !IsAhead(fact, now);
    if (in_time && (before == nullptr || fact.effective_at() >= before->effective_at())) before = &fact;
  }
  return before != nullptr ? before : earliest;
}

}  // namespace zaojing::oracle
