#include <optional>
#include <string>
#include <utility>

#include "ingest/generate/catalogue.h"
#include "ingest/generate/fill.h"
#include "ingest/generate/names.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

using limits::kDay;

enum Question : uint32_t {
  kPick = 1,
  kProduct,
  kModel,
  kSaysModel,
  kSaysHolder,
  kHolder,
  kSaysMaker,
  kMaker,
  kSaysFactory,
  kFactory,
  kSaysMade,
  kMade,
  kForgery,
  kNumberForm,
  kSaysCode,
  kCategory,
  kMerchantKind,
  kTitle,
  kNoPaper,
  kTied
};

// What a listing claims before it is put into words.
struct Claim {
  std::optional<CertificateSpec> shown;
  std::string number;    // as shown; empty = none
  uint32_t product = 0;  // as claimed
  int64_t made_at = 0;
  std::string batch;
  std::string gtin;
  std::string model;  // empty: any of the certificate's
  bool proven = false;
  bool tied = true;  // says something that is of the certificate
  bool foreign_model = false;
  uint64_t firm_offset[3] = {0, 0, 0};  // holder, maker, factory: another firm, so many further
  bool says_all = false;                // nothing left out: what was planted must be seen
  bool says_code = true;
};

CertificateSpec AnyOf(const World& world, Fate fate, const Listing& listing) {
  const uint64_t count = world.certificates.Of(fate).count;
  return world.certificates.At(fate, listing.dice.Roll(kPick, count));
}

// Few certificates are shown by many.
CertificateSpec Popular(const World& world, const Listing& listing, uint64_t attempt = 0) {
  const uint64_t count = world.certificates.Of(Fate::kPlain).count;
  const double chance = Unit(listing.dice.Draw64(kPick));
  const auto rank = static_cast<uint64_t>(chance * chance * static_cast<double>(count));
  return world.certificates.At(Fate::kPlain, Permute((rank + attempt) % count, count, world.seed));
}

// Told after the listing was published, so that it was on sale before.
CertificateSpec EndingLater(const World& world, Fate fate, const Listing& listing) {
  const uint64_t count = world.certificates.Of(fate).count;
  const uint64_t first = listing.on_sale_before ? 0 : world.certificates.FirstAfter(fate, listing.published_until);
  ZAOJING_CHECK(first < count);
  return world.certificates.At(fate, first + listing.dice.Roll(kPick, count - first));
}

CertificateSpec Newly(const World& world, const Listing& listing) {
  const uint64_t known = world.certificates.FirstAfter(Fate::kNew, listing.published_from - limits::kHour);
  if (known == 0) return Popular(world, listing);
  return world.certificates.At(Fate::kNew, listing.dice.Roll(kPick, known));
}

// Like Popular, but its models end somewhere.
CertificateSpec WithClosedModels(const World& world, const Listing& listing) {
  for (uint64_t attempt = 0;; ++attempt) {
    const CertificateSpec spec = Popular(world, listing, attempt);
    if (!HasOpenModels(spec.models)) return spec;
  }
}

// Goods that have needed a certificate for years, and are not these. `issued`: a self-declaration will not do.
uint32_t OtherProduct(const Listing& listing, std::optional<uint32_t> than, bool issued) {
  for (uint32_t attempt = 0;; ++attempt) {
    const uint32_t product = CertifiedProduct(listing.dice.Draw64(1000 + attempt));
    const bool fits = !issued || Products()[product].need == Need::kCertified;
    if (fits && product != than) return product;
  }
}

std::string Misprint(std::string number, uint64_t draw) {
  switch (draw % 4) {
    case 0:
      return number.substr(0, 12);
    case 1:
      number[10] = 'O';  // the letter
      return number;
    case 2:
      return "CCC" + number;
    default:
      return number.substr(0, 15);
  }
}

// A real number in which one part cannot be.
std::string Forged(const World& world, v1::PlantedCause cause, const Listing& listing, const CertificateSpec& spec) {
  const uint64_t draw = listing.dice.Draw64(kForgery);
  std::string number = world.certificates.NumberOf(spec);
  switch (cause) {
    case v1::PLANTED_CAUSE_FORGED_BODY:
      return number.replace(4, 2, ForgedDigits(listing));
    case v1::PLANTED_CAUSE_FORGED_YEAR:
      return number.replace(0, 4, ForgedDigits(listing));
    case v1::PLANTED_CAUSE_FORGED_CODE:
      return number.replace(6, 4, ForgedDigits(listing));
    case v1::PLANTED_CAUSE_BAD_FORMAT:
      return Misprint(std::move(number), draw);
    default:
      return world.certificates.ForgedNumber(spec, draw);
  }
}

int64_t MadeAtOf(const Listing& listing) {
  if (!listing.dice.Chance(kSaysMade, 55)) return 0;
  const int64_t known_at = listing.on_sale_before ? kYearStart : listing.published_from;
  return ChinaDayStart(ChinaDay(known_at) - static_cast<int64_t>(2 + listing.dice.Roll(kMade, 150)));
}

int64_t WithinDays(const Listing& listing, int64_t from, int64_t days) {
  return from + static_cast<int64_t>(listing.dice.Roll(kMade, static_cast<uint64_t>(days))) * kDay;
}

void PlantForgery(const World& world, const Listing& listing, Claim* claim) {
  const v1::PlantedCause cause = listing.role->cause;
  const CertificateSpec spec = Popular(world, listing);
  claim->product = OtherProduct(listing, std::nullopt, cause == v1::PLANTED_CAUSE_BAD_FORMAT);
  claim->number = cause == v1::PLANTED_CAUSE_NO_CERTIFICATE ? std::string() : Forged(world, cause, listing, spec);
}

void PlantEnforcement(const World& world, const Listing& listing, Claim* claim) {
  const v1::PlantedCause cause = listing.role->cause;
  const Fate fate = cause == v1::PLANTED_CAUSE_INSPECTION_FAILED ? Fate::kInspected
                    : cause == v1::PLANTED_CAUSE_SOFTWARE_RECALL ? Fate::kPatched
                                                                 : Fate::kRecalled;
  const uint64_t ordinal = listing.ordinal % world.certificates.Of(fate).count;
  claim->shown = world.certificates.At(fate, ordinal);
  claim->says_all = true;
  claim->gtin = Gtin(claim->shown->index);
  if (fate == Fate::kInspected) {
    claim->made_at = FailedBatchMadeAt(world, ordinal);
    claim->batch = FailedBatch(world, ordinal);
    claim->model = FailedModel(world, ordinal);
    return;
  }
  const MadeBetween recalled = RecalledMade(world, fate, ordinal);
  const int64_t days = (recalled.until - recalled.from) / kDay;
  const bool outside = cause == v1::PLANTED_CAUSE_OUTSIDE_RECALL;
  claim->made_at =
      outside ? WithinDays(listing, recalled.from - 30 * kDay, 30) : WithinDays(listing, recalled.from, days);
}

void PlantMismatch(const World& world, const Listing& listing, Claim* claim) {
  claim->says_all = true;
  claim->shown = listing.role->cause == v1::PLANTED_CAUSE_MODEL_MISMATCH ? WithClosedModels(world, listing)
                                                                         : Popular(world, listing);
  switch (listing.role->cause) {
    case v1::PLANTED_CAUSE_MODEL_MISMATCH:
      claim->foreign_model = true;
      return;
    case v1::PLANTED_CAUSE_HOLDER_MISMATCH:
      claim->firm_offset[0] = 1;
      return;
    case v1::PLANTED_CAUSE_MAKER_MISMATCH:
      claim->firm_offset[1] = 1;
      return;
    case v1::PLANTED_CAUSE_FACTORY_MISMATCH:
      claim->firm_offset[2] = 1;
      return;
    default:
      break;
  }
  ZAOJING_CHECK(claim->shown);
  claim->says_all = false;
  claim->product = OtherProduct(listing, claim->shown->product, false);  // OTHER_GOODS
}

// The certificate of a listing that shows a real one.
CertificateSpec ShownBy(const World& world, const Listing& listing) {
  switch (listing.role->cause) {
    case v1::PLANTED_CAUSE_REVOKED_BEFORE:
    case v1::PLANTED_CAUSE_RELISTED:
      return AnyOf(world, Fate::kRevokedBefore, listing);
    case v1::PLANTED_CAUSE_REVOKED_ON_SALE:
      return AnyOf(world, Fate::kRevoked, listing);
    case v1::PLANTED_CAUSE_MASS_REVOCATION:
      return AnyOf(world, Fate::kMassRevoked, listing);
    case v1::PLANTED_CAUSE_SUSPENDED:
      return AnyOf(world, Fate::kSuspendedBefore, listing);
    case v1::PLANTED_CAUSE_EXPIRED:
      return AnyOf(world, Fate::kExpiredBefore, listing);
    case v1::PLANTED_CAUSE_CANCELLED:
      return AnyOf(world, Fate::kCancelledBefore, listing);
    case v1::PLANTED_CAUSE_SUSPENDED_ON_SALE:
      return AnyOf(world, Fate::kSuspended, listing);
    case v1::PLANTED_CAUSE_RESTORED:
      return AnyOf(world, Fate::kRestored, listing);
    case v1::PLANTED_CAUSE_CORRECTED:
      return AnyOf(world, Fate::kCorrected, listing);
    case v1::PLANTED_CAUSE_EXPIRED_ON_SALE:
    case v1::PLANTED_CAUSE_SHIPPED_BEFORE:
      return EndingLater(world, Fate::kLapsed, listing);
    case v1::PLANTED_CAUSE_CANCELLED_ON_SALE:
      return EndingLater(world, Fate::kCancelled, listing);
    default:
      return Popular(world, listing);
  }
}

void PlantStatus(const World& world, const Listing& listing, Claim* claim) {
  claim->shown = ShownBy(world, listing);
  switch (listing.role->cause) {
    case v1::PLANTED_CAUSE_SUSPENDED:
      claim->made_at =
          WithinDays(listing, world.certificates.EffectiveAt(Fate::kSuspendedBefore, claim->shown->ordinal) + kDay, 15);
      return;
    case v1::PLANTED_CAUSE_SHIPPED_BEFORE:
      claim->proven = true;
      claim->made_at = ChinaDayStart(ChinaDay(listing.on_sale_before ? kYearStart : listing.published_from)) - 3 * kDay;
      return;
    case v1::PLANTED_CAUSE_SUSPENDED_ON_SALE:
    case v1::PLANTED_CAUSE_EXPIRED_ON_SALE:
    case v1::PLANTED_CAUSE_CANCELLED_ON_SALE:
    case v1::PLANTED_CAUSE_RESTORED:
      return;  // when they were made is not stated
    default:
      claim->made_at = MadeAtOf(listing);
  }
}

void Plant(const World& world, const Listing& listing, Claim* claim) {
  switch (listing.role->cause) {
    case v1::PLANTED_CAUSE_NO_CERTIFICATE:
    case v1::PLANTED_CAUSE_BAD_FORMAT:
    case v1::PLANTED_CAUSE_FORGED_SERIAL:
    case v1::PLANTED_CAUSE_FORGED_BODY:
    case v1::PLANTED_CAUSE_FORGED_YEAR:
    case v1::PLANTED_CAUSE_FORGED_CODE:
      return PlantForgery(world, listing, claim);
    case v1::PLANTED_CAUSE_MANDATORY_DATE:
      claim->product = EBikeBattery();
      return;
    case v1::PLANTED_CAUSE_OTHER_GOODS:
    case v1::PLANTED_CAUSE_MODEL_MISMATCH:
    case v1::PLANTED_CAUSE_HOLDER_MISMATCH:
    case v1::PLANTED_CAUSE_MAKER_MISMATCH:
    case v1::PLANTED_CAUSE_FACTORY_MISMATCH:
      return PlantMismatch(world, listing, claim);
    case v1::PLANTED_CAUSE_INSPECTION_FAILED:
    case v1::PLANTED_CAUSE_RECALLED:
    case v1::PLANTED_CAUSE_OUTSIDE_RECALL:
    case v1::PLANTED_CAUSE_SOFTWARE_RECALL:
      return PlantEnforcement(world, listing, claim);
    default:
      return PlantStatus(world, listing, claim);
  }
}

Claim ClaimOf(const World& world, const Listing& listing) {
  constexpr uint32_t kUnset = ~0U;
  Claim claim;
  claim.product = kUnset;
  switch (listing.role->role) {
    case Role::kPlanted:
      Plant(world, listing, &claim);
      break;
    case Role::kUnregulated:
      claim.product = Unregulated(listing.dice.Draw64(kProduct));
      break;
    case Role::kRenewed:
      claim.shown = AnyOf(world, Fate::kRenewed, listing);
      claim.made_at = MadeAtOf(listing);
      break;
    case Role::kNewlyCertified:
      claim.shown = Newly(world, listing);
      claim.made_at = 0;
      break;
    case Role::kBorrowed:
      claim.shown =
          world.certificates.At(Fate::kBorrowed, listing.ordinal % world.certificates.Of(Fate::kBorrowed).count);
      // Goods of somebody else: what would contradict is left out, but one in ten copies the certificate's.
      claim.tied = listing.dice.Chance(kTied, 10);
      break;
    case Role::kPlain:
      claim.shown = Popular(world, listing);
      claim.made_at = MadeAtOf(listing);
      claim.says_code = listing.dice.Chance(kNoPaper, 90);
      break;
  }
  if (claim.shown && claim.product == kUnset) claim.product = claim.shown->product;
  if (claim.shown) claim.number = world.certificates.NumberOf(*claim.shown);
  return claim;
}

// As sellers write it: bare, with a version, with full-width brackets.
std::string Decorated(std::string number, const Listing& listing) {
  const uint64_t form = listing.dice.Roll(kNumberForm, 100);
  if (number.size() != 16 || form < 88) return number;
  return number + (form < 96 ? "(B0)" : "（A1）");
}

// A firm as a seller names it: by one of its names, sometimes by its code.
std::string PartyClaim(const World& world, uint64_t firm, uint64_t draw) {
  if (draw % 100 < 12) return world.certificates.FirmUscc(firm);
  const bool former = world.certificates.FirmAt(firm).renamed && draw / 100 % 2 == 0;
  return world.certificates.FirmName(firm, former);
}

void SetParties(const World& world, const Listing& listing, const Claim& claim, v1::Lookup* lookup) {
  const CertificateSpec& spec = *claim.shown;
  const auto firm = [&](size_t party, uint64_t stated) {
    const uint64_t offset = claim.firm_offset[party];
    return offset == 0 ? stated : (stated + offset) % world.certificates.firms();
  };
  const Dice& dice = listing.dice;
  if (claim.says_all || dice.Chance(kSaysHolder, 40)) {
    lookup->set_holder(PartyClaim(world, firm(0, spec.holder), dice.Draw64(kHolder)));
  }
  if (claim.says_all || dice.Chance(kSaysMaker, 25)) {
    lookup->set_maker(PartyClaim(world, firm(1, spec.maker), dice.Draw64(kMaker)));
  }
  if (claim.says_all || dice.Chance(kSaysFactory, 15)) {
    lookup->set_factory(PartyClaim(world, firm(2, spec.factory), dice.Draw64(kFactory)));
  }
}

void SetGoods(const World& world, const Listing& listing, const Claim& claim, v1::Lookup* lookup) {
  const Product& product = Products()[claim.product];
  const Dice& dice = listing.dice;
  if (claim.says_all || (claim.says_code && dice.Chance(kSaysCode, 80))) {
    lookup->set_product_code(std::string(product.code));
  } else if (claim.says_code) {
    std::string category(product.name);
    category.append("/").append(std::to_string(dice.Roll(kCategory, kCategoriesOfProduct)));
    lookup->set_category(std::move(category));
  }
  std::string title(product.name);
  if (claim.shown && claim.tied) {
    SetParties(world, listing, claim, lookup);
    const uint64_t models = claim.shown->models;
    const uint64_t pick = dice.Draw64(kModel);
    std::string model = claim.foreign_model   ? ForeignModel(models, pick)
                        : claim.model.empty() ? ClaimedModel(models, pick)
                                              : claim.model;
    title.insert(0, BrandOf(claim.shown->maker)).append(" ").append(model);
    if (claim.says_all || dice.Chance(kSaysModel, 60)) lookup->set_model(std::move(model));
  } else {
    title.insert(0, BrandOf(dice.Roll(kTitle, world.certificates.firms())));
  }
  lookup->set_title(title.append(" 正品包邮"));
}

}  // namespace

std::string ForgedDigits(const Listing& listing) {
  const uint64_t draw = listing.dice.Draw64(kForgery);
  switch (listing.role->cause) {
    case v1::PLANTED_CAUSE_FORGED_BODY:
      return draw % 2 == 0 ? "99" : "88";
    case v1::PLANTED_CAUSE_FORGED_YEAR:
      return std::to_string(2027 + draw % 9);
    case v1::PLANTED_CAUSE_FORGED_CODE:
      return draw % 2 == 0 ? "9801" : "9807";
    default:
      return {};
  }
}

int64_t FailedBatchMadeAt(const World& world, uint64_t ordinal) {
  const Dice dice(world.seed, Stream::kInspection, ordinal);
  return kYearStart - static_cast<int64_t>(20 + dice.Roll(0, 200)) * kDay;
}

std::string FailedBatch(const World& world, uint64_t ordinal) {
  std::string batch = "PC";
  AppendNumber(static_cast<uint64_t>(ChinaDay(FailedBatchMadeAt(world, ordinal))), 6, &batch);
  return batch;
}

std::string FailedModel(const World& world, uint64_t ordinal) {
  return ClaimedModel(world.certificates.At(Fate::kInspected, ordinal).models, ordinal);
}

MadeBetween RecalledMade(const World& world, Fate fate, uint64_t ordinal) {
  const Dice dice(world.seed, Stream::kInspection, (uint64_t{static_cast<uint8_t>(fate)} << 40) + ordinal);
  const int64_t from = kYearStart - static_cast<int64_t>(100 + dice.Roll(0, 300)) * kDay;
  return {from, from + static_cast<int64_t>(20 + dice.Roll(1, 60)) * kDay};
}

void FillListing(const World& world, const Listing& listing, uint32_t visit, v1::Lookup* lookup) {
  const Claim claim = ClaimOf(world, listing);
  const Dice merchant(world.seed, Stream::kVisit, listing.merchant);
  const std::string_view region = RegionOf(merchant.Draw64(0));
  lookup->set_platform(ListingBook::PlatformOf(listing));
  lookup->set_listing_id(world.listings.IdOf(listing));
  lookup->set_seller_uscc(MerchantUscc(listing.merchant, region));
  lookup->set_region(std::string(region));
  lookup->set_certificate_number(Decorated(claim.number, listing));
  lookup->set_scene(world.listings.SceneOf(listing, visit));
  lookup->set_made_at(claim.made_at);
  lookup->set_shipment_proven(claim.proven);
  lookup->set_batch(claim.batch);
  lookup->set_gtin(claim.gtin);
  SetGoods(world, listing, claim, lookup);
}

}  // namespace zaojing::generate
