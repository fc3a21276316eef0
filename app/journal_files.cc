#include "app/journal_files.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "app/event_source.h"
#include "app/progress.h"
#include "app/registry_files.h"
#include "processors/risk/risk_stage.h"
#include "processors/runtime/journal_replay.h"
#include "processors/screen/screen_stage.h"
#include "processors/state/memory_store.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

// The records of one partition of a file in (partition, offset) order, partition after partition.
class PartitionSource final : public RecordSource {
 public:
  PartitionSource(std::unique_ptr<EventFile> file, EventSource::OnRecord on_record)
      : source_(std::move(file), std::move(on_record)) {}

  absl::StatusOr<bool> Next(SourceItem* item) override {
    RETURN_IF_ERROR(Fill());
    if (!held_ || item_.record.partition != partition_) return false;
    *item = item_;
    held_ = false;
    return true;
  }
  // Goes on to the partition; what is left of the ones before is passed over and counted.
  absl::StatusOr<uint64_t> GoTo(int32_t partition) {
    uint64_t passed = 0;
    for (;;) {
      RETURN_IF_ERROR(Fill());
      if (!held_ || item_.record.partition >= partition) break;
      held_ = false;
      ++passed;
    }
    partition_ = partition;
    return passed;
  }

 private:
  absl::Status Fill() {
    if (held_) return absl::OkStatus();
    ASSIGN_OR_RETURN(held_, source_.Next(&item_));
    return absl::OkStatus();
  }

  EventSource source_;
  SourceItem item_;
  bool held_ = false;
  int32_t partition_ = 0;
};

absl::StatusOr<std::unique_ptr<PartitionSource>> OpenPartitions(const std::string& directory, Topic topic,
                                                                EventSource::OnRecord on_record) {
  ASSIGN_OR_RETURN(auto file, EventFile::Open(directory, topic));
  if (file != nullptr && !file->has_places()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file->path(), ": a journal replay needs the sidecar that export writes"));
  }
  return std::make_unique<PartitionSource>(std::move(file), std::move(on_record));
}

// One stage of the recorded run: every task that has a journal.
class StageRun {
 public:
  StageRun(Stage& stage, const Registry& registry, RunOutput& output)
      : stage_(stage), registry_(registry), output_(output) {}

  absl::Status Run(const std::string& directory, v1::Summary& summary) {
    ASSIGN_OR_RETURN(auto journal_file, EventFile::Open(directory, stage_.journal()));
    if (journal_file == nullptr) return absl::OkStatus();
    EventSource journal(std::move(journal_file));
    // A journal has few entries, each of many records: these are counted, and it says how far they are.
    Progress progress(absl::StrCat("records of ", std::string(stage_.name())));
    uint64_t done = 0;
    const auto show = [&](uint64_t, double) { progress.Show(++done, journal.share_read()); };
    std::map<Topic, std::unique_ptr<PartitionSource>> sources;
    for (Topic topic : stage_.inputs()) {
      ASSIGN_OR_RETURN(sources[topic], OpenPartitions(directory, topic, show));
    }
    SourceItem entry;
    ASSIGN_OR_RETURN(bool more, journal.Next(&entry));
    while (more) {
      const int32_t partition = entry.record.partition;
      std::map<Topic, RecordSource*> inputs;
      for (auto& [topic, source] : sources) {
        ASSIGN_OR_RETURN(const uint64_t passed, source->GoTo(partition));
        uncovered_ += passed;
        inputs[topic] = source.get();
      }
      RETURN_IF_ERROR(Begin(static_cast<uint32_t>(partition), entry.record.value));
      JournalReplay replay(*task_, registry_, inputs, [this](std::span<const OutputRecord> records) {
        for (const OutputRecord& record : records) RETURN_IF_ERROR(output_.Write(record.topic, record.value));
        return absl::OkStatus();
      });
      while (more && entry.record.partition == partition) {
        RETURN_IF_ERROR(replay.Apply(entry.record.value));
        ASSIGN_OR_RETURN(more, journal.Next(&entry));
      }
      Keep(replay, summary);
    }
    for (auto& [topic, source] : sources) {
      ASSIGN_OR_RETURN(const uint64_t passed, source->GoTo(INT32_MAX));
      uncovered_ += passed;
    }
    if (uncovered_ > 0) {
      summary.add_checks_off(absl::StrCat(uncovered_, " records of ", std::string(stage_.name()),
                                          " are in no journal entry: not processed when the export was made"));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Begin(uint32_t number, std::string_view first_entry) {
    v1::JournalEntry entry;
    if (!entry.ParseFromArray(first_entry.data(), static_cast<int>(first_entry.size()))) {
      return absl::DataLossError("the journal is not readable");
    }
    TaskOptions options;
    options.task = number;
    options.partitions = entry.partitions();
    options.memory = {256 << 20, 64 << 20};
    task_ = std::make_unique<Task>(options, stage_, registry_, std::make_unique<MemoryStore>());
    return task_->Start();
  }
  void Keep(const JournalReplay& replay, v1::Summary& summary) {
    v1::TopicCount* count = summary.add_inputs();
    count->set_topic(absl::StrCat(std::string(stage_.name()), "-", task_->task()));
    count->set_records(replay.inputs());
    v1::TaskDigest* digest = summary.add_digests();
    digest->set_stage(std::string(stage_.name()));
    digest->set_task(task_->task());
    digest->set_digest(ToHex({task_->marker()->digest_high(), task_->marker()->digest_low()}));
  }

  Stage& stage_;
  const Registry& registry_;
  RunOutput& output_;
  std::unique_ptr<Task> task_;
  uint64_t uncovered_ = 0;
};

}  // namespace

absl::Status ReplayJournalFiles(const JournalOptions& options, const v1::RuleSet& rules, RunOutput& output,
                                v1::Summary& summary) {
  Registry registry;
  RETURN_IF_ERROR(ReadRegistry(options.journal, registry, nullptr));
  ScreenStage screen(rules, {options.every_verdict});
  RETURN_IF_ERROR(StageRun(screen, registry, output).Run(options.journal, summary));
  RiskStage risk(rules, {});
  RETURN_IF_ERROR(StageRun(risk, registry, output).Run(options.journal, summary));
  return output.Close(summary);
}

}  // namespace zaojing
