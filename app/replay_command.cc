// zaojing replay: history from files through the real stages, in canonical order; one answer whatever the lanes.
#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "app/commands.h"
#include "app/event_source.h"
#include "app/journal_files.h"
#include "app/output_spill.h"
#include "app/progress.h"
#include "app/registry_files.h"
#include "app/replay_report.h"
#include "app/rules_file.h"
#include "app/run_output.h"
#include "processors/risk/risk_stage.h"
#include "processors/rules/rule_set.h"
#include "processors/runtime/canonical_replay.h"
#include "processors/screen/screen_stage.h"
#include "proto/status_util.h"
#include "sinks/file/event_writer.h"

namespace zaojing {
namespace {

struct Options {
  std::string input;
  std::string journal;
  std::string output;
  std::string rules = kDefaultRules;
  std::string format = "jsonl";
  uint32_t partitions = 8;
  uint32_t lanes = 1;
  uint64_t commit_every = 100'000;
  bool every_verdict = false;
  bool reshard = false;
  int64_t max_rejected = -1;
};

// Signals from the screens' spill; their position is their place in it.
class SignalSource final : public RecordSource {
 public:
  SignalSource(OutputSpill& spill, EventSource::OnRecord on_record) : spill_(spill), on_record_(std::move(on_record)) {}
  absl::StatusOr<bool> Next(SourceItem* item) override {
    ASSIGN_OR_RETURN(const bool more, spill_.Next(&output_));
    if (!more) return false;
    item->rejected.reset();
    item->record = {Topic::kSignals, 0, next_++, kNoTimestamp, output_.key, output_.value, false};
    on_record_(static_cast<uint64_t>(next_), static_cast<double>(next_) / static_cast<double>(spill_.appended()));
    return true;
  }

 private:
  OutputSpill& spill_;
  const EventSource::OnRecord on_record_;
  OutputRecord output_;
  int64_t next_ = 0;
};

// Everything the two stages of one replay share.
class FileReplay {
 public:
  FileReplay(const Options& options, const v1::RuleSet& rules)
      : options_(options), rules_(rules), output_(options.output, *EventFileFormNamed(options.format)) {}

  absl::Status Run() {
    RETURN_IF_ERROR(ReadRegistry(options_.input, registry_, &summary_));
    references_ = std::make_unique<ReferenceOrder>(registry_);
    RETURN_IF_ERROR(RunScreens());
    RETURN_IF_ERROR(MergeScreens());
    RETURN_IF_ERROR(RunRisk());
    // Lanes end in any order; the summary must not tell.
    std::sort(summary_.mutable_digests()->begin(), summary_.mutable_digests()->end(), [](const auto& a, const auto& b) {
      return std::tuple(a.stage(), a.task()) < std::tuple(b.stage(), b.task());
    });
    return output_.Close(summary_);
  }
  const RunOutput& output() const { return output_; }
  const v1::Summary& summary() const { return summary_; }

 private:
  absl::Status RunScreens() {
    ReplayOptions replay;
    replay.partitions = options_.partitions;
    replay.commit_every = options_.commit_every;
    ASSIGN_OR_RETURN(auto probe, EventFile::Open(options_.input, Topic::kLookups));
    replay.recorded_partitions = probe != nullptr && probe->has_places() && !options_.reshard;
    if (probe != nullptr && !probe->has_places()) {
      summary_.add_checks_off("FUTURE_TIME and MISROUTED: the input has no export sidecar");
    }
    for (uint32_t task = 0; task < options_.partitions; ++task) {
      ASSIGN_OR_RETURN(auto spill, OutputSpill::Create(options_.output));
      spills_.push_back(std::move(spill));
    }
    const uint32_t lanes = std::min(options_.lanes, options_.partitions);
    std::vector<absl::Status> results(lanes);
    std::vector<std::thread> threads;
    for (uint32_t lane = 1; lane < lanes; ++lane) {
      threads.emplace_back([&, lane] { results[lane] = RunScreenLane(lane, lanes, replay); });
    }
    results[0] = RunScreenLane(0, lanes, replay);
    for (std::thread& thread : threads) thread.join();
    for (const absl::Status& result : results) RETURN_IF_ERROR(result);
    return absl::OkStatus();
  }

  // One lane: its own reader and stage, the tasks with task mod lanes == lane.
  absl::Status RunScreenLane(uint32_t lane, uint32_t lanes, const ReplayOptions& replay) {
    ScreenStage stage(rules_, {options_.every_verdict});
    std::vector<std::unique_ptr<ReplayTask>> tasks(options_.partitions);
    for (uint32_t task = lane; task < options_.partitions; task += lanes) {
      OutputSpill* spill = spills_[task].get();
      tasks[task] = std::make_unique<ReplayTask>(task, replay, stage, registry_, *references_,
                                                 [spill](std::span<const OutputRecord> outputs) {
                                                   for (const OutputRecord& record : outputs) {
                                                     RETURN_IF_ERROR(spill->Append(record));
                                                   }
                                                   return absl::OkStatus();
                                                 });
    }
    ASSIGN_OR_RETURN(auto file, EventFile::Open(options_.input, Topic::kLookups));
    Progress progress("look-ups");
    EventSource source(std::move(file), [&](uint64_t done, double share) {
      if (lane == 0) progress.Show(done, share);
    });
    RETURN_IF_ERROR(
        ReplayScreen(source, tasks, replay.recorded_partitions, [&](uint32_t task) { return task % lanes == lane; }));
    const std::lock_guard lock(digests_mutex_);  // lanes end at any time; the summary is one
    if (lane == 0) CountInput(Topic::kLookups, source.records_read());
    for (uint32_t task = lane; task < options_.partitions; task += lanes)
      KeepDigest("screen", task, tasks[task]->task());
    return absl::OkStatus();
  }

  // The screens' outputs in order (engine time, task, emission number): to the files, and signals to risk's input too.
  absl::Status MergeScreens() {
    struct Head {
      OutputSpill* spill;
      OutputRecord record;
      bool more;
    };
    std::vector<Head> heads;
    uint64_t total = 0;
    uint64_t merged = 0;
    for (const auto& spill : spills_) {
      total += spill->appended();
      RETURN_IF_ERROR(spill->Rewind());
      Head head{spill.get(), {}, false};
      ASSIGN_OR_RETURN(head.more, spill->Next(&head.record));
      heads.push_back(std::move(head));
    }
    ASSIGN_OR_RETURN(signals_, OutputSpill::Create(options_.output));
    Progress progress("answers put in order", total);
    for (;;) {
      Head* first = nullptr;
      for (Head& head : heads) {
        if (head.more && (first == nullptr || head.record.timestamp < first->record.timestamp)) first = &head;
      }
      if (first == nullptr) break;
      if (first->record.topic == Topic::kSignals) RETURN_IF_ERROR(signals_->Append(first->record));
      RETURN_IF_ERROR(output_.Write(first->record.topic, first->record.value));
      progress.Show(++merged);
      ASSIGN_OR_RETURN(first->more, first->spill->Next(&first->record));
    }
    return signals_->Rewind();
  }

  absl::Status RunRisk() {
    ReplayOptions replay;
    replay.partitions = options_.partitions;
    replay.commit_every = options_.commit_every;
    RiskStage stage(rules_, {});
    ReplayTask task(0, replay, stage, registry_, *references_, [this](std::span<const OutputRecord> outputs) {
      for (const OutputRecord& record : outputs) RETURN_IF_ERROR(output_.Write(record.topic, record.value));
      return absl::OkStatus();
    });
    ASSIGN_OR_RETURN(auto file, EventFile::Open(options_.input, Topic::kComplaints));
    Progress progress("complaints and signals");
    // Both are read by time: the one that is less far says what is left.
    std::array<double, 2> shares = {file == nullptr ? 1.0 : 0.0, signals_->appended() == 0 ? 1.0 : 0.0};
    uint64_t done = 0;
    const auto show = [&](size_t of) {
      return [&, of](uint64_t, double share) {
        shares[of] = share;
        progress.Show(++done, std::min(shares[0], shares[1]));
      };
    };
    EventSource complaints(std::move(file), show(0));
    SignalSource signals(*signals_, show(1));
    RETURN_IF_ERROR(ReplayRisk({{Topic::kComplaints, &complaints}, {Topic::kSignals, &signals}}, task));
    CountInput(Topic::kComplaints, complaints.records_read());
    KeepDigest("risk", 0, task.task());
    return absl::OkStatus();
  }

  void CountInput(Topic topic, uint64_t records) {
    if (records == 0) return;
    v1::TopicCount* count = summary_.add_inputs();
    count->set_topic(std::string(NameOf(topic)));
    count->set_records(records);
  }
  void KeepDigest(const std::string& stage, uint32_t task, const Task& state) {
    if (!state.marker()) return;
    v1::TaskDigest* digest = summary_.add_digests();
    digest->set_stage(stage);
    digest->set_task(task);
    digest->set_digest(ToHex({state.marker()->digest_high(), state.marker()->digest_low()}));
  }

  const Options& options_;
  const v1::RuleSet& rules_;
  RunOutput output_;
  Registry registry_;
  std::unique_ptr<ReferenceOrder> references_;
  std::vector<std::unique_ptr<OutputSpill>> spills_;
  std::unique_ptr<OutputSpill> signals_;
  std::mutex digests_mutex_;
  v1::Summary summary_;
};

int Replay(const Options& options) {
  const auto fail = [](const absl::Status& status) {
    std::fprintf(stderr, "replay: %s\n", std::string(status.message()).c_str());
    return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
  };
  const absl::StatusOr<v1::RuleSet> rules = ReadRules(options.rules);
  if (!rules.ok()) return fail(rules.status());
  std::error_code error;
  std::filesystem::create_directories(options.output, error);
  if (error) return fail(absl::FailedPreconditionError(absl::StrCat(options.output, ": ", error.message())));
  if (!options.journal.empty()) {
    RunOutput output(options.output, *EventFileFormNamed(options.format));
    v1::Summary summary;
    const absl::Status status = ReplayJournalFiles({options.journal, options.every_verdict}, *rules, output, summary);
    if (!status.ok()) return fail(status);
    PrintReplayReport(options.output, output);
    return kExitDone;
  }
  FileReplay replay(options, *rules);
  if (const absl::Status status = replay.Run(); !status.ok()) return fail(status);
  PrintReplayReport(options.output, replay.output());
  const bool too_many =
      options.max_rejected >= 0 && replay.output().dead_letters() > static_cast<uint64_t>(options.max_rejected);
  return too_many ? kExitRejected : kExitDone;
}

}  // namespace

void AddReplay(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay",
      "Replay history from event files (no Kafka): the same answer whatever lanes, batches and commit points");
  CLI::Option_group* const from = command->add_option_group("history", "Where it comes from");
  from->add_option("--input", options->input,
                   "Directory of event files (<topic>.pb or .jsonl, also .zst): canonical order")
      ->check(CLI::ExistingDirectory);
  from->add_option("--journal", options->journal, "Directory an export of a run wrote: the order its journals recorded")
      ->check(CLI::ExistingDirectory);
  from->require_option(1);
  command->add_option("--output", options->output, "Directory for the outputs and summary.json; made if need be")
      ->required();
  command->add_option("--rules", options->rules, "Rule file (textproto)")->capture_default_str();
  command->add_option("--format", options->format, "pb, jsonl, pb.zst or jsonl.zst")
      ->capture_default_str()
      ->check(CLI::IsMember(EventFileFormNames()));
  command->add_option("--partitions", options->partitions, "Tasks of the screen stage (P)")
      ->capture_default_str()
      ->check(CLI::Range(1, limits::kPartitionsMax));
  command->add_option("--lanes", options->lanes, "Threads")->capture_default_str()->check(CLI::Range(1, 64));
  command->add_option("--commit-every,--batch", options->commit_every, "Inputs of a task between two commits")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_flag("--every-verdict", options->every_verdict,
                    "Write the answer to every look-up, not only blocks and changes");
  command->add_flag("--reshard", options->reshard, "Route by key, not by the partitions an export recorded");
  command->add_option("--max-rejected", options->max_rejected,
                      "Exit 3 when more records were dead-lettered (default: unlimited)");
  command->callback([options, exit_code] { *exit_code = Replay(*options); });
}

}  // namespace zaojing
