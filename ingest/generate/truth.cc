#include "ingest/generate/truth.h"

#include <cmath>
#include <map>

#include "ingest/generate/fill.h"
#include "proto/status_util.h"

namespace zaojing::generate {
namespace {

using Write = std::function<absl::Status(const v1::Truth&)>;

struct Stopped {
  uint64_t listings = 0;
  uint64_t vehicles = 0;
};

absl::Status WriteListings(const World& world, const Write& write) {
  v1::Truth truth;
  v1::ListingTruth& listing = *truth.mutable_listing();
  const ListingBook& book = world.listings;
  for (uint32_t number = 0; number < book.classes().size(); ++number) {
    const ListingClass& found = book.classes()[number];
    if (found.role->cause == v1::PLANTED_CAUSE_UNSPECIFIED) continue;
    listing.set_action(found.role->action);
    listing.set_reason(found.role->reason);
    listing.set_cause(found.role->cause);
    for (uint64_t item = 0; item < found.items; ++item) {
      for (uint32_t id = 0; id < found.numbers; ++id) {
        listing.set_key(book.KeyOf(book.At(number, item, id)));
        RETURN_IF_ERROR(write(truth));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status WriteVehicles(const World& world, const Write& write) {
  v1::Truth truth;
  v1::ListingTruth& listing = *truth.mutable_listing();
  const VehicleBook& book = world.vehicles;
  for (uint32_t number = 0; number < book.classes().size(); ++number) {
    const VehicleAnswer answer = AnswerOf(book.classes()[number].role);
    if (answer.cause == v1::PLANTED_CAUSE_UNSPECIFIED) continue;
    listing.set_action(answer.action);
    listing.set_reason(answer.reason);
    listing.set_cause(answer.cause);
    for (uint64_t item = 0; item < book.classes()[number].items; ++item) {
      listing.set_key(book.KeyOf(book.At(number, item)));
      RETURN_IF_ERROR(write(truth));
    }
  }
  return absl::OkStatus();
}

absl::Status WriteEvasion(v1::EvasionKind kind, std::string key, uint64_t members, uint64_t declared,
                          const Write& write) {
  v1::Truth truth;
  v1::EvasionTruth& evasion = *truth.mutable_evasion();
  evasion.set_kind(kind);
  evasion.set_key(std::move(key));
  evasion.set_members(members);
  evasion.set_declared(declared);
  return write(truth);
}

// How many listings show which part that cannot be.
absl::Status WriteForged(const ListingBook& book, const Write& write) {
  std::map<std::string, uint64_t> parts;
  for (uint32_t number = 0; number < book.classes().size(); ++number) {
    const v1::PlantedCause cause = book.classes()[number].role->cause;
    const std::string_view part = cause == v1::PLANTED_CAUSE_FORGED_BODY   ? "body "
                                  : cause == v1::PLANTED_CAUSE_FORGED_YEAR ? "year "
                                  : cause == v1::PLANTED_CAUSE_FORGED_CODE ? "product code "
                                                                           : "";
    if (part.empty()) continue;
    for (uint64_t item = 0; item < book.classes()[number].items; ++item) {
      ++parts[std::string(part) + ForgedDigits(book.At(number, item, 0))];
    }
  }
  for (const auto& [part, listings] : parts) {
    RETURN_IF_ERROR(WriteEvasion(v1::EVASION_KIND_FORGED_NUMBER, part, listings, 0, write));
  }
  return absl::OkStatus();
}

absl::Status WriteListingEvasions(const World& world, const Write& write) {
  const ListingBook& book = world.listings;
  uint64_t borrowed = 0;
  for (uint32_t number = 0; number < book.classes().size(); ++number) {
    const ListingClass& found = book.classes()[number];
    if (found.role->role == Role::kBorrowed) borrowed += found.items;
    if (found.role->pattern != Pattern::kReturning) continue;
    for (uint64_t item = 0; item < found.items; ++item) {
      RETURN_IF_ERROR(
          WriteEvasion(v1::EVASION_KIND_RELISTED, book.KeyOf(book.At(number, item, 0)), found.numbers, 0, write));
    }
  }
  const uint64_t certificates = world.certificates.Of(Fate::kBorrowed).count;
  for (uint64_t i = 0; i < certificates; ++i) {
    const uint64_t members = borrowed / certificates + (i < borrowed % certificates ? 1 : 0);
    RETURN_IF_ERROR(WriteEvasion(v1::EVASION_KIND_BORROWED_CERTIFICATE,
                                 world.certificates.NumberOf(world.certificates.At(Fate::kBorrowed, i)), members, 0,
                                 write));
  }
  return WriteForged(book, write);
}

absl::Status WriteVehicleEvasions(const World& world, const Write& write) {
  const VehicleBook& book = world.vehicles;
  for (uint32_t number = 0; number < book.classes().size(); ++number) {
    if (book.classes()[number].role != VehicleRole::kReused) continue;
    for (uint64_t item = 0; item < book.classes()[number].items; ++item) {
      RETURN_IF_ERROR(WriteEvasion(v1::EVASION_KIND_VEHICLE_REUSED, book.KeyOf(book.At(number, item)), 2, 0, write));
    }
  }
  for (uint64_t i = 0; i < world.certificates.Of(Fate::kVehicleOver).count; ++i) {
    const uint64_t plates = book.PlatesOn(Fate::kVehicleOver, i, world.certificates);
    RETURN_IF_ERROR(WriteEvasion(v1::EVASION_KIND_OVERPRODUCTION,
                                 world.certificates.NumberOf(world.certificates.At(Fate::kVehicleOver, i)), plates,
                                 CertificateBook::DeclaredProduction(Fate::kVehicleOver, plates), write));
  }
  std::map<std::string, uint64_t> cancelled;  // by certificate
  for (uint32_t number = 0; number < book.classes().size(); ++number) {
    if (book.classes()[number].role != VehicleRole::kCancelled) continue;
    for (uint64_t item = 0; item < book.classes()[number].items; ++item) {
      const CertificateSpec spec = book.CertificateOf(book.At(number, item), world.certificates);
      ++cancelled[world.certificates.NumberOf(spec)];
    }
  }
  for (const auto& [certificate, vehicles] : cancelled) {
    RETURN_IF_ERROR(WriteEvasion(v1::EVASION_KIND_CANCELLED_VEHICLE, certificate, vehicles, 0, write));
  }
  return absl::OkStatus();
}

// By (cause, action), each once.
absl::Status WriteCauses(const World& world, Wanted wanted, const Write& write, Stopped* stopped) {
  std::map<std::pair<v1::PlantedCause, v1::Action>, uint64_t> counts;
  for (const ListingClass& found : world.listings.classes()) {
    if (wanted.platform) counts[{found.role->cause, found.role->action}] += found.items * found.numbers;
    if (found.role->action == v1::ACTION_BLOCK) stopped->listings += found.items * found.numbers;
  }
  for (const VehicleClass& found : world.vehicles.classes()) {
    const VehicleAnswer answer = AnswerOf(found.role);
    if (wanted.plate) counts[{answer.cause, answer.action}] += found.items;
    if (answer.action == v1::ACTION_BLOCK) stopped->vehicles += found.items;
  }
  for (const auto& [cause, count] : counts) {
    if (cause.first == v1::PLANTED_CAUSE_UNSPECIFIED) continue;
    v1::Truth truth;
    truth.mutable_cause()->set_cause(cause.first);
    truth.mutable_cause()->set_action(cause.second);
    truth.mutable_cause()->set_listings(count);
    RETURN_IF_ERROR(write(truth));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ForEachTruth(const World& world, Wanted wanted, const Write& write) {
  Stopped stopped;
  if (wanted.platform) RETURN_IF_ERROR(WriteListings(world, write));
  if (wanted.plate) RETURN_IF_ERROR(WriteVehicles(world, write));
  if (wanted.platform) RETURN_IF_ERROR(WriteListingEvasions(world, write));
  if (wanted.plate) RETURN_IF_ERROR(WriteVehicleEvasions(world, write));
  RETURN_IF_ERROR(WriteCauses(world, wanted, write, &stopped));
  v1::Truth truth;
  v1::TotalsTruth& totals = *truth.mutable_totals();
  totals.set_seed(world.seed);
  totals.set_scale_e6(static_cast<uint64_t>(std::llround(world.scale * 1e6)));
  totals.set_certificates_valid(world.certificates.valid());
  if (wanted.platform) {
    totals.set_merchants(world.listings.merchants());
    totals.set_listings(world.listings.listings());
    totals.set_listings_stopped(stopped.listings);
    totals.set_platform_lookups(world.listings.schedule().questions());
  }
  if (wanted.plate) {
    totals.set_vehicles(world.vehicles.vehicles());
    totals.set_vehicles_stopped(stopped.vehicles);
    totals.set_plate_lookups(world.vehicles.schedule().questions());
  }
  return write(truth);
}

}  // namespace zaojing::generate
