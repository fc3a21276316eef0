#include "app/replay_report.h"

#include <cstdio>
#include <ctime>

#include "proto/china_time.h"

namespace zaojing {
namespace {

std::string DateOf(int64_t micros) {
  const std::time_t seconds = FloorDivide(micros + kChinaOffset, limits::kSecond);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

const char* LevelText(v1::RiskLevel level) {
  switch (level) {
    case v1::RISK_LEVEL_MAJOR:
      return "重大";
    case v1::RISK_LEVEL_LARGER:
      return "较大";
    default:
      return "风险小";
  }
}

}  // namespace

void PrintReplayReport(const std::string& directory, const RunOutput& output) {
  constexpr size_t kShown = 40;
  size_t shown = 0;
  for (const v1::Alert& alert : output.raised()) {
    if (shown++ == kShown) break;
    const v1::Numbers& numbers = alert.numbers();
    std::printf("%s  %s  %s\n", DateOf(alert.raised_at()).c_str(), LevelText(alert.level()),
                alert.headline_en().c_str());
    if (numbers.threshold_e6() > 0) {
      std::printf("            %llu in all so far; -log10 p %.1f, threshold %.1f; %s; alert %s\n",
                  static_cast<unsigned long long>(numbers.total_count()),
                  static_cast<double>(numbers.statistic_e6()) / 1e6, static_cast<double>(numbers.threshold_e6()) / 1e6,
                  alert.rule().c_str(), alert.alert_id().c_str());
    }
  }
  if (output.raised().size() > kShown) std::printf("... and %zu more\n", output.raised().size() - kShown);
  std::printf("%zu alerts raised, %llu records dead-lettered; outputs and summary.json in %s\n", output.raised().size(),
              static_cast<unsigned long long>(output.dead_letters()), directory.c_str());
}

}  // namespace zaojing
