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

v1::Scope CompareGoods(const Listing& claim, const CertificateScope& scope, const Comparison& comparison,
                       const Registry& registry, int64_t tolerance_e6) {
  if (VehicleContradicts(claim, registry.scopes().VehicleAt(scope.vehicle), tolerance_e6)) {
    return v1::SCOPE_VEHICLE_MISMATCH;
  }
  if (comparison.model == ModelMatch::kMismatch) return v1::SCOPE_MODEL_MISMATCH;
  if (comparison.holder == Comparison::Party::kOther) return v1::SCOPE_HOLDER_MISMATCH;
  if (comparison.maker == Comparison::Party::kOther) return v1::SCOPE_MAKER_MISMATCH;
  return comparison.factory == Comparison::Party::kOther ? v1::SCOPE_FACTORY_MISMATCH : v1::SCOPE_MATCH;
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

Comparison Compare(const Listing& claim, const CertificateScope& scope, const Registry& registry,
                   RegistryCursor cursor) {
  Comparison comparison;
  comparison.stated = (scope.holder | scope.maker | scope.factory | scope.model_words) != 0;
  const auto compare = [&](uint64_t hash, uint32_t party) {
    if (hash == 0 || party == 0) return Comparison::Party::kNotCompared;
    if (party == scope.maker && (hash == scope.maker_name_hash || hash == scope.maker_uscc_hash)) {
      return Comparison::Party::kSame;
    }
    return registry.IsParty(party, hash, cursor) ? Comparison::Party::kSame : Comparison::Party::kOther;
  };
  comparison.holder = compare(claim.holder_hash, scope.holder);
  comparison.maker = compare(claim.maker_hash, scope.maker);
  comparison.factory = compare(claim.factory_hash, scope.factory);
  if (!claim.model.empty()) comparison.model = MatchModel(claim.model, scope.models, scope.model_words);
  return comparison;
}

std::string_view CodeOfGoods(const Listing& claim, CredentialId shown) {
  if (!claim.product_code.empty() || !IsCcc(shown)) return claim.product_code;
  return claim.certificate_number.substr(kCatalogueCodeAt, kCatalogueCodeDigits);
}

v1::Scope CompareScope(const Listing& claim, CredentialId id, const CertificateScope* scope,
                       const Comparison& comparison, const Registry& registry, int64_t tolerance_e6) {
  const std::string_view code = claim.product_code;
  const bool own_code = code.empty() || IsCodeOfNumber(id, code);
  const bool more = ClaimsMore(claim);
  v1::Scope found = v1::SCOPE_MATCH;
  if (!own_code || more) {
    if (!own_code && CodeContradicts(code, id, scope, registry)) return v1::SCOPE_CODE_MISMATCH;
    if (more && scope != nullptr) found = CompareGoods(claim, *scope, comparison, registry, tolerance_e6);
  }
  return found == v1::SCOPE_MATCH && claim.vehicle_reused ? v1::SCOPE_VEHICLE_REUSED : found;
}

}  // namespace zaojing
