// Which certificates state a maker, so that what is said about a maker's goods finds the listings that show them. Part of
// the registry: appended by its owner.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "processors/reference/scope_table.h"
#include "proto/identifiers.h"

namespace zaojing {

class MakerTable {
 public:
  // Effect: from the certificate fact at `position` on, the certificate is among the maker's; it stays, whatever later
  // facts state. `number`: of the party. REQUIRES maker.stated().
  void Add(uint32_t number, const Party& maker, CredentialId certificate, int64_t position);
  // Visits the certificates of makers of this name or USCC (NameHash), by the facts before the cursor; in no order, and
  // one may come twice.
  void Visit(uint64_t hash, int64_t cursor, const std::function<void(CredentialId)>& visit) const;
  size_t bytes() const;

 private:
  struct Entry {
    CredentialId certificate;
    uint32_t position;
  };
  std::vector<std::vector<Entry>> by_party_;
  absl::flat_hash_map<uint64_t, absl::InlinedVector<uint32_t, 1>> parties_;  // of a hash
};

}  // namespace zaojing
