// From figures to the alert message people and machines read. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "processors/runtime/stage.h"
#include "zaojing/v1/alert.pb.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// Fills what every alert of a task has: envelope (engine time, emission), ids. REQUIRES alert_id, revision and
// fingerprint set before.
void StampAlert(TaskContext& context, v1::Alert& alert);

// 风险小 / 较大 / 重大 (opinion 〔2023〕38) from the harm on record: a death is major, an injury or a fire larger, the
// rest small.
v1::RiskLevel LevelOf(const v1::Numbers& numbers);
// CAP's fields from the level and the strength of the statistic.
void SetCapFields(v1::RiskLevel level, bool strong, v1::Alert& alert);

void AddActions(const google::protobuf::RepeatedPtrField<v1::RuleAction>& actions, v1::Alert& alert);

// "FORD EXPLORER · A-PILLAR MOLDING | LOOSE / DETACHED"; empty parts are left out.
std::string SubjectText(const v1::Subject& subject);

// Millionths with one decimal, half away from zero: 1,250,000 → "1.3".
std::string OneDecimal(int64_t value_e6);

}  // namespace zaojing
