#include "ingest/generate/vehicles.h"

#include <algorithm>
#include <utility>

#include "ingest/generate/names.h"
#include "proto/check.h"

namespace zaojing::generate {
namespace {

struct RoleShare {
  VehicleRole role;
  uint64_t share_e6;  // of the look-ups, as vehicles; kPlain takes the rest
  VisitClass visit;
};
constexpr RoleShare kShares[] = {
    {VehicleRole::kAskedAgain, 30'000, {0, 2, false, 0.001}},
    {VehicleRole::kAskedAgain, 10'000, {0, 2, false, 0.05}},
    {VehicleRole::kOver, 5'000, {0, 1, false, 0}},
    {VehicleRole::kReused, 200, {0, 2, false, 0.3}},
    {VehicleRole::kAltered, 1'500, {0, 1, false, 0}},
    {VehicleRole::kCancelled, 500, {0, 1, false, 0}},
    {VehicleRole::kForged, 1'000, {0, 1, false, 0}},
};

std::vector<VehicleClass> ClassesOf(uint64_t lookups) {
  std::vector<VehicleClass> classes;
  uint64_t first = 0;
  uint64_t left = lookups;
  const auto add = [&](VehicleRole role, uint64_t items, uint64_t visits) {
    ZAOJING_CHECK(left >= items * visits);
    classes.push_back({role, first, items});
    first += items;
    left -= items * visits;
  };
  for (const RoleShare& share : kShares) {
    add(share.role, std::max<uint64_t>(2, lookups * share.share_e6 / 1'000'000), share.visit.visits);
  }
  add(VehicleRole::kPlain, left, 1);
  return classes;
}

std::vector<VisitClass> VisitsOf(const std::vector<VehicleClass>& classes) {
  std::vector<VisitClass> visits;
  for (size_t i = 0; i < classes.size(); ++i) {
    visits.push_back(i < std::size(kShares) ? kShares[i].visit : VisitClass{0, 1, false, 0});
    visits.back().items = classes[i].items;
  }
  return visits;
}

}  // namespace

VehicleBook::VehicleBook(uint64_t seed, uint64_t lookups)
    : seed_(seed), classes_(ClassesOf(lookups)), schedule_(VisitsOf(classes_), seed ^ kSplitMixStep) {
  for (const VehicleClass& found : classes_) vehicles_ += found.items;
  ZAOJING_CHECK(schedule_.questions() == lookups);
}

Vehicle VehicleBook::At(uint32_t vehicle_class, uint64_t item) const {
  const VehicleClass& found = classes_[vehicle_class];
  ZAOJING_CHECK(item < found.items);
  Vehicle vehicle;
  vehicle.role = found.role;
  vehicle.number = found.first_number + item;
  vehicle.ordinal = item;
  vehicle.asked_from = calendar_.TimeAt(static_cast<double>(schedule_.FirstBlock(vehicle_class, item)) /
                                        static_cast<double>(schedule_.blocks()));
  vehicle.dice = Dice(seed_, Stream::kVehicle, vehicle.number);
  return vehicle;
}

CertificateSpec VehicleBook::CertificateOf(const Vehicle& vehicle, const CertificateBook& certificates) const {
  switch (vehicle.role) {
    case VehicleRole::kOver:
      return certificates.At(Fate::kVehicleOver, vehicle.ordinal % certificates.Of(Fate::kVehicleOver).count);
    case VehicleRole::kCancelled:
      return certificates.At(Fate::kVehicleCancelled, vehicle.ordinal % certificates.Of(Fate::kVehicleCancelled).count);
    default:
      return certificates.At(Fate::kVehicle, vehicle.dice.Roll(0, certificates.Of(Fate::kVehicle).count));
  }
}

uint64_t VehicleBook::PlatesOn(Fate fate, uint64_t ordinal, const CertificateBook& certificates) const {
  const uint64_t count = certificates.Of(fate).count;
  if (fate == Fate::kVehicle) return vehicles_ / count;
  ZAOJING_CHECK(fate == Fate::kVehicleOver);
  for (const VehicleClass& found : classes_) {
    if (found.role == VehicleRole::kOver) return found.items / count + (ordinal < found.items % count ? 1 : 0);
  }
  return 0;
}

std::string VehicleBook::CodeOf(const Vehicle& vehicle) const {
  std::string code = "26";
  AppendNumber(PermuteBits(vehicle.number, 40, seed_ ^ kSplitMixStep), 13, &code);
  return code;
}

VehicleAnswer AnswerOf(VehicleRole role) {
  switch (role) {
    case VehicleRole::kReused:
      return {v1::PLANTED_CAUSE_VEHICLE_REUSED, v1::ACTION_REVIEW, v1::REASON_VEHICLE_REUSED};
    case VehicleRole::kAltered:
      return {v1::PLANTED_CAUSE_VEHICLE_ALTERED, v1::ACTION_BLOCK, v1::REASON_VEHICLE_MISMATCH};
    case VehicleRole::kCancelled:
      return {v1::PLANTED_CAUSE_VEHICLE_CANCELLED, v1::ACTION_BLOCK, v1::REASON_CANCELLED};
    case VehicleRole::kForged:
      return {v1::PLANTED_CAUSE_VEHICLE_FORGED, v1::ACTION_BLOCK, v1::REASON_NOT_FOUND};
    default:
      return {v1::PLANTED_CAUSE_UNSPECIFIED, v1::ACTION_ALLOW, v1::REASON_OK};
  }
}

}  // namespace zaojing::generate
