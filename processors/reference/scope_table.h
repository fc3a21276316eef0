// For whom and for what certificates are: holder, maker, factory, models, product codes, vehicle. Names, codes and whole
// scopes that come again are kept once; no protobuf object is. Part of the registry: appended by its owner.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "processors/models/model_set.h"
#include "processors/reference/arena.h"
#include "processors/reference/blocks.h"
#include "proto/fetch_ahead.h"
#include "zaojing/v1/certificate.pb.h"

namespace zaojing {

// A firm as a certificate names it. Claims are compared by hash (NameHash), 0 = not stated.
struct Party {
  uint64_t name_hash = 0;
  uint64_t uscc_hash = 0;
  std::string_view name;
  std::string_view uscc;
  bool stated() const { return name_hash != 0 || uscc_hash != 0; }
};

// Numbers of parties and texts; 0 = not stated. One line of the processor's cache: it is fetched ahead as one.
struct alignas(64) CertificateScope {
  uint32_t holder = 0;
  uint32_t maker = 0;
  uint32_t factory = 0;
  uint32_t vehicle = 0;
  const uint64_t* models = nullptr;  // a ModelSet
  uint32_t model_words = 0;
  uint32_t product_codes_begin = 0;
  uint32_t product_codes_end = 0;
  uint32_t body = 0;
  uint64_t yearly_production = 0;
  // Of Party maker, which mostly is the holder and the factory too: then a claim is compared without a look at it.
  uint64_t maker_name_hash = 0;
  uint64_t maker_uscc_hash = 0;
};
static_assert(sizeof(CertificateScope) == 64);

struct Vehicle {
  uint32_t speed_max = 0;
  uint32_t mass = 0;
  uint32_t motor_power = 0;
  uint32_t battery_voltage = 0;
  bool stated() const { return (speed_max | mass | motor_power | battery_voltage) != 0; }
  friend bool operator==(const Vehicle&, const Vehicle&) = default;
};

class ScopeTable {
 public:
  // Texts are kept in `arena`, model sets in `models`; both outlive this.
  ScopeTable(Arena& arena, Arena& models);

  // Effect: scopes from number `near` on lie in `far` (Blocks::PutFar).
  void PutFar(BlockMemory& far, size_t near) { scopes_.PutFar(far, near); }

  // The number of the certificate's scope; 0 when it states none. A scope equal to `before` gets its number: facts of
  // one certificate mostly repeat it.
  uint32_t Add(const v1::Certificate& certificate, uint32_t before);
  // REQUIRES scope != 0.
  const CertificateScope& At(uint32_t scope) const { return scopes_[scope]; }
  void PrefetchScope(uint32_t scope) const { FetchAhead(&scopes_[scope]); }
  // Models, and the holder where it is another firm.
  void PrefetchStated(uint32_t scope) const {
    const CertificateScope& stated = scopes_[scope];
    FetchAhead(stated.models);
    if (stated.holder != stated.maker) FetchAhead(&parties_[stated.holder]);
  }
  const Party& PartyAt(uint32_t party) const { return parties_[party]; }
  const Vehicle& VehicleAt(uint32_t vehicle) const { return vehicles_[vehicle]; }
  std::string_view BodyOf(const CertificateScope& scope) const { return texts_.Text(scope.body); }
  // Whether a code is among those stated; codes are compared as they are written.
  bool HasCode(const CertificateScope& scope, std::string_view code) const;
  bool HasCodes(const CertificateScope& scope) const { return scope.product_codes_begin != scope.product_codes_end; }
  // Heap bytes of everything here but the arenas, for the memory budget.
  size_t bytes() const;

 private:
  uint32_t AddParty(std::string_view name, std::string_view uscc);
  bool Same(const CertificateScope& a, const CertificateScope& b) const;

  Interner texts_;
  Arena& arena_;
  Arena& models_;
  Blocks<CertificateScope> scopes_;  // number 0 is nobody's, as in the next two
  Blocks<Party> parties_;
  std::vector<Vehicle> vehicles_;
  std::vector<uint32_t> codes_;  // runs of text numbers
  absl::flat_hash_map<uint64_t, uint32_t> party_numbers_;
};

}  // namespace zaojing
