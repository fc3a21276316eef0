// Claim against scope: does what a look-up says of the goods contradict the certificate it shows? Only what both sides
// state is compared; names by hash, models as sets. Pure.
#pragma once

#include "ingest/lookup_view.h"
#include "processors/reference/registry.h"
#include "processors/screen/listing.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// Effect: what the look-up claims of the goods is in `claim`, as views of the look-up and the registry. Names become hashes: they are kept for comparing only. A
// category stands for the product code the catalogue has for it at `now`.
void TakeClaim(const LookupView& lookup, const Registry& registry, int64_t now, RegistryCursor cursor, Listing* claim);

// The contradiction that counts (order in rules.proto). Touches the scope (null: none is stated) only when more than the
// product code of a CCC number is claimed. `tolerance_e6`: of vehicle parameters.
v1::Scope CompareScope(const Listing& claim, CredentialId id, const CertificateScope* scope, const Registry& registry,
                       RegistryCursor cursor, int64_t tolerance_e6);

// Whether anything claimed is of what the certificate states: a model it covers, its holder, maker or factory.
enum class Tie : uint8_t {
  kSome,
  kNone,
  kNotStated,  // the certificate states nothing that could be claimed
};
Tie TieOf(const Listing& claim, const CertificateScope& scope, const Registry& registry, RegistryCursor cursor);

}  // namespace zaojing
