#include "processors/screen/scope_check.h"

#include <string>
#include <string_view>

#include "processors/models/fold.h"
#include "processors/models/model_set.h"

namespace zaojing {
namespace {

bool ClaimsVehicle(const Listing& claim) {
  return (claim.speed_max | claim.mass | claim.motor_power | claim.battery_voltage) != 0;
}

bool ClaimsMore(const Listing& claim) {
  return !claim.model.empty() || (claim.holder_hash | claim.maker_hash | claim.factory_hash) != 0 ||
         ClaimsVehicle(claim);
}

// Codes of different tables (a licence's unit against a catalogue's code) say nothing about each other.
bool CodeContradicts(std::string_view code, CredentialId id, const CertificateScope* scope, const Registry& registry) {
  if (scope != nullptr && registry.scopes().HasCode(*scope, code)) return false;
  if (IsCcc(id)) return IsCatalogueCode(code);
  return scope != nullptr && registry.scopes().HasCodes(*scope);
}

bool Differs(uint32_t claimed, uint32_t certified, int64_t tolerance_e6) {
  if (claimed == 0 || certified == 0) return false;
  const int64_t difference = claimed > certified ? claimed - certified : certified - claimed;
  return difference * 1'000'000 > tolerance_e6 * int64_t{certified};
}

bool VehicleContradicts(const Listing& claim, const Vehicle& certified, int64_t tolerance_e6) {
  return Differs(claim.speed_max, certified.speed_max, tolerance_e6) ||
         Differs(claim.mass, certified.mass, tolerance_e6) ||
         Differs(claim.motor_power, certified.motor_power, tolerance_e6) ||
         Differs(claim.battery_voltage, certified.battery_voltage, tolerance_e6);
}

v1::Scope CompareGoods(const Listing& claim, const CertificateScope& scope, const Registry& registry,
                       RegistryCursor cursor, int64_t tolerance_e6) {
  if (VehicleContradicts(claim, registry.scopes().VehicleAt(scope.vehicle), tolerance_e6)) {
    return v1::SCOPE_VEHICLE_MISMATCH;
  }
  const bool other_model =
      !claim.model.empty() && MatchModel(claim.model, scope.models, scope.model_words) == ModelMatch::kMismatch;
  if (other_model) return v1::SCOPE_MODEL_MISMATCH;
  const auto contradicts = [&](uint64_t hash, uint32_t party) {
    return hash != 0 && party != 0 && !registry.IsParty(party, hash, cursor);
  };
  if (contradicts(claim.holder_hash, scope.holder)) return v1::SCOPE_HOLDER_MISMATCH;
  if (contradicts(claim.maker_hash, scope.maker)) return v1::SCOPE_MAKER_MISMATCH;
  return contradicts(claim.factory_hash, scope.factory) ? v1::SCOPE_FACTORY_MISMATCH : v1::SCOPE_MATCH;
}

}  // namespace

void TakeClaim(const LookupView& lookup, const Registry& registry, int64_t now, RegistryCursor cursor, Listing* claim) {
  if (!lookup.product_code.empty()) {
    claim->product_code = lookup.product_code;
  } else if (!lookup.category.empty()) {
    claim->product_code = registry.requirements().CodeOf(lookup.category, now, cursor.control);
  }
  claim->batch = lookup.batch;
  claim->gtin = lookup.gtin;
  claim->model = lookup.model;
  if (!lookup.holder.empty()) claim->holder_hash = NameHash(lookup.holder);
  if (!lookup.maker.empty()) claim->maker_hash = NameHash(lookup.maker);
  if (!lookup.factory.empty()) claim->factory_hash = NameHash(lookup.factory);
  if (lookup.scene != v1::SCENE_PLATE) return;
  claim->speed_max = lookup.speed_max;
  claim->mass = lookup.mass;
  claim->motor_power = lookup.motor_power;
  claim->battery_voltage = lookup.battery_voltage;
}

v1::Scope CompareScope(const Listing& claim, CredentialId id, const CertificateScope* scope, const Registry& registry,
                       RegistryCursor cursor, int64_t tolerance_e6) {
  const std::string_view code = claim.product_code;
  const bool own_code = code.empty() || IsCodeOfNumber(id, code);
  const bool more = ClaimsMore(claim);
  v1::Scope found = v1::SCOPE_MATCH;
  if (!own_code || more) {
    if (!own_code && CodeContradicts(code, id, scope, registry)) return v1::SCOPE_CODE_MISMATCH;
    if (more && scope != nullptr) found = CompareGoods(claim, *scope, registry, cursor, tolerance_e6);
  }
  return found == v1::SCOPE_MATCH && claim.vehicle_reused ? v1::SCOPE_VEHICLE_REUSED : found;
}

Tie TieOf(const Listing& claim, const CertificateScope& scope, const Registry& registry, RegistryCursor cursor) {
  if ((scope.holder | scope.maker | scope.factory | scope.model_words) == 0) return Tie::kNotStated;
  const auto agrees = [&](uint64_t hash, uint32_t party) {
    return hash != 0 && party != 0 && registry.IsParty(party, hash, cursor);
  };
  const bool tied =
      agrees(claim.holder_hash, scope.holder) || agrees(claim.maker_hash, scope.maker) ||
      agrees(claim.factory_hash, scope.factory) ||
      (!claim.model.empty() && MatchModel(claim.model, scope.models, scope.model_words) == ModelMatch::kMatch);
  return tied ? Tie::kSome : Tie::kNone;
}

}  // namespace zaojing
