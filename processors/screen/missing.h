// Of what a row names as missing, what is: the rest was given, or nothing the look-up says is in its way. Pure.
#pragma once

#include "processors/screen/listing.h"
#include "zaojing/v1/codes.pb.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// What an answer rests on.
struct RowGround {
  v1::Scope scope = v1::SCOPE_MATCH;  // how the claim contradicts the certificate
  bool restriction = false;           // a restriction row's: what was said about the goods, not the certificate
};

// Whether whoever asked with `claim` still owes `missing`, where the row that decided names it. A REVIEW row of the
// shipped rules names enough that something always is: see missing_test.cc.
bool IsMissing(v1::Missing missing, const Listing& claim, const RowGround& ground);

}  // namespace zaojing
