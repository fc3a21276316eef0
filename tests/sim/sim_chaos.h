// One seed: a deployment drawn from it, then a few hundred things that happen to it. The injector only; whether all
// went well is asked of CheckWorld afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/sim_world.h"

namespace zaojing::sim {

// Shape and fault rates of the seed's world. Without `bug` nothing is planted.
WorldOptions DrawWorld(uint64_t seed, PlantedBug bug, bool print);

struct SeedResult {
  uint64_t seed = 0;
  uint64_t trace = 0;
  World::Tally tally;
  std::vector<std::string> violations;
};

SeedResult RunSeed(uint64_t seed, PlantedBug bug = PlantedBug::kNone, bool print = false);

}  // namespace zaojing::sim
