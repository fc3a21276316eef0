// What goods of a product code must show, and from when (许可转认证, mandatory-from dates); and which product code a
// platform's category is. Bitemporal as the registry: the facts before a cursor, the one in effect at an instant. Part
// of the registry: appended by its owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "zaojing/v1/control.pb.h"

namespace zaojing {

// What is required of one code at one instant.
struct Requirement {
  v1::CredentialKind principal = v1::CREDENTIAL_KIND_UNSPECIFIED;  // UNSPECIFIED = not known
  uint32_t kinds = 0;                                              // bit set of CredentialKind: any of them will do
  int64_t since = 0;  // from when on, without a break, these kinds; microseconds UTC
  int64_t told = 0;   // effective date of the fact that says so; after `since` where it was said before
  bool Accepts(v1::CredentialKind kind) const { return (kinds >> static_cast<uint32_t>(kind) & 1U) != 0; }
  // As which of the kinds one that is shown will do: a certificate also as the self-declaration that would be enough;
  // UNSPECIFIED = as none of them.
  v1::CredentialKind WillDoAs(v1::CredentialKind shown) const;
  // Something is needed, and what is shown is not it.
  bool Refuses(v1::CredentialKind shown) const;
};

class RequirementTable {
 public:
  RequirementTable();
  void Add(const v1::RequiredCredential& required, int64_t position);
  void Add(const v1::CatalogueEntry& entry, int64_t position);

  // By the facts of control before `cursor`: among those with effective_at <= at the latest effective one, the later
  // arrival on a tie. Before the first of them nothing is known. The same kinds told again are no new requirement.
  Requirement At(std::string_view text, int64_t at, int64_t cursor) const;
  // From when on, without a break, the code has refused such a credential. REQUIRES that it does at this instant.
  int64_t RefusedSince(std::string_view text, v1::CredentialKind shown, int64_t at, int64_t cursor) const;
  // Whether any fact of control before the cursor is about the code, in effect or not.
  bool Knows(std::string_view text, int64_t cursor) const;
  // The code of a category likewise: that which named it last, if the entry of that code in effect still does; empty when
  // none. A code that gives a category up leaves it to none.
  std::string_view CodeOf(std::string_view category, int64_t at, int64_t cursor) const;

  // The codes whose requirement begins in (after, until], in order of the instant.
  void Due(int64_t after, int64_t until, int64_t cursor, const std::function<void(std::string_view code)>& visit) const;

 private:
  struct Fact {
    int64_t effective_at;
    int64_t position;
    uint32_t kinds;
    v1::CredentialKind principal;
  };
  struct Entry {
    int64_t effective_at;
    int64_t position;
    std::vector<std::string> categories;  // ascending; none of a retired code
  };
  struct Code {
    std::string text;
    std::vector<Fact> facts;     // by effective date, then arrival
    std::vector<Entry> entries;  // likewise
  };
  // An entry that names the category.
  struct Naming {
    int64_t effective_at;
    int64_t position;
    uint32_t code;
  };
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const;
  };
  const Code* Find(std::string_view code) const;
  // Visits the facts of a code that decide at `at` and before, the newest first, until the visitor returns false.
  template <typename Visit>
  static void Back(const Code& code, int64_t at, int64_t cursor, Visit visit);
  Code& Ensure(std::string_view code, uint32_t* number);
  // The entry in effect; nullptr = none.
  static const Entry* EntryAt(const Code& code, int64_t at, int64_t cursor);

  std::vector<Code> codes_;           // number 0 is nobody's
  std::vector<uint32_t> four_digit_;  // the codes of the CCC catalogue, by their value
  absl::flat_hash_map<std::string, uint32_t, TextHash, std::equal_to<>> others_;
  absl::flat_hash_map<std::string, std::vector<Naming>, TextHash, std::equal_to<>> categories_;  // as Code::entries
};

}  // namespace zaojing
