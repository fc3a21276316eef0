// Where a replay's outputs end up: one event file a topic, written in the order given, and the counts of the summary.
// One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "proto/topics.h"
#include "sinks/file/event_writer.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/config.pb.h"
#include "zaojing/v1/dead_letter.pb.h"
#include "zaojing/v1/verdict.pb.h"

namespace zaojing {

class RunOutput {
 public:
  RunOutput(std::string directory, EventFileForm form);

  // Effect: the record is in its topic's file and in the counts.
  absl::Status Write(Topic topic, std::string_view value);
  // Effect: every file is on disk, and summary.json beside them.
  absl::Status Close(v1::Summary summary);

  // First messages of alerts, as they were raised, for the closing lines of a run.
  const std::vector<v1::Alert>& raised() const { return raised_; }
  uint64_t dead_letters() const { return dead_letters_; }

 private:
  void Count(Topic topic, std::string_view value);

  const std::string directory_;
  const EventFileForm form_;
  std::map<Topic, std::unique_ptr<EventWriter>> writers_;
  std::map<std::string, uint64_t> verdicts_;
  std::map<std::string, uint64_t> reasons_;
  std::vector<v1::Alert> raised_;
  uint64_t retracted_ = 0;
  uint64_t dead_letters_ = 0;
  v1::Verdict verdict_;
  v1::Alert alert_;
  v1::DeadLetter letter_;
};

}  // namespace zaojing
