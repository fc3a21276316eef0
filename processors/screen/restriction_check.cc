#include "processors/screen/restriction_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>

#include "processors/models/batch.h"
#include "processors/models/fold.h"
#include "processors/rules/restriction_domain.h"
#include "proto/check.h"
#include "proto/identifiers.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

class Finder {
 public:
  Finder(const Listing& claim, const CertificateScope* scope, const KnownAt& known) : claim_(claim), known_(known) {
    goods_.scope = scope;
  }

  Matches Find(std::string_view key, CredentialId shown) {
    const RestrictionTable& table = known_.registry.restrictions();
    goods_.listing = key;
    goods_.seller = claim_.seller_uscc;
    goods_.certificate = shown;
    goods_.model = claim_.model;
    goods_.gtin = NormalGtin(claim_.gtin);
    goods_.made_at = claim_.made_at;
    std::string_view own_code;
    if (IsCcc(shown)) own_code = claim_.certificate_number.substr(kCatalogueCodeAt, kCatalogueCodeDigits);
    goods_.product_code = claim_.product_code.empty() ? own_code : claim_.product_code;
    if (table.Has(Anchor::kListing)) Probe(Anchor::kListing, AnchorHash(key));
    if (table.Has(Anchor::kCertificate) && shown != 0) Probe(Anchor::kCertificate, shown);
    if (table.Has(Anchor::kGtin) && !goods_.gtin.empty()) Probe(Anchor::kGtin, AnchorHash(goods_.gtin));
    if (table.Has(Anchor::kSeller) && !goods_.seller.empty()) Probe(Anchor::kSeller, AnchorHash(goods_.seller));
    if (table.Has(Anchor::kCode)) ProbeCodes(own_code);
    if (table.HasMakersOf(goods_.product_code) && MayConcernMaker(table)) {
      Complete();
      for (const uint64_t hash : goods_.makers.hashes) Probe(Anchor::kMaker, hash);
    }
    return std::move(matches_);
  }

 private:
  bool MayConcernMaker(const RestrictionTable& table) const {
    if (table.MayConcernMaker(claim_.maker_hash)) return true;
    if (goods_.scope == nullptr || goods_.scope->maker == 0) return false;
    return table.MayConcernMaker(goods_.scope->maker_name_hash) || table.MayConcernMaker(goods_.scope->maker_uscc_hash);
  }
  // The certificate's part, which is read only where it may matter.
  void Complete() {
    if (completed_) return;
    completed_ = true;
    batch_ = NormalBatch(claim_.batch);
    goods_.batch = batch_;
    if (goods_.scope != nullptr && goods_.scope->maker != 0) {
      AddCertified(known_.registry.scopes().PartyAt(goods_.scope->maker));
    }
    if (claim_.maker_hash != 0) AddClaimed(claim_.maker_hash);
    auto& hashes = goods_.makers.hashes;
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  }
  // As Registry::IsParty.
  void AddCertified(const Party& maker) {
    MakerNames& makers = goods_.makers;
    makers.named = maker.name_hash != 0;
    makers.coded = maker.uscc_hash != 0;
    if (makers.named) makers.hashes.push_back(maker.name_hash);
    AddIdentity(makers.coded ? maker.uscc_hash : maker.name_hash);
  }
  // What is the certified maker's adds nothing: of the enterprises that go by it the certificate says which. So whoever
  // is found through it is found among the certificates, where the index has the listing.
  void AddClaimed(uint64_t hash) {
    MakerNames& makers = goods_.makers;
    const bool code = known_.registry.enterprises().HasUscc(hash, known_.cursor.enterprises);
    (code ? makers.coded : makers.named) = true;
    if (!makers.Has(hash)) AddIdentity(hash);
  }
  void AddIdentity(uint64_t hash) {
    known_.registry.enterprises().VisitIdentity(hash, known_.cursor.enterprises,
                                                [&](uint64_t one) { goods_.makers.hashes.push_back(one); });
  }

  void Probe(Anchor anchor, uint64_t hash) {
    known_.registry.restrictions().Visit(anchor, hash, known_.now, known_.cursor.restrictions(),
                                         [&](const Restriction& restriction) {
                                           Complete();
                                           Add(restriction);
                                         });
  }

  // A code of another table takes nothing from the one in the certificate's number; one of the same table stands for it.
  void ProbeCodes(std::string_view own_code) {
    if (!goods_.product_code.empty()) Probe(Anchor::kCode, AnchorHash(goods_.product_code));
    const bool beside = !own_code.empty() && !IsCatalogueCode(goods_.product_code);
    if (beside) Probe(Anchor::kCode, AnchorHash(own_code));
  }

  void Add(const Restriction& restriction) {
    const bool sample = restriction.ground == v1::GROUND_FAILED_SAMPLE;
    const v1::Fit fit = sample ? FitOfSample(restriction.bounds, goods_) : FitOfBounds(restriction.bounds, goods_);
    if (fit == v1::FIT_UNSPECIFIED) return;
    matches_.push_back({restriction.ground, fit, &known_.registry.restrictions().StatementOf(restriction)});
  }

  const Listing& claim_;
  const KnownAt& known_;
  Goods goods_;
  std::string batch_;
  bool completed_ = false;
  Matches matches_;
};

}  // namespace

Matches FindMatches(const Listing& claim, std::string_view key, CredentialId shown, const CertificateScope* scope,
                    const KnownAt& known) {
  if (known.registry.restrictions().empty()) return {};
  return Finder(claim, scope, known).Find(key, shown);
}

RestrictionRows::RestrictionRows(const v1::RuleSet& rules) : by_case_(kRestrictionCases, 0) {
  ZAOJING_CHECK(rules.restrictions_size() <= limits::kDecisionRowsMax);
  for (const v1::RestrictionRow& row : rules.restrictions()) {
    rows_.push_back(&row);
    const RestrictionCaseSet cases = CasesOf(row);
    for (size_t i = 0; i < kRestrictionCases; ++i) {
      if (cases[i] && by_case_[i] == 0) by_case_[i] = static_cast<uint8_t>(rows_.size());
    }
  }
}

const v1::RestrictionRow& RestrictionRows::Decide(const Match& match, v1::Scene scene) const {
  const uint8_t row = by_case_[IndexOf(RestrictionCase{match.ground, match.fit, scene})];
  ZAOJING_CHECK(row != 0);  // ParseRules demands a row for every case that can occur
  return *rows_[row - 1];
}

RestrictionRows::Strictest RestrictionRows::Decide(const Matches& matches, v1::Scene scene) const {
  Strictest best;
  const auto rank = [](const v1::RestrictionRow& row, const Statement& statement) {
    return std::tuple(-static_cast<int>(row.action()), statement.topic, statement.position);
  };
  for (const Match& match : matches) {
    const v1::RestrictionRow& row = Decide(match, scene);
    if (row.action() == v1::ACTION_ALLOW) continue;
    if (best.row != nullptr && rank(*best.row, *best.statement) <= rank(row, *match.statement)) continue;
    best = {&row, match.statement};
  }
  return best;
}

}  // namespace zaojing
