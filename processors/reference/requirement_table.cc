#include "processors/reference/requirement_table.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "proto/identifiers.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

// One past those of the date and before.
template <typename Dated>
auto PastDate(const std::vector<Dated>& list, int64_t at) {
  return std::upper_bound(list.begin(), list.end(), at,
                          [](int64_t instant, const Dated& one) { return instant < one.effective_at; });
}

template <typename Dated>
void InsertByDate(Dated one, std::vector<Dated>* list) {
  list->insert(PastDate(*list, one.effective_at), std::move(one));
}

}  // namespace

v1::CredentialKind Requirement::WillDoAs(v1::CredentialKind shown) const {
  if (shown == v1::CREDENTIAL_KIND_UNSPECIFIED) return v1::CREDENTIAL_KIND_UNSPECIFIED;
  if (Accepts(shown)) return shown;
  const bool declared = shown == v1::CREDENTIAL_KIND_CCC && Accepts(v1::CREDENTIAL_KIND_CCC_SELF_DECLARED);
  return declared ? v1::CREDENTIAL_KIND_CCC_SELF_DECLARED : v1::CREDENTIAL_KIND_UNSPECIFIED;
}

bool Requirement::Refuses(v1::CredentialKind shown) const {
  const bool wanted = kinds != 0 && principal != v1::CREDENTIAL_KIND_NONE;
  return wanted && WillDoAs(shown) == v1::CREDENTIAL_KIND_UNSPECIFIED;
}

size_t RequirementTable::TextHash::operator()(std::string_view text) const { return Hash64(text); }

RequirementTable::RequirementTable() : codes_(1), four_digit_(kCatalogueCodes, 0) {}

RequirementTable::Code& RequirementTable::Ensure(std::string_view code, uint32_t* number) {
  const int digits = CatalogueCodeValue(code);
  uint32_t& slot = digits >= 0 ? four_digit_[static_cast<size_t>(digits)] : others_[std::string(code)];
  if (slot == 0) {
    slot = static_cast<uint32_t>(codes_.size());
    codes_.push_back({std::string(code), {}, {}});
  }
  *number = slot;
  return codes_[slot];
}

const RequirementTable::Code* RequirementTable::Find(std::string_view code) const {
  const int digits = CatalogueCodeValue(code);
  if (digits >= 0) {
    const uint32_t number = four_digit_[static_cast<size_t>(digits)];
    return number == 0 ? nullptr : &codes_[number];
  }
  const auto found = others_.find(code);
  return found == others_.end() ? nullptr : &codes_[found->second];
}

void RequirementTable::Add(const v1::RequiredCredential& required, int64_t position) {
  uint32_t number = 0;
  Code& code = Ensure(required.product_code(), &number);
  Fact fact{required.effective_at(), position, 0, required.kinds(0)};
  for (const int kind : required.kinds()) fact.kinds |= 1U << static_cast<uint32_t>(kind);
  InsertByDate(fact, &code.facts);
}

void RequirementTable::Add(const v1::CatalogueEntry& entry, int64_t position) {
  uint32_t number = 0;
  Code& code = Ensure(entry.product_code(), &number);
  Entry added{entry.effective_at(), position, {}};
  if (!entry.retired()) added.categories.assign(entry.categories().begin(), entry.categories().end());
  std::sort(added.categories.begin(), added.categories.end());
  for (const std::string& category : added.categories) {
    InsertByDate(Naming{added.effective_at, position, number}, &categories_[category]);
  }
  InsertByDate(std::move(added), &code.entries);
}

template <typename Visit>
void RequirementTable::Back(const Code& code, int64_t at, int64_t cursor, Visit visit) {
  auto fact = PastDate(code.facts, at);
  int64_t decided = at + 1;  // from here on facts that were visited decide
  while (fact != code.facts.begin()) {
    --fact;
    // Of one date the later arrival decides; the others never did.
    if (fact->position >= cursor || fact->effective_at == decided) continue;
    decided = fact->effective_at;
    if (!visit(*fact)) return;
  }
}

Requirement RequirementTable::At(std::string_view text, int64_t at, int64_t cursor) const {
  Requirement found;
  const Code* code = Find(text);
  if (code == nullptr) return found;
  Back(*code, at, cursor, [&](const Fact& fact) {
    if (found.kinds == 0) found = {fact.principal, fact.kinds, fact.effective_at, fact.effective_at};
    if (fact.kinds != found.kinds) return false;
    found.since = fact.effective_at;
    return true;
  });
  return found;
}

int64_t RequirementTable::RefusedSince(std::string_view text, v1::CredentialKind shown, int64_t at,
                                       int64_t cursor) const {
  int64_t since = 0;
  const Code* code = Find(text);
  if (code == nullptr) return since;
  Back(*code, at, cursor, [&](const Fact& fact) {
    const bool refused = Requirement{fact.principal, fact.kinds}.Refuses(shown);
    if (refused) since = fact.effective_at;
    return refused;
  });
  return since;
}

const RequirementTable::Entry* RequirementTable::EntryAt(const Code& code, int64_t at, int64_t cursor) {
  for (auto entry = PastDate(code.entries, at); entry != code.entries.begin();) {
    --entry;
    if (entry->position < cursor) return &*entry;
  }
  return nullptr;
}

bool RequirementTable::Knows(std::string_view text, int64_t cursor) const {
  const Code* code = Find(text);
  if (code == nullptr) return false;
  const auto seen = [cursor](const auto& dated) { return dated.position < cursor; };
  return std::any_of(code->facts.begin(), code->facts.end(), seen) ||
         std::any_of(code->entries.begin(), code->entries.end(), seen);
}

std::string_view RequirementTable::CodeOf(std::string_view category, int64_t at, int64_t cursor) const {
  const auto found = categories_.find(category);
  if (found == categories_.end()) return {};
  for (auto naming = PastDate(found->second, at); naming != found->second.begin();) {
    --naming;
    if (naming->position >= cursor) continue;
    const Code& code = codes_[naming->code];
    // Another entry of the code and date that came later stands in its place.
    if (EntryAt(code, naming->effective_at, cursor)->position != naming->position) continue;
    const std::vector<std::string>& now = EntryAt(code, at, cursor)->categories;
    return std::binary_search(now.begin(), now.end(), category) ? std::string_view(code.text) : std::string_view();
  }
  return {};
}

void RequirementTable::Due(int64_t after, int64_t until, int64_t cursor,
                           const std::function<void(std::string_view)>& visit) const {
  std::set<std::pair<int64_t, std::string_view>> due;
  for (const Code& code : codes_) {
    for (const Fact& fact : code.facts) {
      if (fact.position < cursor && fact.effective_at > after && fact.effective_at <= until) {
        due.insert({fact.effective_at, code.text});
      }
    }
  }
  for (const auto& [at, code] : due) visit(code);
}

}  // namespace zaojing
