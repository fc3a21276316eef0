// The decision table: what is known about a certificate and the goods → answer. Rows are data (rule file);
// the first that fits decides. Pure. Every finding has a row without conditions (ParseRules sees to it), so
// there is an answer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "processors/reference/registry.h"
#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// What the row conditions look at.
struct Question {
  v1::Scene scene = v1::SCENE_UNSPECIFIED;
  v1::Finding finding = v1::FINDING_UNSPECIFIED;
  int64_t finding_since = 0;  // when it began; 0 when there is no such instant
  int64_t made_at = 0;        // 0 = unknown
  bool shipment_proven = false;
};

class DecisionTable {
 public:
  // `rules` must outlive the table and have passed ParseRules.
  explicit DecisionTable(const v1::RuleSet& rules);
  const v1::DecisionRow& Decide(const Question& question) const;

 private:
  struct Row {
    const v1::DecisionRow* row;
    uint32_t scenes;  // bit set; all when the row names none
    uint32_t made;
  };
  std::array<std::vector<Row>, v1::Finding_ARRAYSIZE> by_finding_;
};

// What the registry's view amounts to.
v1::Finding FindingOf(const std::optional<CertificateView>& view);

}  // namespace zaojing
