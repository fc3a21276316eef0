#include "processors/reference/scope_table.h"

#include <gtest/gtest.h>

namespace zaojing {
namespace {

v1::Certificate Full() {
  v1::Certificate certificate;
  certificate.set_holder("甲有限公司");
  certificate.set_maker("乙有限公司");
  certificate.set_maker_uscc("91110000600037341L");
  certificate.set_product_code("0907");
  certificate.add_product_codes("0908");
  certificate.add_models("A-100~A-150");
  certificate.mutable_vehicle()->set_mass(550);
  certificate.set_yearly_production(10'000);
  return certificate;
}

// Breaks: a scope kept as another one. Seen field by field.
TEST(ScopeTable, KeepsWhatIsStated) {
  Arena arena;
  ScopeTable table(arena, arena);
  EXPECT_EQ(table.Add({}, 0), 0U);
  const CertificateScope& scope = table.At(table.Add(Full(), 0));
  EXPECT_EQ(table.PartyAt(scope.holder).name, "甲有限公司");
  EXPECT_EQ(table.PartyAt(scope.maker).uscc, "91110000600037341L");
  EXPECT_FALSE(table.PartyAt(scope.factory).stated());
  EXPECT_TRUE(table.HasCode(scope, "0907"));
  EXPECT_TRUE(table.HasCode(scope, "0908"));
  EXPECT_FALSE(table.HasCode(scope, "0909"));
  EXPECT_EQ(MatchModel("A-120", scope.models, scope.model_words), ModelMatch::kMatch);
  EXPECT_EQ(table.VehicleAt(scope.vehicle).mass, 550U);
  EXPECT_EQ(scope.yearly_production, 10'000U);
}

// Breaks: status changes that each cost a scope, or a changed scope taken for the old one. Seen by its number.
TEST(ScopeTable, AnEqualScopeIsKeptOnce) {
  Arena arena;
  ScopeTable table(arena, arena);
  const uint32_t first = table.Add(Full(), 0);
  EXPECT_EQ(table.Add(Full(), first), first);
  EXPECT_TRUE(table.HasCode(table.At(first), "0908"));
  const auto changed = [&](auto change) {
    v1::Certificate certificate = Full();
    change(certificate);
    return table.Add(certificate, first);
  };
  EXPECT_NE(changed([](auto& c) { c.set_holder("丙"); }), first);
  EXPECT_NE(changed([](auto& c) { c.set_product_code("0909"); }), first);
  EXPECT_NE(changed([](auto& c) { c.clear_product_codes(); }), first);
  EXPECT_NE(changed([](auto& c) { c.add_models("B"); }), first);
  EXPECT_NE(changed([](auto& c) { c.mutable_vehicle()->set_mass(551); }), first);
  EXPECT_NE(changed([](auto& c) { c.set_yearly_production(1); }), first);
  EXPECT_NE(changed([](auto& c) { c.set_body("01"); }), first);
}

}  // namespace
}  // namespace zaojing
