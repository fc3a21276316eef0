// Enterprises by USCC: names they have and had, tier, region. Bitemporal as the registry. Part of the registry: appended
// by its owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "processors/reference/arena.h"
#include "zaojing/v1/enterprise.pb.h"

namespace zaojing {

struct EnterpriseView {
  std::string_view name;
  v1::EnterpriseTier tier = v1::ENTERPRISE_TIER_UNSPECIFIED;
  std::string_view region;
  bool closed = false;
};

class EnterpriseTable {
 public:
  explicit EnterpriseTable(Arena& arena) : texts_(arena) {}
  void Add(const v1::Enterprise& enterprise, int64_t position);

  // What the enterprise was at an instant, by the facts before the cursor; nullopt when none was in effect.
  std::optional<EnterpriseView> Find(std::string_view uscc, int64_t at, int64_t cursor) const;
  // Whether the enterprise of this code ever had a name of this hash (NameHash), by the facts before the cursor.
  bool HasName(uint64_t uscc_hash, uint64_t name_hash, int64_t cursor) const;
  // Whether the fact at `position` gives the enterprise of this code a name that no fact before it did.
  bool Joins(uint64_t uscc_hash, int64_t position) const;
  // The name in the fact at `position`. REQUIRES that it is of the enterprise of this code.
  std::string_view NameAt(uint64_t uscc_hash, int64_t position) const;
  // The names the enterprise ever had, by the facts before the cursor; one may come twice.
  void VisitNames(uint64_t uscc_hash, int64_t cursor, const std::function<void(uint64_t name_hash)>& visit) const;
  // Visits everything a firm goes by that is named by this hash, be it of a name or a code: the hash itself, and the
  // code and every name of each enterprise that has the code or ever had the name. Of two hashes each is visited for
  // the other, or neither. One may come twice.
  void VisitIdentity(uint64_t hash, int64_t cursor, const std::function<void(uint64_t hash)>& visit) const;
  // Whether one enterprise goes by both.
  bool AreOne(uint64_t a, uint64_t b, int64_t cursor) const;
  // Whether the hash is of the code of an enterprise.
  bool HasUscc(uint64_t hash, int64_t cursor) const;

 private:
  struct Fact;
  const Fact& FactAt(uint64_t uscc_hash, int64_t position) const;

  struct Fact {
    int64_t effective_at;
    int64_t position;
    uint64_t name_hash;
    uint32_t name;
    uint32_t region;
    v1::EnterpriseTier tier;
    bool closed;
  };
  Interner texts_;
  absl::flat_hash_map<uint64_t, std::vector<Fact>> facts_;  // by NameHash of the USCC, arrival order
  struct Named {
    uint64_t uscc_hash;
    int64_t position;
  };
  absl::flat_hash_map<uint64_t, std::vector<Named>> named_;  // by NameHash of the name, arrival order
};

}  // namespace zaojing
