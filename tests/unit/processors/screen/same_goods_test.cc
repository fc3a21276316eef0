// Goal: goods are the same in whichever form they are identified, for who asks after something was said about them and
// for who is on sale when it is said.
#include <gtest/gtest.h>

#include <functional>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;
using testing::MakeOrder;
using testing::MakeRecall;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";  // code 0907
constexpr char kMaker[] = "乙有限公司";

// One listing that shows the certificate, and what is said of it at hour 2.
struct Scene {
  History history;
  std::function<void(v1::Lookup&)> claim = [](v1::Lookup&) {};
};

// The row that stands for the listing when it asks at `hour`.
std::string Row(const Scene& scene, int hour) {
  History history = scene.history;
  v1::Certificate certificate =
      testing::MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_maker(kMaker);
  history.certificates.push_back(ToRecord(certificate));
  v1::Lookup lookup = testing::MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + hour * limits::kHour);
  scene.claim(lookup);
  history.lookups.push_back(ToRecord(lookup));
  testing::WorldOptions options;
  options.every_verdict = true;
  const auto verdicts = Replay(history, options).Of<v1::Verdict>(Topic::kVerdicts);
  return verdicts.empty() ? "" : verdicts.back().row();
}

// Look-up and fan-out have to agree.
void ExpectRow(const Scene& scene, const std::string& row, const std::string& what) {
  EXPECT_EQ(Row(scene, 3), row) << what << ", asked after";
  EXPECT_EQ(Row(scene, 1), row) << what << ", on sale before";
}

// Breaks: one GTIN taken for two because a scanner printed it with fourteen digits, so that it is not found, or counted
// as another product's. Seen in both directions, and on goods found by their maker.
TEST(SameGoods, AGtinIsOneNumberHoweverManyZeros) {
  const struct {
    const char* said;
    const char* claimed;
    const char* row;
  } cases[] = {
      {"06901234567892", "6901234567892", "recalled"}, {"6901234567892", "06901234567892", "recalled"},
      {"00000096385074", "96385074", "recalled"},      {"614141999996", "0614141999996", "recalled"},
      {"16901234567899", "6901234567892", "valid"},  // a case of them is another
      {"6901234567892", "6901234567893", "valid"},
  };
  for (const auto& c : cases) {
    for (const bool names_maker : {false, true}) {
      Scene scene;
      scene.claim = [&](v1::Lookup& l) { l.set_gtin(c.claimed); };
      v1::Recall recall = MakeRecall("recall-1", "R-1", v1::REMEDY_REPLACE, kMonday + 2 * limits::kHour);
      recall.mutable_products(0)->set_gtin(c.said);
      if (names_maker) recall.set_maker(kMaker);
      scene.history.recalls.push_back(ToRecord(recall));
      ExpectRow(scene, c.row, std::string(c.said) + " and " + c.claimed + (names_maker ? " of the maker" : ""));
    }
  }
}

v1::Disposition CodeOrder(const char* code) {
  v1::Disposition order = MakeOrder("order-1", v1::ORDER_KIND_TAKE_DOWN, kMonday + 2 * limits::kHour);
  order.set_product_code(code);
  return order;
}

// Breaks: the code in a certificate's number forgotten because the goods also go under one of another table; or goods of
// another code of the same table held for it. Seen code by code.
TEST(SameGoods, TheCodeInTheNumberCountsBesideOneOfAnotherTable) {
  const struct {
    const char* claimed;
    const char* ordered;
    const char* row;
  } cases[] = {
      {"XK13-014", "0907", "ordered-not-told"},
      {"XK13-014", "XK13-014", "ordered"},
      {"XK13-014", "0908", "valid"},
      {"", "0907", "ordered"},
      {"0907", "0907", "ordered"},
  };
  for (const auto& c : cases) {
    Scene scene;
    scene.claim = [&](v1::Lookup& l) { l.set_product_code(c.claimed); };
    scene.history.dispositions.push_back(ToRecord(CodeOrder(c.ordered)));
    ExpectRow(scene, c.row, std::string(c.claimed) + " ordered " + c.ordered);
  }
}

}  // namespace
}  // namespace zaojing
