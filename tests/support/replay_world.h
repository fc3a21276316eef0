// The file world in memory: histories in, decoded outputs out, through the real stages and the canonical order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "processors/runtime/canonical_replay.h"
#include "sinks/output_record.h"
#include "tests/support/events.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/takedown.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing::testing {

struct History {
  std::vector<OwnedRecord> control;
  std::vector<OwnedRecord> enterprises;
  std::vector<OwnedRecord> certificates;
  std::vector<OwnedRecord> inspections;
  std::vector<OwnedRecord> recalls;
  std::vector<OwnedRecord> dispositions;
  std::vector<OwnedRecord> lookups;
  std::vector<OwnedRecord> complaints;
};

struct WorldOptions {
  ReplayOptions replay;
  bool every_verdict = false;
  const v1::RuleSet* rules = nullptr;  // that passed ParseRules; nullptr = DefaultRules
};

struct Outcome {
  std::vector<OutputRecord> outputs;  // screens by (engine time, task, emission), then risk
  std::string digests;                // every task's, in order
  template <typename Message>
  std::vector<Message> Of(Topic topic) const {
    std::vector<Message> messages;
    for (const OutputRecord& output : outputs) {
      if (output.topic != topic) continue;
      messages.emplace_back().ParseFromString(output.value);
    }
    return messages;
  }
};

// The rules of deploy/rules/default.textproto.
const v1::RuleSet& DefaultRules();

Outcome Replay(const History& history, const WorldOptions& options);

}  // namespace zaojing::testing
