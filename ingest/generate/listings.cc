#include "ingest/generate/listings.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "ingest/generate/names.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

using v1::ACTION_ALLOW;
using v1::ACTION_BLOCK;
using v1::ACTION_REVIEW;

// The stopped ones sum to a million; PlantedSums checks it.
constexpr RoleSpec kRoles[] = {
    {Role::kPlain, Pattern::kBackground, 0},
    {Role::kRenewed, Pattern::kOnSale, 60'000},
    {Role::kNewlyCertified, Pattern::kPublished, 60'000},
    {Role::kUnregulated, Pattern::kOnSale, 30'000},
    {Role::kBorrowed, Pattern::kOnSale, 2'500},

    {Role::kPlanted, Pattern::kPublishOnly, 240'000, v1::PLANTED_CAUSE_NO_CERTIFICATE, ACTION_BLOCK,
     v1::REASON_NO_CREDENTIAL},
    {Role::kPlanted, Pattern::kPublishOnly, 50'000, v1::PLANTED_CAUSE_BAD_FORMAT, ACTION_BLOCK, v1::REASON_BAD_FORMAT},
    {Role::kPlanted, Pattern::kPublishOnly, 70'000, v1::PLANTED_CAUSE_FORGED_SERIAL, ACTION_BLOCK,
     v1::REASON_NOT_FOUND},
    {Role::kPlanted, Pattern::kPublishOnly, 20'000, v1::PLANTED_CAUSE_FORGED_CODE, ACTION_BLOCK, v1::REASON_NOT_FOUND},
    {Role::kPlanted, Pattern::kPublishOnly, 40'000, v1::PLANTED_CAUSE_FORGED_BODY, ACTION_BLOCK, v1::REASON_NOT_FOUND},
    {Role::kPlanted, Pattern::kPublishOnly, 30'000, v1::PLANTED_CAUSE_FORGED_YEAR, ACTION_BLOCK, v1::REASON_NOT_FOUND},
    {Role::kPlanted, Pattern::kPublishOnly, 130'000, v1::PLANTED_CAUSE_OTHER_GOODS, ACTION_BLOCK,
     v1::REASON_CODE_MISMATCH},
    {Role::kPlanted, Pattern::kPublishOnly, 80'000, v1::PLANTED_CAUSE_REVOKED_BEFORE, ACTION_BLOCK, v1::REASON_REVOKED},
    {Role::kPlanted, Pattern::kOnSale, 60'000, v1::PLANTED_CAUSE_REVOKED_ON_SALE, ACTION_BLOCK, v1::REASON_REVOKED},
    {Role::kPlanted, Pattern::kOnSale, 50'000, v1::PLANTED_CAUSE_MASS_REVOCATION, ACTION_BLOCK, v1::REASON_REVOKED},
    {Role::kPlanted, Pattern::kPublishOnly, 55'000, v1::PLANTED_CAUSE_SUSPENDED, ACTION_BLOCK, v1::REASON_SUSPENDED},
    {Role::kPlanted, Pattern::kPublishOnly, 75'000, v1::PLANTED_CAUSE_EXPIRED, ACTION_BLOCK, v1::REASON_EXPIRED},
    {Role::kPlanted, Pattern::kPublishOnly, 30'000, v1::PLANTED_CAUSE_CANCELLED, ACTION_BLOCK, v1::REASON_CANCELLED},
    {Role::kPlanted, Pattern::kOnSale, 30'000, v1::PLANTED_CAUSE_MANDATORY_DATE, ACTION_BLOCK,
     v1::REASON_NO_CREDENTIAL},
    {Role::kPlanted, Pattern::kReturning, 20'000, v1::PLANTED_CAUSE_RELISTED, ACTION_BLOCK, v1::REASON_REVOKED},
    {Role::kPlanted, Pattern::kOnSale, 10'000, v1::PLANTED_CAUSE_INSPECTION_FAILED, ACTION_BLOCK},
    {Role::kPlanted, Pattern::kOnSale, 6'000, v1::PLANTED_CAUSE_RECALLED, ACTION_BLOCK},
    {Role::kPlanted, Pattern::kOnSale, 4'000, v1::PLANTED_CAUSE_ORDERED, ACTION_BLOCK},

    {Role::kPlanted, Pattern::kOnSale, 8'000, v1::PLANTED_CAUSE_MODEL_MISMATCH, ACTION_REVIEW,
     v1::REASON_MODEL_MISMATCH},
    {Role::kPlanted, Pattern::kOnSale, 5'000, v1::PLANTED_CAUSE_HOLDER_MISMATCH, ACTION_REVIEW,
     v1::REASON_HOLDER_MISMATCH},
    {Role::kPlanted, Pattern::kOnSale, 2'000, v1::PLANTED_CAUSE_MAKER_MISMATCH, ACTION_REVIEW,
     v1::REASON_MAKER_MISMATCH},
    {Role::kPlanted, Pattern::kOnSale, 2'000, v1::PLANTED_CAUSE_FACTORY_MISMATCH, ACTION_REVIEW,
     v1::REASON_FACTORY_MISMATCH},
    {Role::kPlanted, Pattern::kOnSale, 4'000, v1::PLANTED_CAUSE_SUSPENDED_ON_SALE, ACTION_REVIEW, v1::REASON_SUSPENDED},
    {Role::kPlanted, Pattern::kOnSale, 6'000, v1::PLANTED_CAUSE_EXPIRED_ON_SALE, ACTION_REVIEW, v1::REASON_EXPIRED},
    {Role::kPlanted, Pattern::kOnSale, 3'000, v1::PLANTED_CAUSE_CANCELLED_ON_SALE, ACTION_REVIEW, v1::REASON_CANCELLED},
    {Role::kPlanted, Pattern::kOnSale, 5'000, v1::PLANTED_CAUSE_SHIPPED_BEFORE, ACTION_ALLOW, v1::REASON_EXPIRED},
    {Role::kPlanted, Pattern::kOnSale, 10'000, v1::PLANTED_CAUSE_RESTORED, ACTION_ALLOW, v1::REASON_OK},
    {Role::kPlanted, Pattern::kOnSale, 1'000, v1::PLANTED_CAUSE_CORRECTED, ACTION_ALLOW, v1::REASON_OK},
    {Role::kPlanted, Pattern::kOnSale, 2'000, v1::PLANTED_CAUSE_OUTSIDE_RECALL, ACTION_ALLOW, v1::REASON_OK},
    {Role::kPlanted, Pattern::kOnSale, 1'000, v1::PLANTED_CAUSE_SOFTWARE_RECALL, ACTION_ALLOW, v1::REASON_OK},
};

constexpr uint64_t StoppedShares() {
  uint64_t sum = 0;
  for (const RoleSpec& role : kRoles) sum += role.action == ACTION_BLOCK ? role.share_e6 : 0;
  return sum;
}
static_assert(StoppedShares() == 1'000'000, "the stopped listings are those planted");

uint64_t Rounded(double exact) { return static_cast<uint64_t>(std::llround(exact)); }

constexpr std::string_view kPlatforms[] = {"east-mall",   "east-mall",   "east-mall",  "river-shop", "river-shop",
                                           "hill-market", "hill-market", "lake-store", "city-goods"};

enum Question : uint32_t { kPlatform = 100, kCheckout = 200 };

}  // namespace

WorldSize::WorldSize(double scale)
    : certificates(Rounded(scale * 461e3)),
      merchants(Rounded(scale * 1.32e6)),
      listings(Rounded(scale * 11e6)),
      stopped(Rounded(scale * 1.03e6)),
      platform_lookups(Rounded(scale * 65.9e6)),
      plate_lookups(Rounded(scale * 61.1e6)) {}

std::span<const RoleSpec> Roles() { return kRoles; }

// The classes in the making.
struct ListingBook::Plan {
  std::vector<ListingClass> classes;
  std::vector<VisitClass> visits;
  uint64_t numbers = 0;
  uint64_t lookups = 0;
  uint64_t ordinal = 0;  // within the role at hand

  void Add(const RoleSpec& role, uint64_t items, VisitClass visit) {
    if (items == 0) return;
    ListingClass next;
    next.role = &role;
    next.numbers = role.pattern == Pattern::kReturning ? kNumbersOfReturning : 1;
    next.first_number = numbers;
    next.first_ordinal = ordinal;
    next.items = items;
    next.wraps = visit.wraps;
    visit.items = items;
    classes.push_back(next);
    visits.push_back(visit);
    numbers += items * next.numbers;
    lookups += items * visit.visits;
    ordinal += items;
  }

  void AddRole(const RoleSpec& role, uint64_t items) {
    ordinal = 0;
    switch (role.pattern) {
      case Pattern::kOnSale:
        Add(role, items / 2, {0, 6, true, 1.0});
        Add(role, items / 4, {0, 5, false, 0.3});
        return Add(role, items - items / 2 - items / 4, {0, 7, false, 0.4});
      case Pattern::kPublished:
        Add(role, items / 2, {0, 4, false, 0.15});
        return Add(role, items - items / 2, {0, 6, false, 0.4});
      case Pattern::kPublishOnly:
        Add(role, items / 10, {0, 4, false, 0.02});
        Add(role, items / 10 * 3, {0, 2, false, 0.01});
        return Add(role, items - items / 10 - items / 10 * 3, {0, 1, false, 0});
      case Pattern::kReturning:
        return Add(role, items, {0, kNumbersOfReturning, false, 0.1});
      case Pattern::kBackground:
        break;
    }
    ZAOJING_CHECK(false && "the background takes what is left");
  }

  // Exactly `items` listings asked about exactly `asked` times: shares of every frequency, and of the rest as many are
  // asked about often, or once, as make up the sum.
  void AddBackground(const RoleSpec& role, uint64_t items, uint64_t asked) {
    constexpr uint32_t kOften = 24;
    constexpr std::pair<uint32_t, uint64_t> kFrequencies[] = {{2, 30}, {4, 25}, {8, 20}, {12, 10}};
    const uint64_t end = lookups + asked;
    uint64_t left = items;
    ordinal = 0;
    for (const auto& [visits_of_each, percent] : kFrequencies) {
      const uint64_t count = items * percent / 100;
      left -= count;
      Add(role, count / 5 * 3, {0, visits_of_each, true, 1.0});
      Add(role, count / 5, {0, visits_of_each, false, 0.5});
      Add(role, count - count / 5 * 3 - count / 5, {0, visits_of_each, false, 0.1});
    }
    ZAOJING_CHECK(left > 1 && end > lookups + left);
    const uint64_t extra = end - lookups - left;  // beyond one each
    const uint64_t often = extra / (kOften - 1);
    ZAOJING_CHECK(often + 1 < left);
    Add(role, 1, {0, static_cast<uint32_t>(1 + extra % (kOften - 1)), false, 0.3});
    Add(role, often / 2, {0, kOften, true, 1.0});
    Add(role, often - often / 2, {0, kOften, false, 0.55});
    Add(role, left - often - 1, {0, 1, false, 0});
    ZAOJING_CHECK(lookups == end);
  }

  static Plan Of(const WorldSize& size) {
    Plan plan;
    uint64_t stopped = 0;
    const RoleSpec* returning = nullptr;
    const RoleSpec* last = nullptr;  // stopped: takes what rounding leaves
    for (const RoleSpec& role : kRoles) {
      if (role.pattern == Pattern::kBackground) continue;
      const bool stops = role.action == ACTION_BLOCK;
      const uint64_t whole = stops ? size.stopped : size.listings;
      const uint64_t items = std::max<uint64_t>(2, whole * role.share_e6 / 1'000'000);
      if (role.pattern == Pattern::kReturning) {
        returning = &role;
      } else if (role.cause == v1::PLANTED_CAUSE_NO_CERTIFICATE) {
        last = &role;
      } else {
        plan.AddRole(role, items);
        stopped += stops ? items : 0;
      }
    }
    const uint64_t returned =
        std::max<uint64_t>(1, size.stopped * returning->share_e6 / 1'000'000 / kNumbersOfReturning);
    ZAOJING_CHECK(size.stopped > stopped + returned * kNumbersOfReturning);
    plan.AddRole(*last, size.stopped - stopped - returned * kNumbersOfReturning);
    const uint64_t background = size.listings - plan.numbers - returned * kNumbersOfReturning;
    plan.AddBackground(kRoles[0], background, size.platform_lookups - plan.lookups - returned * kNumbersOfReturning);
    plan.AddRole(*returning, returned);  // at the end, so that the numbers before it are one a listing
    return plan;
  }
};

ListingBook::ListingBook(uint64_t seed, const WorldSize& size) : ListingBook(seed, size, Plan::Of(size)) {}

ListingBook::ListingBook(uint64_t seed, const WorldSize& size, Plan plan)
    : seed_(seed),
      listings_(size.listings),
      merchants_(size.merchants),
      classes_(std::move(plan.classes)),
      schedule_(plan.visits, seed),
      single_(classes_.back().first_number) {
  ZAOJING_CHECK(plan.numbers == listings_ && schedule_.questions() == size.platform_lookups);
  ZAOJING_CHECK(classes_.back().role->pattern == Pattern::kReturning);
}

Listing ListingBook::At(uint32_t listing_class, uint64_t item, uint32_t number) const {
  const ListingClass& found = classes_[listing_class];
  ZAOJING_CHECK(item < found.items && number < found.numbers);
  const uint64_t first = found.first_number + item * found.numbers;
  Listing listing;
  listing.role = found.role;
  listing.number = first + number;
  listing.ordinal = found.first_ordinal + item;
  listing.on_sale_before = found.wraps;
  listing.dice = Dice(seed_, Stream::kListing, first);
  const uint64_t block = schedule_.FirstBlock(listing_class, item);
  const auto blocks = static_cast<double>(schedule_.blocks());
  listing.published_from = calendar_.TimeAt(static_cast<double>(block) / blocks);
  listing.published_until =
      block + 1 == schedule_.blocks() ? kYearEnd : calendar_.TimeAt(static_cast<double>(block + 1) / blocks);
  // Each merchant has one listing for certain; the others go to few.
  const uint64_t merchant = first * merchants_ / single_;
  const bool first_of_merchant = first < single_ && (first == 0 || (first - 1) * merchants_ / single_ != merchant);
  const double chance = Unit(listing.dice.Draw64(0));
  listing.merchant = first_of_merchant ? Permute(merchant, merchants_, seed_)
                                       : static_cast<uint64_t>(chance * chance * static_cast<double>(merchants_));
  return listing;
}

v1::Scene ListingBook::SceneOf(const Listing& listing, uint32_t visit) const {
  const Pattern pattern = listing.role->pattern;
  const bool publishes = pattern == Pattern::kPublishOnly || pattern == Pattern::kReturning;
  if (publishes || (visit == 0 && !listing.on_sale_before)) return v1::SCENE_PUBLISH;
  return listing.dice.Chance(kCheckout + visit, 35) ? v1::SCENE_CHECKOUT : v1::SCENE_ON_SALE;
}

uint64_t ListingBook::CountOf(v1::PlantedCause cause) const {
  uint64_t count = 0;
  for (const ListingClass& found : classes_) count += found.role->cause == cause ? found.items * found.numbers : 0;
  return count;
}

Listing ListingBook::Planted(v1::PlantedCause cause, uint64_t ordinal) const {
  for (uint32_t number = 0; number < classes_.size(); ++number) {
    const ListingClass& found = classes_[number];
    const bool holds = found.role->cause == cause && ordinal < found.first_ordinal + found.items;
    if (holds) return At(number, ordinal - found.first_ordinal, 0);
  }
  ZAOJING_CHECK(false && "no such ordinal");
}

std::string ListingBook::PlatformOf(const Listing& listing) {
  return std::string(kPlatforms[listing.dice.Roll(kPlatform, std::size(kPlatforms))]);
}

std::string ListingBook::IdOf(const Listing& listing) const {
  std::string id;
  AppendNumber(PermuteBits(listing.number, 40, seed_), 13, &id);
  return id;
}

std::string ListingBook::KeyOf(const Listing& listing) const { return PlatformOf(listing) + "/" + IdOf(listing); }

}  // namespace zaojing::generate
