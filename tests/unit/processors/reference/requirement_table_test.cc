#include "processors/reference/requirement_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace zaojing {
namespace {

// 00:00 UTC+8 of the days the announcements name.
constexpr int64_t kPowerBanks = 1'722'441'600'000'000;     // 2024-08-01
constexpr int64_t kBikeBatteries = 1'761'926'400'000'000;  // 2025-11-01
constexpr int64_t kAll = 1'000;

v1::RequiredCredential Required(const std::string& code, int64_t from, const std::vector<v1::CredentialKind>& kinds) {
  v1::RequiredCredential required;
  required.set_product_code(code);
  required.set_effective_at(from);
  for (const v1::CredentialKind kind : kinds) required.add_kinds(kind);
  return required;
}

// Breaks: a mandatory-from date that begins a day early or late. Seen at the last instant before and the first after.
TEST(RequirementTable, BeginsAtMidnightOfTheDate) {
  RequirementTable table;
  table.Add(Required("0914", kPowerBanks, {v1::CREDENTIAL_KIND_CCC}), 0);
  table.Add(Required("1119", kBikeBatteries, {v1::CREDENTIAL_KIND_CCC}), 1);
  EXPECT_EQ(table.At("0914", kPowerBanks - 1, kAll).principal, v1::CREDENTIAL_KIND_UNSPECIFIED);
  EXPECT_EQ(table.At("0914", kPowerBanks, kAll).principal, v1::CREDENTIAL_KIND_CCC);
  EXPECT_EQ(table.At("0914", kPowerBanks, kAll).since, kPowerBanks);
  EXPECT_EQ(table.At("1119", kBikeBatteries - 1, kAll).principal, v1::CREDENTIAL_KIND_UNSPECIFIED);
  EXPECT_TRUE(table.At("1119", kBikeBatteries, kAll).Accepts(v1::CREDENTIAL_KIND_CCC));
  EXPECT_EQ(table.At("0915", kBikeBatteries, kAll).kinds, 0U);
  EXPECT_EQ(table.At("0914", kPowerBanks, 0).kinds, 0U);  // not yet arrived
}

// Breaks: a licence refused while it still holds, or taken after it became a certification (许可转认证). Seen in each of
// the three times.
TEST(RequirementTable, ALicenceBecomesACertification) {
  RequirementTable table;
  table.Add(Required("XK13-014", 100, {v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}), 0);
  table.Add(Required("XK13-014", 200, {v1::CREDENTIAL_KIND_CCC, v1::CREDENTIAL_KIND_PRODUCTION_LICENCE}), 1);
  table.Add(Required("XK13-014", 300, {v1::CREDENTIAL_KIND_CCC}), 2);
  const auto licence = v1::CREDENTIAL_KIND_PRODUCTION_LICENCE;
  EXPECT_FALSE(table.At("XK13-014", 199, kAll).Accepts(v1::CREDENTIAL_KIND_CCC));
  EXPECT_TRUE(table.At("XK13-014", 299, kAll).Accepts(licence));
  EXPECT_EQ(table.At("XK13-014", 299, kAll).principal, v1::CREDENTIAL_KIND_CCC);
  EXPECT_FALSE(table.At("XK13-014", 300, kAll).Accepts(licence));
  std::vector<std::string> due;
  table.Due(100, 300, kAll, [&](std::string_view code) { due.emplace_back(code); });
  EXPECT_EQ(due.size(), 2U);
}

// Breaks: a late announcement that does not correct the table. Seen by cursor.
TEST(RequirementTable, LateFactsCorrect) {
  RequirementTable table;
  table.Add(Required("0902", 100, {v1::CREDENTIAL_KIND_CCC}), 5);
  table.Add(Required("0902", 100, {v1::CREDENTIAL_KIND_NONE}), 6);
  EXPECT_TRUE(table.At("0902", 100, 6).Accepts(v1::CREDENTIAL_KIND_CCC));
  EXPECT_EQ(table.At("0902", 100, 7).principal, v1::CREDENTIAL_KIND_NONE);
}

// Breaks: a requirement told again that counts as a new one, so that goods made under it are taken for older. Seen by the
// day, with what came between, at each cursor.
TEST(RequirementTable, TheSameToldAgainIsAsOldAsItWas) {
  const auto licence = v1::CREDENTIAL_KIND_PRODUCTION_LICENCE;
  RequirementTable table;
  table.Add(Required("0907", 100, {licence}), 0);
  table.Add(Required("0907", 300, {v1::CREDENTIAL_KIND_CCC}), 1);
  table.Add(Required("0907", 400, {v1::CREDENTIAL_KIND_CCC}), 2);
  table.Add(Required("0907", 500, {v1::CREDENTIAL_KIND_CCC, v1::CREDENTIAL_KIND_CCC_SELF_DECLARED}), 3);
  EXPECT_EQ(table.At("0907", 450, kAll).since, 300);
  EXPECT_EQ(table.At("0907", 450, kAll).told, 400);
  EXPECT_EQ(table.At("0907", 500, kAll).since, 500);
  EXPECT_EQ(table.RefusedSince("0907", licence, 500, kAll), 300);  // nothing of it takes a licence
  EXPECT_EQ(table.RefusedSince("0907", v1::CREDENTIAL_KIND_CCC, 200, kAll), 100);
  // Late facts, dated back: a licence would do for a while; and on the same day as another, which never held then.
  table.Add(Required("0907", 350, {v1::CREDENTIAL_KIND_CCC, licence}), 4);
  EXPECT_EQ(table.At("0907", 450, kAll).since, 400);
  EXPECT_EQ(table.RefusedSince("0907", licence, 500, kAll), 400);
  EXPECT_EQ(table.RefusedSince("0907", licence, 500, 4), 300);
  table.Add(Required("0907", 350, {v1::CREDENTIAL_KIND_CCC}), 5);
  EXPECT_EQ(table.At("0907", 450, kAll).since, 300);
  table.Add(Required("0907", 450, {v1::CREDENTIAL_KIND_NONE}), 6);
  EXPECT_EQ(table.RefusedSince("0907", licence, 500, kAll), 500);
}

// Breaks: a platform's category judged under another product code than the catalogue says. Seen through a move.
TEST(RequirementTable, CategoriesFollowTheCatalogue) {
  RequirementTable table;
  v1::CatalogueEntry entry;
  entry.set_product_code("0914");
  entry.set_effective_at(100);
  entry.add_categories("power-bank");
  table.Add(entry, 0);
  EXPECT_EQ(table.CodeOf("power-bank", 99, kAll), "");
  EXPECT_EQ(table.CodeOf("power-bank", 100, kAll), "0914");
  EXPECT_EQ(table.CodeOf("power-bank", 100, 0), "");
  entry.set_product_code("0915");
  entry.set_effective_at(200);
  table.Add(entry, 1);
  EXPECT_EQ(table.CodeOf("power-bank", 199, kAll), "0914");
  EXPECT_EQ(table.CodeOf("power-bank", 200, kAll), "0915");
  v1::CatalogueEntry without;
  without.set_product_code("0915");
  without.set_effective_at(300);
  table.Add(without, 2);
  EXPECT_EQ(table.CodeOf("power-bank", 300, kAll), "");
  EXPECT_EQ(table.CodeOf("lamp", 300, kAll), "");
}

// Breaks: goods judged under a code that gave their category up, because its entries arrived in another order than they
// took effect. Seen with each two of three entries exchanged.
TEST(RequirementTable, CategoriesDoNotDependOnTheOrderOfArrival) {
  const auto entry = [](const char* code, int64_t at, std::vector<std::string> categories, bool retired) {
    v1::CatalogueEntry made;
    made.set_product_code(code);
    made.set_effective_at(at);
    made.set_retired(retired);
    for (const std::string& category : categories) made.add_categories(category);
    return made;
  };
  std::vector<std::vector<v1::CatalogueEntry>> histories = {
      {entry("0907", 100, {"c"}, false), entry("0907", 200, {"c"}, true)},
      {entry("0907", 100, {"c"}, false), entry("0907", 200, {"d"}, false)},
      {entry("0907", 100, {"c"}, false), entry("0914", 150, {"c"}, false), entry("0914", 200, {}, false)},
  };
  for (const auto& history : histories) {
    std::vector<size_t> order(history.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      RequirementTable table;
      for (size_t i = 0; i < order.size(); ++i) table.Add(history[order[i]], static_cast<int64_t>(i));
      EXPECT_EQ(table.CodeOf("c", 99, kAll), "");
      EXPECT_EQ(table.CodeOf("c", 149, kAll), "0907");
      EXPECT_EQ(table.CodeOf("c", 199, kAll), history.size() == 3 ? "0914" : "0907");
      EXPECT_EQ(table.CodeOf("c", 200, kAll), "");
    } while (std::next_permutation(order.begin(), order.end()));
  }
  // A correction of one date stands in place of what it corrects.
  RequirementTable table;
  table.Add(entry("0907", 100, {"c"}, false), 0);
  table.Add(entry("0914", 200, {"c"}, false), 1);
  table.Add(entry("0914", 200, {"d"}, false), 2);
  EXPECT_EQ(table.CodeOf("c", 300, 2), "0914");
  EXPECT_EQ(table.CodeOf("c", 300, kAll), "0907");
}

}  // namespace
}  // namespace zaojing
