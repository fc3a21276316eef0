// What is said in one look-up: the claims of a listing, the papers of a vehicle. Pure functions of the world and the
// item; fields 1-5 (the envelope) are left to the caller.
#pragma once

#include <cstdint>

#include "ingest/generate/world.h"
#include "zaojing/v1/lookup.pb.h"

namespace zaojing::generate {

// Effect: every field of `lookup` but the envelope's is set.
void FillListing(const World& world, const Listing& listing, uint32_t visit, v1::Lookup* lookup);
void FillVehicle(const World& world, const Vehicle& vehicle, uint32_t visit, v1::Lookup* lookup);

// The part of a forged number that cannot be: body, year or product code. Empty for other listings.
std::string ForgedDigits(const Listing& listing);

// When goods of a certificate were made that failed a spot check (one day, one batch), or that are recalled.
int64_t FailedBatchMadeAt(const World& world, uint64_t ordinal);
std::string FailedBatch(const World& world, uint64_t ordinal);
std::string FailedModel(const World& world, uint64_t ordinal);
struct MadeBetween {
  int64_t from;
  int64_t until;
};
MadeBetween RecalledMade(const World& world, Fate fate, uint64_t ordinal);

}  // namespace zaojing::generate
