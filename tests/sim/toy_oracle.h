// What the toy stage should have written, computed the naive way: maps, one loop over the journal's runs, no code
// shared with the stage, the task or the lane. Lines are compared as text, so that a difference can be read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "processors/runtime/log.h"
#include "zaojing/v1/state.pb.h"

namespace zaojing::sim {

struct OracleInput {
  int64_t offset = 0;
  std::string value;
};

struct OracleWorld {
  std::map<Topic, std::vector<OracleInput>> inputs;  // of one partition, committed records only
  std::vector<std::string> control;                  // values
  std::vector<std::string> certificates;
};

struct OracleAnswer {
  std::vector<std::string> verdicts;
  std::vector<std::string> dead_letters;
  std::map<std::string, std::string> state;    // store keys, without those of the marker's table
  std::map<std::string, std::string> derived;  // likewise, what a store has beside
  std::map<Topic, size_t> consumed;
  std::string error;  // the journal asks for what is not there
};

OracleAnswer Recompute(const OracleWorld& world, const std::vector<v1::JournalEntry>& journal);

}  // namespace zaojing::sim
