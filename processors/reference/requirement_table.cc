#include "processors/reference/requirement_table.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "proto/identifiers.h"
#include "proto/ids.h"

namespace zaojing {

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
    codes_.push_back({std::string(code), {}});
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
  const auto after = std::upper_bound(code.facts.begin(), code.facts.end(), fact.effective_at,
                                      [](int64_t at, const Fact& f) { return at < f.effective_at; });
  code.facts.insert(after, fact);
}

void RequirementTable::Add(const v1::CatalogueEntry& entry, int64_t position) {
  uint32_t number = 0;
  (void)Ensure(entry.product_code(), &number);
  const std::set<std::string_view> named(entry.categories().begin(), entry.categories().end());
  // What an earlier entry of the code named and this one does not, is not of the code any more.
  for (auto& [category, mappings] : categories_) {
    const bool was = std::any_of(mappings.begin(), mappings.end(), [&](const Mapping& m) { return m.code == number; });
    if (was && named.count(category) == 0) mappings.push_back({entry.effective_at(), position, number, false});
  }
  for (const std::string_view category : named) {
    categories_[std::string(category)].push_back({entry.effective_at(), position, number, !entry.retired()});
  }
}

template <typename Visit>
void RequirementTable::Back(const Code& code, int64_t at, int64_t cursor, Visit visit) {
  auto fact = std::upper_bound(code.facts.begin(), code.facts.end(), at,
                               [](int64_t instant, const Fact& f) { return instant < f.effective_at; });
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

std::string_view RequirementTable::CodeOf(std::string_view category, int64_t at, int64_t cursor) const {
  const auto found = categories_.find(category);
  if (found == categories_.end()) return {};
  const Mapping* best = nullptr;
  for (const Mapping& mapping : found->second) {
    if (mapping.position >= cursor) break;
    const bool later = best == nullptr || mapping.effective_at >= best->effective_at;
    // A code that gives the category up does not take it from another one.
    const bool speaks = mapping.holds || (best != nullptr && best->code == mapping.code);
    if (mapping.effective_at <= at && later && speaks) best = &mapping;
  }
  return best == nullptr || !best->holds ? std::string_view() : std::string_view(codes_[best->code].text);
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
