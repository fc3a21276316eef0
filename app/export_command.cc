// zaojing export: what is committed in Kafka's topics → event files with their places.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/kafka_options.h"
#include "app/progress.h"
#include "proto/status_util.h"
#include "proto/utf8.h"
#include "sinks/file/event_writer.h"
#include "sinks/kafka/exporter.h"

namespace zaojing {
namespace {

struct ExportOptions {
  KafkaOptions kafka;
  std::vector<std::string> topics;
  std::string output;
  std::string format = "pb";
};

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "export: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

absl::Status ExportOne(const KafkaClientOptions& client, const ExportOptions& options, Topic topic) {
  EventFileForm form = EventFileFormNamed(options.format).value();
  form.sidecar = true;
  ASSIGN_OR_RETURN(const std::unique_ptr<EventWriter> writer, EventWriter::Open(options.output, topic, form));
  ASSIGN_OR_RETURN(const uint64_t total, OffsetsIn(client, topic));
  Progress progress(std::string(NameOf(topic)) + " records", total);
  uint64_t count = 0;
  v1::RecordPlace place;
  const auto append = [&](const Record& record) {
    place.Clear();
    if (IsUtf8(record.key)) {
      place.set_key(std::string(record.key));
    } else {
      place.set_key_bytes(std::string(record.key));
    }
    place.set_partition(record.partition);
    place.set_offset(record.offset);
    place.set_timestamp(record.timestamp);
    progress.Show(++count);
    return writer->Append(record.value, &place);
  };
  ASSIGN_OR_RETURN(const uint64_t records, ExportTopic(client, topic, append));
  RETURN_IF_ERROR(writer->Close());
  progress.Done();
  std::printf("%llu records to %s\n", static_cast<unsigned long long>(records), writer->path().c_str());
  return absl::OkStatus();
}

int Export(const ExportOptions& options) {
  const absl::StatusOr<KafkaClientOptions> client = ClientOf(options.kafka);
  if (!client.ok()) return Fail(client.status());
  std::vector<Topic> topics;
  for (const std::string& name : options.topics) {
    const std::optional<Topic> topic = TopicNamed(name);
    if (!topic) return Fail(absl::InvalidArgumentError("no topic is named " + name + ": see `topics create --help`"));
    topics.push_back(*topic);
  }
  for (const Topic topic : topics) {
    const absl::Status exported = ExportOne(*client, options, topic);
    if (!exported.ok()) return Fail(exported);
  }
  return kExitDone;
}

}  // namespace

void AddExport(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand("export", "Kafka topics to event files");
  command->footer(
      "Writes <output>/<topic>.<format> and <topic>.meta.jsonl with each record's key, partition, offset and\n"
      "timestamp: everything committed when the export began, in (partition, offset) order.");
  AddKafkaOptions(*command, &options->kafka);
  command->add_option("--topics", options->topics, "Topics, separated by commas")->required()->delimiter(',');
  command->add_option("--output", options->output, "Directory to write to; created if need be")->required();
  command->add_option("--format", options->format, "Form of the event files")
      ->check(CLI::IsMember(EventFileFormNames()))
      ->capture_default_str();
  command->callback([options, exit_code] { *exit_code = Export(*options); });
}

}  // namespace zaojing
