#include "app/kill_point.h"

#ifdef ZAOJING_FAULTS
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace zaojing {
namespace {

struct Fault {
  std::string step;
  long count = 0;
};

Fault ReadFault() {
  const char* text = std::getenv("ZAOJING_FAULT");
  if (text == nullptr) return {};
  const std::string fault(text);
  const size_t colon = fault.find(':');
  if (colon == std::string::npos) return {};
  return {fault.substr(0, colon), std::strtol(fault.c_str() + colon + 1, nullptr, 10)};
}

std::string_view StepOf(Lane::State before, Lane::State now) {
  switch (now) {
    case Lane::State::kBegin:
      return "begin";
    case Lane::State::kProduce:
      return "produce";
    case Lane::State::kSendOffsets:
      return "send-offsets";
    case Lane::State::kCommit:
      return "commit";
    case Lane::State::kApply:
      return "apply";
    case Lane::State::kRunning:
      return before == Lane::State::kApply ? "applied" : "";
    default:
      return "";
  }
}

}  // namespace

void KillPoint(Lane::State before, Lane::State now) {
  static const Fault fault = ReadFault();
  static std::atomic<long> seen{0};
  if (fault.count == 0 || StepOf(before, now) != fault.step) return;
  if (++seen == fault.count) ::kill(::getpid(), SIGKILL);
}

}  // namespace zaojing
#endif
