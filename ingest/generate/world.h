// Everything there is in the generated year: three books that know each item by its number. Immutable, a few kilobytes
// whatever the scale; any number of threads may read. Pure.
#pragma once

#include <cstdint>

#include "ingest/generate/certificates.h"
#include "ingest/generate/listings.h"
#include "ingest/generate/vehicles.h"

namespace zaojing::generate {

struct World {
  // REQUIRES limits::kGeneratedScaleMin <= world_scale <= limits::kGeneratedScaleMax.
  World(double world_scale, uint64_t world_seed)
      : scale(world_scale),
        seed(world_seed),
        size(world_scale),
        certificates(world_seed, size.certificates),
        listings(world_seed, size),
        vehicles(world_seed, size.plate_lookups) {}

  const double scale;
  const uint64_t seed;
  const WorldSize size;
  const CertificateBook certificates;
  const ListingBook listings;
  const VehicleBook vehicles;
};

}  // namespace zaojing::generate
