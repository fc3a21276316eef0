// What the micro benchmarks share: the national registry, rules, look-ups ready to be read, and a task of the screen
// stage on a store in memory. Built once a process; ends the process when something is wrong.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/record.h"
#include "processors/reference/registry.h"
#include "processors/runtime/task.h"
#include "processors/screen/screen_stage.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing::bench {

inline constexpr uint32_t kListings = 200'000;  // of one task: an eighth of 1.6 M
inline constexpr uint32_t kCertificates = 461'000;

const v1::RuleSet& Rules();

// All certificates and one heartbeat.
const Registry& NationalRegistry();
RegistryCursor Everything();

// Keys and values of look-ups with the records that view them.
class Lookups final : public RecordBatch {
 public:
  // The first `published` look-ups of a workload of kListings, then `patrols` of listings asked about in no order.
  Lookups(uint64_t published, uint64_t patrols);

 private:
  std::vector<std::string> bytes_;
};

// One listing each, every one for the first time. Offsets ascend from 0.
std::unique_ptr<RecordBatch> FirstSights(uint32_t count);

// A task that knows the whole registry.
struct ScreenWorld {
  ScreenWorld();
  // Effect: what was applied is committed to the store.
  void Commit();

  ScreenStage stage;
  std::unique_ptr<Task> task;
};

}  // namespace zaojing::bench
