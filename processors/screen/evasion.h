// Ways round the gate, as far as one task sees them: signals for risk, which adds up what many tasks saw. Steers no
// answer.
//
//   forged number      the form of a CCC number is right, but no certificate was ever issued in that year, by that body
//                      or for that product code
//   stopped listing    who sells what on which number, so that risk knows the goods when they come back as a new listing
//   borrowed           listings that show a certificate and claim nothing that ties their goods to it: no model it
//                      covers, no holder, maker or factory that it states. Told each time one more makes their count at the
//                      task half as large again: how many there are of how many listings (both exact) and whose (up to
//                      limits::kShownListingsMax listings)
//   cancelled vehicle  a plate is asked for a vehicle made after its certificate had been cancelled or revoked
//
// Pure but for the context.
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/lookup_view.h"
#include "processors/runtime/stage.h"
#include "processors/screen/listing.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// One look-up that was answered, its listing's new state written.
struct AskedListing {
  const LookupView& lookup;
  std::string_view key;
  const Listing* before;  // null: asked about for the first time
  const Listing& next;
  v1::Finding finding;
  CredentialId shown;
  bool registered;  // the registry has a fact about it, whether stale or not
};
void LookForEvasion(const v1::EvasionRules& rules, const AskedListing& asked, TaskContext& context);

// One hash for: this merchant sells such goods on such a number. 0 = the claims do not tell: no merchant, or neither a
// number nor a model nor a GTIN.
uint64_t GoodsOf(const Listing& listing);

}  // namespace zaojing
