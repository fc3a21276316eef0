#include "app/kill_point.h"

#ifdef ZAOJING_FAULTS
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace zaojing {
namespace {

struct Fault {
  std::string what;
  std::string argument;
};

Fault ReadFault() {
  const char* text = std::getenv("ZAOJING_FAULT");
  if (text == nullptr) return {};
  const std::string fault(text);
  const size_t colon = fault.find(':');
  if (colon == std::string::npos) return {};
  return {fault.substr(0, colon), fault.substr(colon + 1)};
}

const Fault& TheFault() {
  static const Fault fault = ReadFault();
  return fault;
}

constexpr std::string_view kStop = "stop-";

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

enum class AtRecord : uint8_t { kNone, kAbort, kSegv, kHang };

AtRecord AtRecordOf(std::string_view what) {
  if (what == "abort-at") return AtRecord::kAbort;
  if (what == "segv-at") return AtRecord::kSegv;
  return what == "hang-at" ? AtRecord::kHang : AtRecord::kNone;
}

// A stage that dies of one record and is otherwise the one it holds.
class FaultyStage final : public Stage {
 public:
  FaultyStage(std::unique_ptr<Stage> stage, AtRecord fault, std::string text)
      : stage_(std::move(stage)), fault_(fault), text_(std::move(text)) {}

  std::string_view name() const override { return stage_->name(); }
  uint32_t semantic_version() const override { return stage_->semantic_version(); }
  std::string_view rules() const override { return stage_->rules(); }
  std::span<const Topic> inputs() const override { return stage_->inputs(); }
  Topic journal() const override { return stage_->journal(); }
  Topic changelog() const override { return stage_->changelog(); }
  const Derivation* derivation() const override { return stage_->derivation(); }
  Hint HintOf(const Record& record) override { return stage_->HintOf(record); }
  void Apply(const Record& record, TaskContext& context) override {
    if (record.value.find(text_) != std::string_view::npos) Strike();
    stage_->Apply(record, context);
  }
  void OnReference(const ReferenceFact& fact, TaskContext& context) override { stage_->OnReference(fact, context); }
  void OnTime(int64_t before, int64_t after, TaskContext& context) override { stage_->OnTime(before, after, context); }
  bool HasJobs(TaskContext& context) override { return stage_->HasJobs(context); }
  Slice RunSlice(uint64_t count_max, TaskContext& context) override { return stage_->RunSlice(count_max, context); }

 private:
  void Strike() const {
    if (fault_ == AtRecord::kAbort) std::abort();
    if (fault_ == AtRecord::kSegv) *static_cast<volatile int*>(nowhere_) = 0;
    for (;;) ::pause();
  }

  const std::unique_ptr<Stage> stage_;
  const AtRecord fault_;
  const std::string text_;
  void* volatile nowhere_ = nullptr;
};

}  // namespace

void KillPoint(Lane::State before, Lane::State now) {
  static std::atomic<long> seen{0};
  std::string_view what = TheFault().what;
  const bool stop = what.substr(0, kStop.size()) == kStop;
  if (stop) what.remove_prefix(kStop.size());
  if (what.empty() || StepOf(before, now) != what) return;
  if (++seen == std::strtol(TheFault().argument.c_str(), nullptr, 10)) ::kill(::getpid(), stop ? SIGSTOP : SIGKILL);
}

std::unique_ptr<Stage> WithFaults(std::unique_ptr<Stage> stage) {
  const AtRecord fault = AtRecordOf(TheFault().what);
  if (fault == AtRecord::kNone) return stage;
  return std::make_unique<FaultyStage>(std::move(stage), fault, TheFault().argument);
}

int64_t WatchdogTimeout() {
  static const char* const text = std::getenv("ZAOJING_WATCHDOG_MS");
  return text == nullptr ? limits::kWatchdogTimeout : std::strtoll(text, nullptr, 10) * 1000;
}

}  // namespace zaojing
#endif
