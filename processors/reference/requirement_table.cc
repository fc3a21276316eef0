#include "processors/reference/requirement_table.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "proto/identifiers.h"
#include "proto/ids.h"

namespace zaojing {
namespace {

// Of facts in arrival order, the one in effect: the latest effective, the later arrival on a tie.
template <typename Fact>
const Fact* InEffect(const std::vector<Fact>& facts, int64_t at, int64_t cursor) {
  const Fact* found = nullptr;
  for (const Fact& fact : facts) {
    if (fact.position >= cursor) break;
    if (fact.effective_at <= at && (found == nullptr || fact.effective_at >= found->effective_at)) found = &fact;
  }
  return found;
}

}  // namespace

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
  code.facts.push_back(fact);
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

Requirement RequirementTable::At(std::string_view text, int64_t at, int64_t cursor) const {
  const Code* code = Find(text);
  const Fact* fact = code == nullptr ? nullptr : InEffect(code->facts, at, cursor);
  if (fact == nullptr) return {};
  return {fact->principal, fact->kinds, fact->effective_at};
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
