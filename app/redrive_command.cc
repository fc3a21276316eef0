// zaojing redrive: dead letters back to their topics of origin, each once.
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/kafka_options.h"
#include "app/progress.h"
#include "proto/status_util.h"
#include "sinks/kafka/exporter.h"
#include "sinks/kafka/redriver.h"

namespace zaojing {
namespace {

struct Options {
  KafkaOptions kafka;
  std::string application = "zaojing";
  std::vector<std::string> topics;
  std::vector<std::string> reasons;
  bool dry_run = false;
};

volatile sig_atomic_t g_stop = 0;
void OnSignal(int) { g_stop = 1; }

std::string AllReasons() {
  std::string names;
  for (int reason = v1::DeadLetterReason_MIN + 1; reason <= v1::DeadLetterReason_MAX; ++reason) {
    if (!v1::DeadLetterReason_IsValid(reason)) continue;
    names.append(names.empty() ? "" : ", ").append(ReasonName(static_cast<v1::DeadLetterReason>(reason)));
  }
  return names;
}

absl::StatusOr<RedriveOptions> Filter(const Options& options) {
  RedriveOptions redrive;
  redrive.application = options.application;
  redrive.dry_run = options.dry_run;
  for (const std::string& name : options.topics) {
    const std::optional<Topic> topic = TopicNamed(name);
    if (!topic) return absl::InvalidArgumentError("no topic is named " + name + ": see `topics create --help`");
    redrive.topics.insert(*topic);
  }
  for (const std::string& name : options.reasons) {
    const std::optional<v1::DeadLetterReason> reason = ReasonNamed(name);
    if (!reason) return absl::InvalidArgumentError("no reason is named " + name + "; there are " + AllReasons());
    redrive.reasons.insert(*reason);
  }
  return redrive;
}

void Print(const RedriveReport& report, bool dry_run) {
  const auto number = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf("%-18s %-14s %12s %12s %12s %12s\n", "topic", "reason", dry_run ? "would go" : "put back", "earlier",
              "filtered", "cut");
  uint64_t sum = 0;
  for (const auto& [cell, count] : report.cells) {
    std::printf("%-18s %-14s %12llu %12llu %12llu %12llu\n", std::string(NameOf(cell.topic)).c_str(),
                ReasonName(cell.reason).c_str(), number(count.now), number(count.earlier), number(count.filtered),
                number(count.cut));
    sum += count.now;
  }
  if (report.unreadable > 0) std::printf("%llu records of dead-letter are no letters\n", number(report.unreadable));
  std::printf("%llu records %s\n", number(sum), dry_run ? "would be put back" : "put back");
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const KafkaClientOptions client, ClientOf(options.kafka));
  ASSIGN_OR_RETURN(RedriveOptions redrive, Filter(options));
  ASSIGN_OR_RETURN(const uint64_t total, OffsetsIn(client, Topic::kDeadLetter));
  Progress progress("dead letters", total);
  redrive.on_letter = [&](uint64_t letters) {
    progress.Show(letters);
    if (g_stop == 0) return absl::OkStatus();
    return absl::CancelledError("stopped by a signal; run it again to go on where it stopped");
  };
  SystemClock clock;
  ASSIGN_OR_RETURN(const RedriveReport report, Redriver(client, std::move(redrive), clock).Run());
  progress.Done();
  Print(report, options.dry_run);
  return absl::OkStatus();
}

int Redrive(const Options& options) {
  ::signal(SIGINT, OnSignal);
  ::signal(SIGTERM, OnSignal);
  const absl::Status status = Run(options);
  if (status.ok()) return kExitDone;
  std::fprintf(stderr, "redrive: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

}  // namespace

void AddRedrive(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("redrive", "Dead letters back to their topics of origin, each once");
  AddKafkaOptions(*command, &options->kafka);
  command->add_option("--topics", options->topics, "Only letters of these topics of origin, separated by commas")
      ->delimiter(',');
  command->add_option("--reasons", options->reasons, "Only letters with these reasons, separated by commas")
      ->delimiter(',');
  command->add_flag("--dry-run", options->dry_run, "Count by topic and reason what would go; put nothing back");
  command->add_option("--application", options->application, "As in the worker's configuration")->capture_default_str();
  command->footer(
      "Every letter goes back once, whatever is run how often and killed when: records and marks (topic redrive)\n"
      "move in one transaction. A record goes as it was, with a new timestamp, to the partition of its key. What\n"
      "still cannot be judged comes to dead-letter again, as a new letter; so mend the cause first, look with\n"
      "--dry-run, and put back what that cause concerns: a lane stops when more than half of a large batch cannot be\n"
      "judged. Letters that hold a part of their record only (cut) stay where they are.\n"
      "Reasons: " +
      AllReasons() +
      "\nExample: zaojing redrive --bootstrap kafka:9092 --topics complaints --reasons FUTURE_TIME --dry-run");
  command->callback([options, exit_code] { *exit_code = Redrive(*options); });
}

}  // namespace zaojing
