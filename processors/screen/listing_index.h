// The index (table index): under which keys a listing is found, as they follow from its state. Keys are 16 characters:
//
//   digits, '~'  the certificate shown (CredentialKey)
//   '#' hex      the product code claimed, where it is not the one in the number of a CCC certificate shown
//   '@' hex      the maker claimed, where the certificate did not state it when the listing was judged
//   '*' hex      the GTIN claimed, in the form GTINs are compared in (NormalGtin)
//   '-'          none of these: found only by walking all
//
// So a listing that shows a certificate and claims what it says has one entry: what is said of a product code is found
// among the certificates with the code in their numbers, what is said of a maker among the certificates that state it.
//
// An entry's value is empty, but under the certificate shown by a listing that nothing ties to it (ListingState.untied):
// there it is a word, the hash of the seller (0 = none was named), so that who shows a certificate is told without reading
// listings. Certificates are the subjects that are tallied. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "processors/screen/listing.h"
#include "processors/state/derivation.h"

namespace zaojing {

inline constexpr size_t kIndexKeyBytes = 16;

using IndexKeys = absl::InlinedVector<std::string, 3>;
// The keys a listing is under, in order; at least one.
IndexKeys IndexKeysOf(const Listing& listing);

// `mark` and 15 hex digits of the hash.
std::string MarkedKey(char mark, uint64_t hash);
std::string CodeKey(std::string_view product_code);
std::string MakerKey(uint64_t hash);
std::string GtinKey(std::string_view gtin);

class ListingIndex final : public Derivation {
 public:
  Table source() const override { return Table::kListing; }
  void Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const override;
  uint64_t SubjectNumberOf(std::string_view key) const override;  // a CredentialId
};

}  // namespace zaojing
