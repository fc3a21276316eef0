// Derived entries made again from a changelog, which does not carry them: the store's, beside what it is about to take.
// At every moment between two batches the derived entries of a store are those of the sources it holds, whatever part of
// the changelog it has seen, and however often. One use; no thread of its own.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "processors/state/derivation.h"
#include "processors/state/store.h"

namespace zaojing {

class DerivedRestore {
 public:
  // `derivation` (null: nothing is derived) and `store` must outlive this object.
  DerivedRestore(const Derivation* derivation, Store& store) : derivation_(derivation), store_(store) {}

  // Effect: what follows from the sources among `changes` is appended to them; views of this object. kDataLoss: what the
  // store holds of a source cannot be read.
  absl::Status Append(std::vector<StateChange>* changes);

 private:
  const Derivation* const derivation_;
  Store& store_;
  std::deque<std::string> kept_;
};

}  // namespace zaojing
