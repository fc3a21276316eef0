// The risk stage (研判): complaints and the screens' signals → alerts. One task for the nation: marginals, duplicates
// and alert lives are global.
//
//   complaint ─▶ intake (case) ─▶ out: old view, in: new view ─▶ series a rule ─▶ episode ─▶ alert
//   signal    ─▶ reach, plate_total, vehicle, evasion, stopped ─▶ alert
//   bad reference row ─▶ dead letter (risk alone reports them, so that P screens do not)
//
// Writes tables case, series, episode, reach, feed, plate_total, vehicle, evasion, stopped. Emits alerts, dead letters. Thread: its lane's.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "processors/risk/intake.h"
#include "processors/runtime/stage.h"
#include "zaojing/v1/complaint.pb.h"
#include "zaojing/v1/rules.pb.h"
#include "zaojing/v1/signal.pb.h"

namespace zaojing {

class RiskStage final : public Stage {
 public:
  // `rules` must outlive the stage and have passed ParseRules.
  RiskStage(const v1::RuleSet& rules, PersonalKey personal);

  std::string_view name() const override { return "risk"; }
  // 2: alerts from the plate signals; reach by what was said about goods. 3: evasion. 4: look-ups since a cause.
  // 5: a requirement's reach; a follow-up ends no alert.
  uint32_t semantic_version() const override { return 6; }
  std::string_view rules() const override { return rules_name_; }
  std::span<const Topic> inputs() const override;
  Topic journal() const override { return Topic::kRiskJournal; }
  Topic changelog() const override { return Topic::kRiskChangelog; }
  const Derivation* derivation() const override { return nullptr; }

  void Apply(const Record& record, TaskContext& context) override;
  void OnReference(const ReferenceFact& fact, TaskContext& context) override;
  void OnTime(int64_t before, int64_t after, TaskContext& context) override;
  bool HasJobs(TaskContext& context) override;
  Slice RunSlice(uint64_t count_max, TaskContext& context) override;

 private:
  void ApplyComplaint(const Record& record, TaskContext& context);
  void ApplySignal(const Record& record, TaskContext& context);
  // The week the complaints feed began, remembered at its first record.
  int64_t FirstWeek(int64_t week, TaskState& state);
  // kRenewed: out, and about to be in again (surge_alerts.h).
  enum class Change { kAdded, kRemoved, kRenewed };
  void Count(const v1::SurgeRule& rule, const v1::CaseState& view, Change change, int64_t first_week,
             TaskContext& context);

  const v1::RuleSet& rules_;
  const PersonalKey personal_;
  const std::string rules_name_;
  v1::Complaint complaint_;  // scratch
  v1::Signal signal_;        // scratch
};

}  // namespace zaojing
