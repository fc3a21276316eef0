#include "tests/support/replay_world.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "processors/risk/risk_stage.h"
#include "processors/rules/rule_set.h"
#include "processors/screen/screen_stage.h"
#include "proto/check.h"

namespace zaojing::testing {

const v1::RuleSet& DefaultRules() {
  static const v1::RuleSet rules = [] {
    std::ifstream file(std::string(ZAOJING_SOURCE_DIR) + "/deploy/rules/default.textproto");
    std::stringstream text;
    text << file.rdbuf();
    absl::StatusOr<v1::RuleSet> parsed = ParseRules(text.str(), "default.textproto");
    if (!parsed.ok()) std::fprintf(stderr, "%s\n", parsed.status().ToString().c_str());
    ZAOJING_CHECK(parsed.ok());
    return *parsed;
  }();
  return rules;
}

Outcome Replay(const History& history, const WorldOptions& options) {
  Registry registry;
  for (const auto* records : {&history.control, &history.enterprises, &history.certificates, &history.inspections,
                              &history.recalls, &history.dispositions}) {
    int64_t ordinal = 0;
    for (const OwnedRecord& record : *records) {
      Record view = record.View();
      view.offset = ordinal++;
      registry.Append(view);
    }
  }
  const ReferenceOrder references(registry);
  const v1::RuleSet& rules = options.rules != nullptr ? *options.rules : DefaultRules();
  ScreenStage screen(rules, {options.every_verdict});
  std::vector<std::vector<OutputRecord>> by_task(options.replay.partitions);
  std::vector<std::unique_ptr<ReplayTask>> tasks;
  for (uint32_t task = 0; task < options.replay.partitions; ++task) {
    tasks.push_back(std::make_unique<ReplayTask>(
        task, options.replay, screen, registry, references, [&by_task, task](std::span<const OutputRecord> outputs) {
          by_task[task].insert(by_task[task].end(), outputs.begin(), outputs.end());
          return absl::OkStatus();
        }));
  }
  VectorSource lookups(history.lookups);
  ZAOJING_CHECK(ReplayScreen(lookups, tasks, false, [](uint32_t) { return true; }).ok());

  Outcome outcome;
  for (const std::vector<OutputRecord>& outputs : by_task) {
    outcome.outputs.insert(outcome.outputs.end(), outputs.begin(), outputs.end());
  }
  std::stable_sort(outcome.outputs.begin(), outcome.outputs.end(),
                   [](const OutputRecord& a, const OutputRecord& b) { return a.timestamp < b.timestamp; });
  std::vector<OwnedRecord> signals;
  for (const OutputRecord& output : outcome.outputs) {
    if (output.topic == Topic::kSignals) signals.push_back({Topic::kSignals, output.key, output.value});
  }
  RiskStage risk(rules, {"k1", "secret"});
  ReplayTask risk_task(0, options.replay, risk, registry, references, [&](std::span<const OutputRecord> outputs) {
    outcome.outputs.insert(outcome.outputs.end(), outputs.begin(), outputs.end());
    return absl::OkStatus();
  });
  VectorSource complaints(history.complaints);
  VectorSource signal_source(signals);
  ZAOJING_CHECK(ReplayRisk({{Topic::kComplaints, &complaints}, {Topic::kSignals, &signal_source}}, risk_task).ok());
  for (const auto& task : tasks)
    outcome.digests += ToHex({task->task().marker() ? task->task().marker()->digest_high() : 0,
                              task->task().marker() ? task->task().marker()->digest_low() : 0});
  return outcome;
}

}  // namespace zaojing::testing
