#include "tests/support/random_history.h"

#include <random>
#include <vector>

#include "proto/limits.h"

namespace zaojing::testing {
namespace {

constexpr v1::CertificateStatus kStatuses[] = {v1::CERTIFICATE_STATUS_VALID, v1::CERTIFICATE_STATUS_SUSPENDED,
                                               v1::CERTIFICATE_STATUS_REVOKED, v1::CERTIFICATE_STATUS_CANCELLED,
                                               v1::CERTIFICATE_STATUS_EXPIRED};

class Maker {
 public:
  Maker(uint32_t seed, const RandomHistoryOptions& options) : random_(seed), firms_(~seed), options_(options) {}

  History Make() {
    AddEnterprises();
    for (int i = 0; i < options_.events; ++i) {
      now_ += static_cast<int64_t>(Pick(4)) * limits::kHour;
      id_ = "e" + std::to_string(i);
      if (firms_() % 200 == 0) AddEnterprise(firms_() % 4);
      if (Pick(8) == 0) {
        Pick(5) == 0 ? AddRequirement() : AddFact();
      } else if (Pick(10) == 0) {
        AddSaying();
      } else {
        AddLookup();
      }
      AddComplaints(i);
    }
    id_ = "end";
    AddEnterprise(firms_() % 4);
    return std::move(history_);
  }

 private:
  template <typename Count>
  uint32_t Pick(Count n) {
    return static_cast<uint32_t>(random_()) % static_cast<uint32_t>(n);
  }
  // Received up to two hours late.
  int64_t Late() { return now_ - static_cast<int64_t>(Pick(3)) * limits::kHour; }
  std::string Number() { return "202201160645487" + std::to_string(Pick(6)); }
  std::string Licence() { return "XK13-014-0012" + std::to_string(Pick(2)); }
  std::string Code() { return Pick(2) == 0 ? "1606" : "0914"; }

  // What a code needs, from up to a day and a half before to a day after; what is of the CCC codes goes on accepting CCC.
  void AddRequirement() {
    const int64_t at = Late();
    const std::string code = Code();
    const v1::CredentialKind licence = v1::CREDENTIAL_KIND_PRODUCTION_LICENCE;
    std::vector<std::vector<v1::CredentialKind>> kinds = {{v1::CREDENTIAL_KIND_NONE},
                                                          {v1::CREDENTIAL_KIND_CCC},
                                                          {v1::CREDENTIAL_KIND_CCC, licence},
                                                          {v1::CREDENTIAL_KIND_CCC_SELF_DECLARED}};
    if (code == "0914") kinds.push_back({licence});
    const int64_t shift = (static_cast<int64_t>(Pick(6)) - 3) * limits::kDay / 2;
    history_.control.push_back(ToRecord(MakeRequired(id_, code, at + shift, kinds[Pick(kinds.size())], at)));
  }
  // "B4", or of a line, as people write it: "7-4", "07-04", "74", of serials that are numbers and no texts.
  std::string Batch() {
    const std::string number = std::to_string(Pick(6));
    if (Pick(2) == 0) return "B" + number;
    const std::string line = std::to_string(7 + Pick(2));
    const std::string forms[] = {line + "-" + number, "0" + line + "-0" + number, line + "-1" + number, line + number,
                                 line + "1" + number};
    return forms[Pick(5)];
  }
  // One number behind zeros or not, or another.
  std::string Gtin() {
    constexpr const char* kForms[] = {"6901234567892", "06901234567892", "16901234567899"};
    return kForms[Pick(3)];
  }
  // Two firms, each with the name it has, the one it had and its code.
  std::string MakerName() { return (Pick(4) > 0 ? "maker " : "former ") + std::to_string(Pick(2)); }
  static std::string CodeOf(const std::string& maker) {
    return maker.back() == '0' ? "91110000600037341L" : "91330100799655058B";
  }
  // By name, by code or by both.
  template <typename Message>
  void NameMaker(Message* message) {
    const std::string maker = MakerName();
    const uint32_t how = Pick(6);
    if (how > 0) message->set_maker(maker);
    if (how < 2) message->set_maker_uscc(CodeOf(maker));
  }
  // Some names are known before everything else; others come later, one when nobody asks any more, and some again.
  void AddEnterprises() {
    id_ = "start";
    for (uint32_t name = 0; name < 4; ++name) {
      if (Pick(4) > 0 && firms_() % 3 == 0) AddEnterprise(name);
    }
  }
  void AddEnterprise(uint32_t name) {
    const std::string maker = (name < 2 ? "maker " : "former ") + std::to_string(name % 2);
    const std::string id = "firm " + maker + " of " + id_;
    history_.enterprises.push_back(ToRecord(MakeEnterprise(id, CodeOf(maker), maker, now_, now_)));
  }

  void AddSaying() {
    const uint32_t kind = Pick(3);
    if (kind == 0) AddInspection();
    if (kind == 1) AddRecall();
    if (kind == 2) AddOrder();
  }
  // Few tasks, so that retests come; most of them failed.
  void AddInspection() {
    v1::Inspection sample = MakeInspection(id_, "t" + std::to_string(Pick(6)), 1 + Pick(4), Late());
    if (Pick(3) == 0) sample.set_result(v1::INSPECTION_RESULT_PASSED);
    if (Pick(8) == 0) sample.set_result(v1::INSPECTION_RESULT_TRANSFERRED);
    if (Pick(4) > 0) NameMaker(&sample);
    if (Pick(3) > 0) sample.set_model("M" + std::to_string(Pick(8)));
    if (Pick(3) > 0) sample.set_product_code(Code());
    if (Pick(4) > 0) sample.set_batch(Batch());
    if (Pick(3) == 0) sample.set_certificate_number(Number());
    if (Pick(5) == 0) sample.set_gtin(Gtin());
    if (Pick(3) == 0) {
      sample.set_platform("taobao");
      sample.set_listing_id("item" + std::to_string(Pick(40)));
    }
    history_.inspections.push_back(ToRecord(sample));
  }
  void AddRecall() {
    const int64_t at = Late();
    const auto remedy = static_cast<v1::Remedy>(1 + Pick(5));
    v1::Recall recall = MakeRecall(id_, "R" + std::to_string(Pick(4)), remedy, at);
    recall.set_version(1 + Pick(4));
    recall.set_effective_at(at + (static_cast<int64_t>(Pick(4)) - 1) * limits::kDay / 2);
    recall.set_withdrawn(Pick(4) == 0);
    NameMaker(&recall);
    v1::RecalledProduct* product = recall.mutable_products(0);
    if (Pick(3) > 0) product->set_model(Pick(2) == 0 ? "M3" : "M2~M6");
    if (Pick(3) == 0) product->set_product_code(Code());
    if (Pick(4) == 0) product->set_gtin(Gtin());
    if (Pick(3) > 0) {
      const uint32_t first = Pick(4);
      const std::string series = Pick(2) == 0 ? "B" : "7-";
      product->set_batch_from(series + std::to_string(first));
      product->set_batch_to(series + std::to_string(first + Pick(3)));
      if (series == "7-" && Pick(2) == 0) product->set_batch_to("8-1");
    }
    history_.recalls.push_back(ToRecord(recall));
  }
  // Few subjects, so that liftings find something to lift.
  void AddOrder() {
    constexpr v1::OrderKind kKinds[] = {v1::ORDER_KIND_TAKE_DOWN, v1::ORDER_KIND_REVIEW,
                                        v1::ORDER_KIND_STOP_SALE, v1::ORDER_KIND_EMERGENCY_CONTROL,
                                        v1::ORDER_KIND_LIFT,      v1::ORDER_KIND_LIFT};
    const int64_t at = Late();
    v1::Disposition order = MakeOrder(id_, kKinds[Pick(6)], at);
    order.set_effective_at(at + (static_cast<int64_t>(Pick(4)) - 2) * limits::kDay / 2);
    if (Pick(3) == 0) order.set_ends_at(at + static_cast<int64_t>(Pick(4)) * limits::kDay / 2);
    if (Pick(3) == 0) order.set_maker_uscc(CodeOf(MakerName()));
    switch (Pick(order.maker_uscc().empty() ? 4 : 5)) {
      case 0:
        order.set_platform("taobao");
        order.set_listing_id("item" + std::to_string(Pick(6)));
        break;
      case 1:
        order.set_certificate_number("2022011606454870");
        break;
      case 2:
        order.set_certificate_number("2022011606454871");
        order.set_batch("B1");
        break;
      case 4:
        break;
      default:
        order.set_product_code(Pick(3) > 0 ? "0914" : "1606");
        if (Pick(4) == 0) order.set_certificate_number("2022011606");  // not to be read: the order is refused
        break;
    }
    history_.dispositions.push_back(ToRecord(order));
  }
  // Half the facts say for whom and for what; vehicles of 55.0 kg.
  void AddScope(v1::Certificate* fact) {
    if (Pick(2) == 0) return;
    if (Pick(3) > 0) NameMaker(fact);
    if (Pick(3) > 0) fact->add_models(Pick(2) == 0 ? "M5" : "M2~M6");
    if (Pick(3) > 0) fact->mutable_vehicle()->set_mass(550);
  }
  void AddClaim(v1::Lookup* lookup) {
    if (Pick(2) == 0) lookup->set_product_code(Pick(8) == 0 ? "XK13-014" : Code());
    if (Pick(3) == 0) lookup->set_gtin(Gtin());
    if (Pick(3) == 0) lookup->set_model("M" + std::to_string(Pick(8)));
    if (Pick(2) == 0) lookup->set_batch(Batch());
    if (Pick(2) == 0) {
      const std::string maker = MakerName();
      lookup->set_maker(Pick(4) == 0 ? CodeOf(maker) : maker);
    }
    if (lookup->scene() != v1::SCENE_PLATE) return;
    if (Pick(3) == 0) lookup->set_mass(Pick(2) == 0 ? 560 : 700);
    lookup->set_application_id("app" + std::to_string(Pick(2)));
  }

  void AddFact() {
    const int64_t at = Late();
    const int64_t shift = (static_cast<int64_t>(Pick(5)) - 3) * limits::kDay / 2;
    const bool licence = Pick(6) == 0;
    v1::Certificate fact = MakeCertificate(id_, licence ? Licence() : Number(), kStatuses[Pick(5)], at + shift, at);
    if (licence) fact.set_kind(v1::CREDENTIAL_KIND_PRODUCTION_LICENCE);
    if (!licence && Pick(6) == 0) fact.set_kind(v1::CREDENTIAL_KIND_CCC_SELF_DECLARED);
    if (!licence && Pick(6) == 0) fact.set_kind(v1::CREDENTIAL_KIND_CCC);
    AddScope(&fact);
    if (Pick(2) == 0) fact.set_valid_until(at + static_cast<int64_t>(Pick(5)) * limits::kDay);
    if (Pick(4) == 0) fact.set_valid_from(at + static_cast<int64_t>(Pick(3)) * limits::kDay);
    history_.certificates.push_back(ToRecord(fact));
  }
  void AddLookup() {
    const auto scene = static_cast<v1::Scene>(1 + Pick(4));
    std::string number = Number() + (Pick(3) == 0 ? "(A1)" : "");
    if (Pick(8) == 0) number = Licence();
    if (Pick(12) == 0) number = "unreadable";
    if (Pick(12) == 0) number.clear();
    v1::Lookup lookup = MakeLookup(id_, "item" + std::to_string(Pick(40)), number, scene, Late());
    if (Pick(2) == 0) lookup.set_made_at(now_ - static_cast<int64_t>(Pick(6)) * limits::kDay / 2);
    lookup.set_shipment_proven(Pick(2) == 0);
    AddClaim(&lookup);
    history_.lookups.push_back(ToRecord(lookup));
    if (options_.broken_records && Pick(20) == 0) history_.lookups.back().value.resize(5);
  }
  // Weeks apart, with a burst now and then, follow-ups and withdrawals.
  void AddComplaints(int i) {
    const int64_t week = kMonday + i / 6 * limits::kWeek;
    const uint32_t count = i % 60 > 56 ? 4 : Pick(2);
    for (uint32_t n = 0; n < count; ++n) {
      const bool follow_up = cases_ > 0 && Pick(4) == 0;
      const uint32_t number = follow_up ? cases_ - 1 - Pick(std::min(cases_, 12U)) : cases_++;
      v1::Complaint complaint =
          MakeComplaint("c" + std::to_string(number), 1 + Pick(follow_up ? 3 : 1), "m" + std::to_string(Pick(2)),
                        Pick(3) == 0 ? "q" : "p", week + static_cast<int64_t>(Pick(6)) * limits::kDay);
      complaint.set_event_id(complaint.event_id() + "/" + id_ + "/" + std::to_string(n));
      complaint.set_withdrawn(follow_up && Pick(2) == 0);
      history_.complaints.push_back(ToRecord(complaint));
    }
  }

  std::mt19937 random_;
  std::mt19937 firms_;  // of its own: when names come is drawn apart from what happens
  const RandomHistoryOptions options_;
  History history_;
  int64_t now_ = kMonday;
  std::string id_;
  uint32_t cases_ = 0;
};

}  // namespace

History RandomHistory(uint32_t seed, const RandomHistoryOptions& options) { return Maker(seed, options).Make(); }

}  // namespace zaojing::testing
