// What was said about the goods of a listing: which failed samples, recalls and orders its claim meets, and what the
// rows make of them. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "processors/reference/registry.h"
#include "processors/screen/listing.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// One thing said, and how the goods lie to it.
struct Match {
  v1::Ground ground = v1::GROUND_UNSPECIFIED;
  v1::Fit fit = v1::FIT_UNSPECIFIED;
  const Statement* statement = nullptr;  // the registry's
};
using Matches = absl::InlinedVector<Match, 1>;

// What is known, and when.
struct KnownAt {
  const Registry& registry;
  RegistryCursor cursor;
  int64_t now = 0;
};

// Everything in force that meets the claim, in no order. `key`: of the look-up; `shown`: the credential, 0 = none of a
// known form; `scope`: of its certificate, null = it is not known or states none. Costs a probe or two of hash tables
// where nothing was said about such goods, and nothing where nothing was said at all.
Matches FindMatches(const Listing& claim, std::string_view key, CredentialId shown, const CertificateScope* scope,
                    const KnownAt& known);

// The restriction rows compiled, one byte a case. `rules` must outlive this and have passed ParseRules.
class RestrictionRows {
 public:
  explicit RestrictionRows(const v1::RuleSet& rules);
  const v1::RestrictionRow& Decide(const Match& match, v1::Scene scene) const;
  // The strictest answer, of equally strict ones that of the record that came first; nullptr when nothing restricts.
  struct Strictest {
    const v1::RestrictionRow* row = nullptr;
    const Statement* statement = nullptr;
  };
  Strictest Decide(const Matches& matches, v1::Scene scene) const;

 private:
  std::vector<const v1::RestrictionRow*> rows_;
  std::vector<uint8_t> by_case_;  // row number + 1; 0 = cannot occur
};

}  // namespace zaojing
