#include "processors/screen/missing.h"

#include "proto/identifiers.h"

namespace zaojing {
namespace {

bool IsOfParty(v1::Scope scope) {
  return scope == v1::SCOPE_HOLDER_MISMATCH || scope == v1::SCOPE_MAKER_MISMATCH || scope == v1::SCOPE_FACTORY_MISMATCH;
}

bool IsOfVehicle(v1::Scope scope) { return scope == v1::SCOPE_VEHICLE_MISMATCH || scope == v1::SCOPE_VEHICLE_REUSED; }

}  // namespace

bool IsMissing(v1::Missing missing, const Listing& claim, const RowGround& ground) {
  switch (missing) {
    case v1::MISSING_MADE_AT:
      return claim.made_at == 0;
    case v1::MISSING_SHIPMENT_PROOF:
      return !claim.shipment_proven;
    case v1::MISSING_PRODUCT_CODE:
      // A number of the CCC form has a code in it.
      if (claim.product_code.empty()) return !IsCcc(ParseCredentialNumber(claim.certificate_number).id);
      return ground.scope == v1::SCOPE_CODE_MISMATCH;
    case v1::MISSING_MODEL:
      return ground.restriction || ground.scope == v1::SCOPE_MODEL_MISMATCH;
    case v1::MISSING_PARTY:
      return ground.restriction || IsOfParty(ground.scope);
    case v1::MISSING_VEHICLE_CHECK:
      return ground.restriction || IsOfVehicle(ground.scope);
    case v1::MISSING_BATCH:
      // What was said states one of the two, and which is not told here.
      return claim.batch.empty() || claim.made_at == 0;
    default:
      return true;
  }
}

}  // namespace zaojing
