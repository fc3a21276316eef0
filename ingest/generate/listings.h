// The listings of the generated year: which there are, what was planted in each, and how often it is asked about. A
// listing is a number in a class; classes of one role have one planted cause. Pure; times microseconds UTC.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ingest/generate/calendar.h"
#include "ingest/generate/random.h"
#include "ingest/generate/schedule.h"
#include "zaojing/v1/truth.pb.h"

namespace zaojing::generate {

// How much of everything. At scale 1: the figures of 2022, and the size of one big platform's regulated goods.
struct WorldSize {
  explicit WorldSize(double scale);
  uint64_t certificates;
  uint64_t merchants;
  uint64_t listings;
  uint64_t stopped;
  uint64_t platform_lookups;
  uint64_t plate_lookups;
};

enum class Role : uint8_t {
  kPlain,
  kRenewed,
  kNewlyCertified,
  kUnregulated,
  kBorrowed,  // evasion, but as far as the gate can see nothing is wrong
  kPlanted,   // RoleSpec::cause says what
};

// When such listings are asked about, and in which scene.
enum class Pattern : uint8_t {
  kBackground,   // of every kind, from once to two dozen times
  kOnSale,       // half on sale before the year, half published in it; then patrolled and bought
  kPublished,    // published in the year, then patrolled and bought
  kPublishOnly,  // stopped when published; some try again
  kReturning,    // stopped when published, and back under another number
};

struct RoleSpec {
  Role role;
  Pattern pattern;
  uint64_t share_e6;  // millionths of the listings; of those stopped when `action` is BLOCK
  v1::PlantedCause cause = v1::PLANTED_CAUSE_UNSPECIFIED;
  v1::Action action = v1::ACTION_ALLOW;
  v1::Reason reason = v1::REASON_UNSPECIFIED;
};
std::span<const RoleSpec> Roles();

inline constexpr uint32_t kNumbersOfReturning = 3;

struct ListingClass {
  const RoleSpec* role = nullptr;
  uint32_t numbers = 1;        // listing numbers of one item
  uint64_t first_number = 0;   // of item 0
  uint64_t first_ordinal = 0;  // of item 0, within the role
  uint64_t items = 0;
  bool wraps = false;
};

struct Listing {
  const RoleSpec* role = nullptr;
  uint64_t number = 0;
  uint64_t ordinal = 0;  // within the role; one for all numbers of a returning listing
  uint64_t merchant = 0;
  bool on_sale_before = false;  // the year began
  int64_t published_from = 0;   // the first question is asked between, unless on sale before
  int64_t published_until = 0;
  Dice dice{0, Stream::kListing, 0};  // one for all numbers of a returning listing
};

class ListingBook {
 public:
  ListingBook(uint64_t seed, const WorldSize& size);

  const Schedule& schedule() const { return schedule_; }
  const Calendar& calendar() const { return calendar_; }
  uint64_t listings() const { return listings_; }
  uint64_t merchants() const { return merchants_; }
  std::span<const ListingClass> classes() const { return classes_; }
  // REQUIRES number < classes()[listing_class].numbers.
  Listing At(uint32_t listing_class, uint64_t item, uint32_t number) const;
  v1::Scene SceneOf(const Listing& listing, uint32_t visit) const;
  // Listings of the roles with this cause.
  uint64_t CountOf(v1::PlantedCause cause) const;
  // The first listing of the one with this ordinal. REQUIRES ordinal below the items of the cause.
  Listing Planted(v1::PlantedCause cause, uint64_t ordinal) const;

  static std::string PlatformOf(const Listing& listing);
  std::string IdOf(const Listing& listing) const;
  std::string KeyOf(const Listing& listing) const;

 private:
  struct Plan;
  ListingBook(uint64_t seed, const WorldSize& size, Plan plan);

  const uint64_t seed_;
  const uint64_t listings_;
  const uint64_t merchants_;
  const std::vector<ListingClass> classes_;
  const Schedule schedule_;
  const Calendar calendar_{Rhythm::kPlatform};
  uint64_t single_ = 0;  // numbers of listings that have one
};

}  // namespace zaojing::generate
