// Claim against scope: does what a look-up says of the goods contradict the certificate it shows? Only what both sides
// state is compared; names by hash, models as sets. Pure.
#pragma once

#include "ingest/lookup_view.h"
#include "processors/models/model_set.h"
#include "processors/reference/registry.h"
#include "processors/screen/listing.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// Effect: what the look-up claims of the goods is in `claim`, as views of the look-up and the registry. Names become
// hashes: they are kept for comparing only. A category stands for the product code the catalogue has for it at `now`.
void TakeClaim(const LookupView& lookup, const Registry& registry, int64_t now, RegistryCursor cursor, Listing* claim);

// What is claimed beside what the certificate states of the same. Where one of the two says nothing, nothing is compared.
struct Comparison {
  enum class Party : uint8_t { kNotCompared, kSame, kOther };
  Party holder = Party::kNotCompared;
  Party maker = Party::kNotCompared;
  Party factory = Party::kNotCompared;
  ModelMatch model = ModelMatch::kUndecided;
  bool stated = false;  // a model, a holder, a maker or a factory

  // The certificate states what its goods are, and nothing claimed is of that.
  bool Untied() const {
    const bool agrees =
        model == ModelMatch::kMatch || holder == Party::kSame || maker == Party::kSame || factory == Party::kSame;
    return stated && !agrees;
  }
};
Comparison Compare(const Listing& claim, const CertificateScope& scope, const Registry& registry,
                   RegistryCursor cursor);

// The product code of the goods: as claimed, else that in the CCC number shown; empty = not known. A view into the claim.
std::string_view CodeOfGoods(const Listing& claim, CredentialId shown);

// The contradiction that counts (order in rules.proto). Touches the scope (null: none is stated) only when more than the
// product code of a CCC number is claimed. `tolerance_e6`: of vehicle parameters.
v1::Scope CompareScope(const Listing& claim, CredentialId id, const CertificateScope* scope,
                       const Comparison& comparison, const Registry& registry, int64_t tolerance_e6);

}  // namespace zaojing
