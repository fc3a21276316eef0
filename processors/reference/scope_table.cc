#include "processors/reference/scope_table.h"

#include <algorithm>
#include <array>
#include <string>

#include "processors/models/fold.h"

namespace zaojing {
namespace {

bool StatesScope(const v1::Certificate& c) {
  return !c.holder().empty() || !c.maker().empty() || !c.factory().empty() || !c.product_code().empty() ||
         c.models_size() > 0 || !c.holder_uscc().empty() || !c.maker_uscc().empty() || !c.factory_uscc().empty() ||
         !c.factory_code().empty() || !c.body().empty() || c.has_vehicle() || c.yearly_production() != 0 ||
         c.product_codes_size() > 0;
}

}  // namespace

ScopeTable::ScopeTable(Arena& arena, Arena& models) : texts_(arena), arena_(arena), models_(models), vehicles_(1) {
  parties_.push_back({});
}

uint32_t ScopeTable::AddParty(std::string_view name, std::string_view uscc) {
  if (name.empty() && uscc.empty()) return 0;
  std::string both(name);
  both.append(1, '\0').append(uscc);
  const auto [found, added] = party_numbers_.try_emplace(Hash64(both), static_cast<uint32_t>(parties_.size()));
  if (added) parties_.push_back({NameHash(name), NameHash(uscc), arena_.Keep(name), arena_.Keep(uscc)});
  return found->second;
}

bool ScopeTable::Same(const CertificateScope& a, const CertificateScope& b) const {
  const auto codes = [&](const CertificateScope& scope) { return codes_.begin() + scope.product_codes_begin; };
  const uint32_t count = a.product_codes_end - a.product_codes_begin;
  return a.holder == b.holder && a.maker == b.maker && a.factory == b.factory && a.body == b.body &&
         a.yearly_production == b.yearly_production && vehicles_[a.vehicle] == vehicles_[b.vehicle] &&
         a.model_words == b.model_words && std::equal(a.models, a.models + a.model_words, b.models) &&
         count == b.product_codes_end - b.product_codes_begin && std::equal(codes(a), codes(a) + count, codes(b));
}

uint32_t ScopeTable::Add(const v1::Certificate& certificate, uint32_t before) {
  if (!StatesScope(certificate)) return 0;
  CertificateScope scope;
  scope.holder = AddParty(certificate.holder(), certificate.holder_uscc());
  scope.maker = AddParty(certificate.maker(), certificate.maker_uscc());
  scope.factory = AddParty(certificate.factory(), certificate.factory_uscc());
  scope.maker_name_hash = parties_[scope.maker].name_hash;
  scope.maker_uscc_hash = parties_[scope.maker].uscc_hash;
  scope.body = texts_.Intern(certificate.body());
  scope.yearly_production = certificate.yearly_production();
  const size_t codes_before = codes_.size();
  scope.product_codes_begin = static_cast<uint32_t>(codes_before);
  if (!certificate.product_code().empty()) codes_.push_back(texts_.Intern(certificate.product_code()));
  for (const std::string& code : certificate.product_codes()) codes_.push_back(texts_.Intern(code));
  scope.product_codes_end = static_cast<uint32_t>(codes_.size());
  const v1::VehicleParameters& stated = certificate.vehicle();
  const Vehicle vehicle{stated.speed_max(), stated.mass(), stated.motor_power(), stated.battery_voltage()};
  if (vehicle.stated()) {
    scope.vehicle = static_cast<uint32_t>(vehicles_.size());
    vehicles_.push_back(vehicle);
  }
  const std::vector<std::string_view> texts(certificate.models().begin(), certificate.models().end());
  const ModelSet models = CompileModels(texts);
  scope.models = models.data();
  scope.model_words = static_cast<uint32_t>(models.size());
  if (before != 0 && Same(scopes_[before], scope)) {
    codes_.resize(codes_before);
    if (scope.vehicle != 0) vehicles_.pop_back();
    return before;
  }
  scope.models = models.empty() ? nullptr : models_.Keep(models);
  if (scopes_.size() == 0) scopes_.push_back({});
  scopes_.push_back(scope);
  return static_cast<uint32_t>(scopes_.size()) - 1;
}

bool ScopeTable::HasCode(const CertificateScope& scope, std::string_view code) const {
  return std::any_of(codes_.begin() + scope.product_codes_begin, codes_.begin() + scope.product_codes_end,
                     [&](uint32_t number) { return texts_.Text(number) == code; });
}

size_t ScopeTable::bytes() const {
  return scopes_.bytes() + parties_.bytes() + parties_.size() * 16 + vehicles_.capacity() * sizeof(Vehicle) +
         codes_.capacity() * sizeof(uint32_t);
}

}  // namespace zaojing
