#include "processors/screen/imprint.h"

#include "proto/ids.h"

namespace zaojing {
namespace {

constexpr uint64_t kOnSale = 1;
constexpr int kInForceShift = 1;
constexpr uint64_t kInForce = 3;
constexpr uint64_t kAlways = 8;
constexpr uint64_t kTold = kOnSale | kInForce << kInForceShift | kAlways;

static_assert(v1::Action_MAX <= static_cast<int>(kInForce), "an action has two bits");

}  // namespace

uint64_t ImprintOf(std::string_view key, const Listing& listing, std::string* scratch) {
  const auto in_force = static_cast<uint64_t>(listing.in_force);
  return (Hash64(listing.WriteAnswer(key, scratch)) & ~kTold) | kAlways | in_force << kInForceShift |
         (listing.on_sale ? kOnSale : 0);
}

Standing StandingOf(uint64_t imprint) {
  return {(imprint & kOnSale) != 0, static_cast<v1::Action>(imprint >> kInForceShift & kInForce)};
}

}  // namespace zaojing
