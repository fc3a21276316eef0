#include "ingest/generate/catalogue.h"
#include "ingest/generate/fill.h"
#include "ingest/generate/names.h"

namespace zaojing::generate {
namespace {

using limits::kDay;

enum Question : uint32_t { kCertificate, kRegion, kModel, kMade, kForgery, kSaysModel };

// An altered one is faster and heavier than certified.
void SetParameters(const v1::VehicleParameters& certified, bool altered, v1::Lookup* lookup) {
  lookup->set_speed_max(altered ? certified.speed_max() * 2 : certified.speed_max());
  lookup->set_mass(altered ? certified.mass() * 5 / 4 : certified.mass());
  lookup->set_motor_power(certified.motor_power());
  lookup->set_battery_voltage(certified.battery_voltage());
}

}  // namespace

void FillVehicle(const World& world, const Vehicle& vehicle, uint32_t visit, v1::Lookup* lookup) {
  const CertificateSpec spec = world.vehicles.CertificateOf(vehicle, world.certificates);
  const bool copied = vehicle.role == VehicleRole::kReused && visit > 0;
  const Dice window = copied ? Dice(world.seed, Stream::kPlateVisit, vehicle.number) : vehicle.dice;
  lookup->set_platform("plate-window");
  lookup->set_listing_id(world.vehicles.CodeOf(vehicle));
  lookup->set_scene(v1::SCENE_PLATE);
  lookup->set_region(std::string(RegionOf(window.Draw64(kRegion))));
  lookup->set_certificate_number(vehicle.role == VehicleRole::kForged
                                     ? world.certificates.ForgedNumber(spec, vehicle.dice.Draw64(kForgery))
                                     : world.certificates.NumberOf(spec));
  lookup->set_product_code(std::string(Products()[spec.product].code));
  if (vehicle.dice.Chance(kSaysModel, 80)) {
    lookup->set_model(ClaimedModel(spec.models, vehicle.dice.Draw64(kModel)));
  }
  SetParameters(world.certificates.VehicleOf(spec), vehicle.role == VehicleRole::kAltered, lookup);
  int64_t made_at = vehicle.asked_from - static_cast<int64_t>(10 + vehicle.dice.Roll(kMade, 200)) * kDay;
  if (vehicle.role == VehicleRole::kCancelled) {
    made_at = world.certificates.EffectiveAt(Fate::kVehicleCancelled, spec.ordinal) +
              static_cast<int64_t>(1 + vehicle.dice.Roll(kMade, 15)) * kDay;
  }
  lookup->set_made_at(ChinaDayStart(ChinaDay(made_at)));
  std::string application = copied ? "C" : "A";
  AppendNumber(vehicle.number, 10, &application);
  lookup->set_application_id(std::move(application));
}

}  // namespace zaojing::generate
