// What an instruction tells a seller who does not agree: the ways of one route in words. Pure.
#pragma once

#include <array>
#include <string>

#include "zaojing/v1/rules.pb.h"

namespace zaojing {

// "自收到检验结果之日起15日内，可以…申请复检（产品质量法第十五条）", one such clause a way, in the order of the file.
std::string AppealText(const v1::Appeal& appeal);

// The text of every route, made once: a fan-out writes it a million times. Empty for a route without an appeal.
class AppealTexts {
 public:
  explicit AppealTexts(const v1::RuleSet& rules);
  // REQUIRES a route that is one (ParseRules sees to it).
  const std::string& Of(v1::AppealRoute route) const { return by_route_.at(static_cast<size_t>(route)); }

 private:
  std::array<std::string, v1::AppealRoute_ARRAYSIZE> by_route_;
};

}  // namespace zaojing
