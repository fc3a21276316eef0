// Whether a state is whole, from one walk over all of its entries: their digest, to be compared with a marker's, and
// whether the derived entries are exactly those that follow from the others. One owner, one thread. No I/O.
#pragma once

#include <string_view>

#include "processors/state/derivation.h"
#include "processors/state/digest.h"

namespace zaojing {

class StateCheck {
 public:
  // `derivation` (null: nothing is derived) must outlive this object.
  explicit StateCheck(const Derivation* derivation) : derivation_(derivation) {}

  // Of a store's walk; what is no table's is passed over.
  void Add(std::string_view key, std::string_view value);

  const Digest& digest() const { return digest_; }
  bool derived_fits() const { return derived_ == Digest{}; }

 private:
  const Derivation* derivation_;
  Digest digest_;
  Digest derived_;  // those there less those that follow
  DerivedEntries follow_;
};

}  // namespace zaojing
