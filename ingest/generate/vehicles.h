// The vehicles that ask for a plate in the generated year, as listings.h has the listings. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ingest/generate/calendar.h"
#include "ingest/generate/certificates.h"
#include "ingest/generate/random.h"
#include "ingest/generate/schedule.h"
#include "zaojing/v1/truth.pb.h"

namespace zaojing::generate {

enum class VehicleRole : uint8_t {
  kPlain,
  kAskedAgain,  // by the same window, under the same application
  kOver,        // one more than its certificate's maker can have made
  kReused,      // the second application on its code
  kAltered,
  kCancelled,
  kForged,
};

struct VehicleClass {
  VehicleRole role = VehicleRole::kPlain;
  uint64_t first_number = 0;
  uint64_t items = 0;
};

struct Vehicle {
  VehicleRole role = VehicleRole::kPlain;
  uint64_t number = 0;
  uint64_t ordinal = 0;  // within its role
  int64_t asked_from = 0;
  Dice dice{0, Stream::kVehicle, 0};
};

class VehicleBook {
 public:
  VehicleBook(uint64_t seed, uint64_t lookups);

  const Schedule& schedule() const { return schedule_; }
  const Calendar& calendar() const { return calendar_; }
  uint64_t vehicles() const { return vehicles_; }
  std::span<const VehicleClass> classes() const { return classes_; }
  Vehicle At(uint32_t vehicle_class, uint64_t item) const;
  // The certificate it is presented with.
  CertificateSpec CertificateOf(const Vehicle& vehicle, const CertificateBook& certificates) const;
  // Vehicles that get a plate on one of the certificates of a fate: of kVehicleOver exactly, of kVehicle on average.
  uint64_t PlatesOn(Fate fate, uint64_t ordinal, const CertificateBook& certificates) const;
  std::string CodeOf(const Vehicle& vehicle) const;
  std::string KeyOf(const Vehicle& vehicle) const { return "plate/" + CodeOf(vehicle); }

 private:
  const uint64_t seed_;
  const std::vector<VehicleClass> classes_;
  const Schedule schedule_;
  const Calendar calendar_{Rhythm::kPlate};
  uint64_t vehicles_ = 0;
};

// What was planted in vehicles of a role; cause UNSPECIFIED when nothing that an answer shows.
struct VehicleAnswer {
  v1::PlantedCause cause;
  v1::Action action;
  v1::Reason reason;
};
VehicleAnswer AnswerOf(VehicleRole role);

}  // namespace zaojing::generate
