#include "processors/reference/enterprise_table.h"

#include <algorithm>

#include "processors/models/fold.h"
#include "proto/check.h"

namespace zaojing {

void EnterpriseTable::Add(const v1::Enterprise& enterprise, int64_t position) {
  facts_[NameHash(enterprise.uscc())].push_back({enterprise.effective_at(), position, NameHash(enterprise.name()),
                                                 texts_.Intern(enterprise.name()), texts_.Intern(enterprise.region()),
                                                 enterprise.tier(), enterprise.closed()});
  named_[NameHash(enterprise.name())].push_back({NameHash(enterprise.uscc()), position});
}

void EnterpriseTable::VisitNames(uint64_t uscc_hash, int64_t cursor, const std::function<void(uint64_t)>& visit) const {
  const auto found = facts_.find(uscc_hash);
  if (found == facts_.end()) return;
  for (const Fact& fact : found->second) {
    if (fact.position < cursor) visit(fact.name_hash);
  }
}

void EnterpriseTable::VisitIdentity(uint64_t hash, int64_t cursor, const std::function<void(uint64_t)>& visit) const {
  visit(hash);
  VisitNames(hash, cursor, visit);
  const auto found = named_.find(hash);
  if (found == named_.end()) return;
  for (const Named& named : found->second) {
    if (named.position >= cursor) continue;
    visit(named.uscc_hash);
    VisitNames(named.uscc_hash, cursor, visit);
  }
}

bool EnterpriseTable::AreOne(uint64_t a, uint64_t b, int64_t cursor) const {
  bool one = false;
  VisitIdentity(a, cursor, [&](uint64_t hash) { one = one || hash == b; });
  return one;
}

bool EnterpriseTable::HasUscc(uint64_t hash, int64_t cursor) const {
  const auto found = facts_.find(hash);
  return found != facts_.end() && found->second.front().position < cursor;
}

std::optional<EnterpriseView> EnterpriseTable::Find(std::string_view uscc, int64_t at, int64_t cursor) const {
  const auto found = facts_.find(NameHash(uscc));
  if (found == facts_.end()) return std::nullopt;
  const Fact* in_effect = nullptr;
  for (const Fact& fact : found->second) {
    if (fact.position >= cursor) break;
    const bool later = in_effect == nullptr || fact.effective_at >= in_effect->effective_at;
    if (fact.effective_at <= at && later) in_effect = &fact;
  }
  if (in_effect == nullptr) return std::nullopt;
  return EnterpriseView{texts_.Text(in_effect->name), in_effect->tier, texts_.Text(in_effect->region),
                        in_effect->closed};
}

const EnterpriseTable::Fact& EnterpriseTable::FactAt(uint64_t uscc_hash, int64_t position) const {
  const auto found = facts_.find(uscc_hash);
  ZAOJING_CHECK(found != facts_.end());
  const std::vector<Fact>& facts = found->second;
  const auto fact = std::lower_bound(facts.begin(), facts.end(), position,
                                     [](const Fact& one, int64_t at) { return one.position < at; });
  ZAOJING_CHECK(fact != facts.end() && fact->position == position);
  return *fact;
}

bool EnterpriseTable::Joins(uint64_t uscc_hash, int64_t position) const {
  return !HasName(uscc_hash, FactAt(uscc_hash, position).name_hash, position);
}

std::string_view EnterpriseTable::NameAt(uint64_t uscc_hash, int64_t position) const {
  return texts_.Text(FactAt(uscc_hash, position).name);
}

bool EnterpriseTable::HasName(uint64_t uscc_hash, uint64_t name_hash, int64_t cursor) const {
  const auto found = facts_.find(uscc_hash);
  if (found == facts_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(),
                     [&](const Fact& fact) { return fact.position < cursor && fact.name_hash == name_hash; });
}

}  // namespace zaojing
