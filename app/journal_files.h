// replay --journal: an exported run's files through JournalReplay.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "app/run_output.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

struct JournalOptions {
  std::string journal;  // directory an export wrote: inputs, signals, journals, each with its sidecar
  bool every_verdict = false;
};

// Effect: the run's outputs in `output`, screens by task, then risk, each in emission order. Inputs that no journal
// entry covers (not yet processed when the export was made) are counted in summary.checks_off.
absl::Status ReplayJournalFiles(const JournalOptions& options, const v1::RuleSet& rules, RunOutput& output,
                                v1::Summary& summary);

}  // namespace zaojing
