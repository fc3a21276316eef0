// The worker against a peer that does the same job on the same look-ups (bench/peers), in turn and in one run: the peer at
// the fastest of its settings, its outputs compared with ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/e2e/setting.h"

namespace zaojing::bench {

struct PeerPlan {
  std::string program;            // takes --bootstrap, --application, --inputs, --outputs, --state, --setting
  std::vector<std::string> grid;  // settings to choose from; its own defaults when there is none
  uint64_t grid_lookups = 1'000'000;
  int grid_seconds = 200;  // no setting is begun later; those left out are named
};

// Prints each run, the ratios and a last line that says whether the floor was met. kDataLoss: the outputs differ.
absl::Status ComparePeer(const Setting& setting, const PeerPlan& plan);

}  // namespace zaojing::bench
