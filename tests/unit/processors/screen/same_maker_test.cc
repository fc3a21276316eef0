// Goal: a maker is the same by its name, by a name it had and by its code, for who asks after something was said about
// its goods and for who is on sale when it is said; and nothing is taken for another maker's that is not said to be.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using testing::History;
using testing::kMonday;
using testing::ToRecord;

constexpr char kNumber[] = "2022010907454871";
constexpr char kOld[] = "乙有限公司";
constexpr char kNew[] = "新乙有限公司";
constexpr char kUscc[] = "91110000600037341L";   // of kOld and kNew
constexpr char kOther[] = "91330100799655058B";  // another's

struct Maker {
  std::string name;
  std::string uscc;
};

// What the certificate states, what the listing claims as its maker, what the register has, and what is said at hour 2.
struct Scene {
  Maker certified;
  std::string claimed;
  std::vector<std::pair<std::string, std::string>> enterprises;  // USCC, name
  std::function<void(History&)> say = [](History&) {};
  int named_at = 0;  // hour at which the register's records come
};

// The row that stands for the listing when it asks at `hour`.
std::string Row(const Scene& scene, int hour) {
  History history;
  for (const auto& [uscc, name] : scene.enterprises) {
    history.enterprises.push_back(
        ToRecord(testing::MakeEnterprise("e-" + std::to_string(history.enterprises.size()), uscc, name,
                                         kMonday - limits::kWeek, kMonday + scene.named_at * limits::kHour)));
  }
  v1::Certificate certificate =
      testing::MakeCertificate("fact-1", kNumber, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday);
  certificate.set_maker(scene.certified.name);
  certificate.set_maker_uscc(scene.certified.uscc);
  certificate.add_models("PB-20000");
  history.certificates.push_back(ToRecord(certificate));
  v1::Lookup lookup = testing::MakeLookup("l1", "item", kNumber, v1::SCENE_ON_SALE, kMonday + hour * limits::kHour);
  lookup.set_maker(scene.claimed);
  lookup.set_model("PB-20000");
  lookup.set_batch("20240101");
  history.lookups.push_back(ToRecord(lookup));
  scene.say(history);
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

// An order about the certificate, or about the listing, that names a maker too.
std::function<void(History&)> Order(bool certificate, const char* maker_uscc) {
  return [=](History& history) {
    v1::Disposition order = testing::MakeOrder("order-1", v1::ORDER_KIND_TAKE_DOWN, kMonday + 2 * limits::kHour);
    if (certificate) {
      order.set_certificate_number(kNumber);
    } else {
      order.set_platform("taobao");
      order.set_listing_id("item");
    }
    order.set_maker_uscc(maker_uscc);
    history.dispositions.push_back(ToRecord(order));
  };
}

std::function<void(History&)> Sample(const char* maker, const char* maker_uscc = "") {
  return [=](History& history) {
    v1::Inspection sample = testing::MakeInspection("sample-1", "task-1", 1, kMonday + 2 * limits::kHour);
    sample.set_maker(maker);
    sample.set_maker_uscc(maker_uscc);
    sample.set_model("PB-20000");
    sample.set_product_code("0907");
    sample.set_batch("20240101");
    history.inspections.push_back(ToRecord(sample));
  };
}

std::function<void(History&)> Recall(const char* maker, const char* maker_uscc = "") {
  return [=](History& history) {
    v1::Recall recall = testing::MakeRecall("recall-1", "R-1", v1::REMEDY_REPLACE, kMonday + 2 * limits::kHour);
    recall.set_maker(maker);
    recall.set_maker_uscc(maker_uscc);
    recall.mutable_products(0)->set_model("PB-20000");
    history.recalls.push_back(ToRecord(recall));
  };
}

// Breaks: an order without effect because it names the maker by code where the certificate names it: nobody is told. Or
// one that stops the goods of a maker that is said to be another.
TEST(SameMaker, ANameDoesNotContradictACode) {
  const struct {
    const char* what;
    Maker certified;
    std::vector<std::pair<std::string, std::string>> enterprises;
    const char* row;
  } cases[] = {
      {"no record joins them", {kOld, ""}, {}, "ordered-not-told"},
      {"a record joins them", {kOld, ""}, {{kUscc, kOld}}, "ordered"},
      {"a record joins the name to another", {kOld, ""}, {{kOther, kOld}}, "ordered-not-told"},
      {"the code is stated", {kOld, kUscc}, {}, "ordered"},
      {"another code is stated", {kOld, kOther}, {}, "valid"},
      {"another code is stated of the name", {kOld, kOther}, {{kUscc, kOld}}, "valid"},
      {"no maker is stated", {}, {}, "ordered-not-told"},
  };
  for (const auto& c : cases) {
    Scene scene{c.certified, "", c.enterprises, Order(true, kUscc)};
    ExpectRow(scene, c.row, std::string("certificate, ") + c.what);
    scene.say = Order(false, kUscc);
    ExpectRow(scene, c.row, std::string("listing, ") + c.what);
  }
}

// Breaks: as above, where only the listing says who made the goods; what it claims is a code if the register knows it.
TEST(SameMaker, AClaimedNameDoesNotContradictACode) {
  ExpectRow({{}, kOld, {}, Order(false, kUscc)}, "ordered-not-told", "a name");
  ExpectRow({{}, kOld, {{kUscc, kNew}, {kUscc, kOld}}, Order(false, kUscc)}, "ordered", "a name that is joined");
  ExpectRow({{}, kUscc, {}, Order(false, kUscc)}, "ordered", "the code");
  ExpectRow({{}, kOther, {{kOther, "丁有限公司"}}, Order(false, kUscc)}, "valid", "the code of another");
  ExpectRow({{}, kOther, {}, Order(false, kUscc)}, "ordered-not-told", "what nobody knows");
}

// Breaks: goods of a failed batch left on sale because the sample has a name their maker had, or has now.
TEST(SameMaker, ASampleByAnyOfItsNamesReachesTheMaker) {
  const std::vector<std::pair<std::string, std::string>> renamed = {{kUscc, kOld}, {kUscc, kNew}};
  for (const Maker& certified : {Maker{kNew, kUscc}, Maker{kNew, ""}, Maker{kOld, ""}, Maker{"", kUscc}}) {
    for (const char* claimed : {"", kOld, kNew, kUscc}) {
      const std::string what = certified.name + certified.uscc + " claims " + claimed;
      ExpectRow({certified, claimed, renamed, Sample(kOld)}, "failed-batch", what + ", by the old name");
      ExpectRow({certified, claimed, renamed, Sample(kNew)}, "failed-batch", what + ", by the new name");
      ExpectRow({certified, claimed, renamed, Sample("", kUscc)}, "failed-batch", what + ", by the code");
      ExpectRow({certified, claimed, renamed, Recall(kOld)}, "recalled", what + ", recalled by the old name");
      ExpectRow({certified, claimed, renamed, Sample("丁有限公司", kOther)}, "valid", what + ", another's");
    }
  }
  for (const char* claimed : {kOld, kNew, kUscc}) {
    ExpectRow({{}, claimed, renamed, Sample(kOld)}, "failed-batch", std::string("claims alone ") + claimed);
    ExpectRow({{}, claimed, renamed, Recall("", kUscc)}, "recalled", std::string("claims alone ") + claimed);
  }
  ExpectRow({{kNew, kUscc}, "", {{kUscc, kNew}}, Sample(kOld)}, "valid", "a name that no record has");
}

// Breaks: the goods of one firm stopped for another's that had its name, where the certificate says by code which it is.
TEST(SameMaker, AStatedCodeTellsTwoOfOneName) {
  const std::vector<std::pair<std::string, std::string>> shared = {{kUscc, kOld}, {kOther, kOld}, {kOther, kNew}};
  ExpectRow({{kOld, kUscc}, "", shared, Sample(kNew)}, "valid", "certified by code");
  ExpectRow({{kOld, kUscc}, kOld, shared, Sample("", kOther)}, "valid", "and claimed by name");
  ExpectRow({{kOld, ""}, "", shared, Sample(kNew)}, "failed-batch", "it may be either");
  ExpectRow({{kOld, kUscc}, "", shared, Sample(kOld)}, "failed-batch", "the name as it is stated");
  // Claimed by a name that both have had: the certificate says whose it is.
  ExpectRow({{"", kUscc}, kOld, shared, Sample(kNew)}, "valid", "claimed by the name of both");
}

// Breaks: the certified maker, claimed by its code or by another name, taken for a stranger.
TEST(SameMaker, IsThePartyByAnyOfItsNames) {
  const std::vector<std::pair<std::string, std::string>> renamed = {{kUscc, kOld}, {kUscc, kNew}};
  const struct {
    Maker certified;
    const char* claimed;
    const char* row;
  } cases[] = {
      {{kNew, ""}, kUscc, "valid"},
      {{kNew, ""}, kOld, "valid"},
      {{kOld, ""}, kNew, "valid"},
      {{"", kUscc}, kOld, "valid"},
      {{kNew, ""}, kOther, "maker-mismatch"},
      {{kNew, ""}, "丁有限公司", "maker-mismatch"},
      {{kNew, kOther}, kOld, "maker-mismatch"},  // the code says that it is another of the name
  };
  for (const auto& c : cases) {
    ExpectRow({c.certified, c.claimed, renamed}, c.row, c.certified.name + c.certified.uscc + " claims " + c.claimed);
  }
  ExpectRow({{kNew, ""}, kUscc, {}}, "maker-mismatch", "no record joins them");
}

// Breaks: goods on sale on which a failed sample, a recall or an order has no hold until somebody asks about them again,
// because the record that joins the two names of their maker came after all of it; and goods under review for a maker that
// turned out to be the certified one.
TEST(SameMaker, ARecordThatComesLastIsCarriedOut) {
  const std::vector<std::pair<std::string, std::string>> renamed = {{kUscc, kOld}, {kUscc, kNew}};
  const struct {
    const char* what;
    Scene scene;
    const char* before;
    const char* after;
  } cases[] = {
      {"a sample", {{kNew, ""}, "", renamed, Sample(kOld)}, "valid", "failed-batch"},
      {"a sample by code", {{kNew, ""}, "", renamed, Sample("", kUscc)}, "valid", "failed-batch"},
      {"a recall, claimed alone", {{}, kNew, renamed, Recall(kOld)}, "valid", "recalled"},
      {"an order", {{kOld, ""}, "", renamed, Order(true, kUscc)}, "ordered-not-told", "ordered"},
      {"another's records", {{kNew, ""}, "", {{kOther, kOld}}, Sample(kOld)}, "valid", "valid"},
      {"the party", {{kNew, ""}, kUscc, renamed}, "maker-mismatch", "valid"},
  };
  for (const auto& c : cases) {
    Scene scene = c.scene;
    scene.named_at = 4;
    EXPECT_EQ(Row(scene, 1), c.after) << c.what;
    scene.enterprises.clear();
    EXPECT_EQ(Row(scene, 1), c.before) << c.what;
  }
}

}  // namespace
}  // namespace zaojing
