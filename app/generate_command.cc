// zaojing generate: a national year of inputs with its planted truth, to event files or to Kafka.
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/kafka_options.h"
#include "app/progress.h"
#include "ingest/generate/calendar.h"
#include "ingest/generate/truth.h"
#include "ingest/generate/workload.h"
#include "proto/limits.h"
#include "proto/status_util.h"
#include "sinks/file/event_writer.h"
#include "sinks/file/whole_file.h"
#include "sinks/kafka/producer.h"

namespace zaojing {
namespace {

struct GenerateOptions {
  KafkaOptions kafka;
  std::string output;
  std::string format = "pb";
  std::string truth;
  double scale = 0.001;
  uint64_t seed = 1;
  std::vector<std::string> what = {"reference", "platform", "plate"};
  std::string from;
  std::string until;
};

// Of received_at.
struct Stretch {
  int64_t from = 0;
  int64_t until = limits::kTimeMax;
};

using Write = std::function<absl::Status(const generate::GeneratedRecord&)>;
using Counts = std::array<uint64_t, kTopicCount>;

generate::Wanted WantedOf(const GenerateOptions& options) {
  const auto has = [&](const char* name) {
    return std::find(options.what.begin(), options.what.end(), name) != options.what.end();
  };
  return {has("reference"), has("platform"), has("plate")};
}

Stretch StretchOf(const GenerateOptions& options) {
  Stretch stretch;
  if (!options.from.empty()) stretch.from = *generate::DayNamed(options.from);
  if (!options.until.empty()) stretch.until = *generate::DayNamed(options.until);
  return stretch;
}

absl::Status Generate(const generate::World& world, const GenerateOptions& options, const Write& write,
                      Counts* counts) {
  generate::Workload workload(world, WantedOf(options));
  const Stretch stretch = StretchOf(options);
  Progress progress("look-ups", workload.lookups());
  uint64_t& lookups = (*counts)[static_cast<size_t>(Topic::kLookups)];
  generate::GeneratedRecord record;
  workload.SkipTo(stretch.from);
  while (workload.Next(&record) && record.received_at < stretch.until) {
    RETURN_IF_ERROR(write(record));
    ++(*counts)[static_cast<size_t>(record.topic)];
    progress.Show(lookups);
  }
  return absl::OkStatus();
}

absl::Status WriteTruth(const generate::World& world, generate::Wanted wanted, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<WholeFile> file, WholeFile::Create(path));
  google::protobuf::util::JsonPrintOptions json;
  json.preserve_proto_field_names = true;
  std::string line;
  Progress progress("truth lines");
  uint64_t lines = 0;
  RETURN_IF_ERROR(generate::ForEachTruth(world, wanted, [&](const v1::Truth& truth) {
    line.clear();
    if (!google::protobuf::util::MessageToJsonString(truth, &line, json).ok()) {
      return absl::FailedPreconditionError(path + ": a line has no JSON form");
    }
    progress.Show(++lines);
    return file->Append(line.append("\n"));
  }));
  return file->Close();
}

absl::Status ToFiles(const GenerateOptions& options, const generate::World& world, Counts* counts) {
  std::array<std::unique_ptr<EventWriter>, kTopicCount> writers;
  const generate::Wanted wanted = WantedOf(options);
  const auto open = [&](Topic topic) -> absl::Status {
    ASSIGN_OR_RETURN(writers[static_cast<size_t>(topic)],
                     EventWriter::Open(options.output, topic, *EventFileFormNamed(options.format)));
    return absl::OkStatus();
  };
  if (wanted.platform || wanted.plate) RETURN_IF_ERROR(open(Topic::kLookups));
  if (wanted.reference) {
    for (const Topic topic : kReferenceTopics) RETURN_IF_ERROR(open(topic));
  }
  const auto write = [&](const generate::GeneratedRecord& record) {
    return writers[static_cast<size_t>(record.topic)]->Append(record.value);
  };
  RETURN_IF_ERROR(Generate(world, options, write, counts));
  for (const auto& writer : writers) {
    if (writer != nullptr) RETURN_IF_ERROR(writer->Close());
  }
  const std::string inside = (std::filesystem::path(options.output) / "truth.jsonl").string();
  return WriteTruth(world, wanted, options.truth.empty() ? inside : options.truth);
}

absl::Status ToKafka(const GenerateOptions& options, const generate::World& world, Counts* counts) {
  ASSIGN_OR_RETURN(const KafkaClientOptions client, ClientOf(options.kafka));
  ASSIGN_OR_RETURN(const std::unique_ptr<BulkProducer> producer, BulkProducer::Open(client));
  const auto write = [&](const generate::GeneratedRecord& record) {
    BulkProducer::Message message;
    message.topic = record.topic;
    message.timestamp = record.received_at;
    message.key = record.key;
    message.value = record.value;
    return producer->Produce(message);
  };
  RETURN_IF_ERROR(Generate(world, options, write, counts));
  RETURN_IF_ERROR(producer->Flush());
  return options.truth.empty() ? absl::OkStatus() : WriteTruth(world, WantedOf(options), options.truth);
}

int Run(const GenerateOptions& options) {
  const generate::World world(options.scale, options.seed);
  Counts counts{};
  const bool files = !options.output.empty();
  const absl::Status status = files ? ToFiles(options, world, &counts) : ToKafka(options, world, &counts);
  if (!status.ok()) {
    std::fprintf(stderr, "generate: %s\n", std::string(status.message()).c_str());
    return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
  }
  for (const TopicSpec& spec : kTopics) {
    const uint64_t count = counts[static_cast<size_t>(spec.topic)];
    if (count == 0) continue;
    std::printf("%12llu  %s\n", static_cast<unsigned long long>(count), std::string(spec.name).c_str());
  }
  return kExitDone;
}

}  // namespace

void AddGenerate(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command = app.add_subcommand("generate", "A national year of inputs, with what was planted in it");
  command->footer(
      "The year is 2025 in China. Scale 1 is the nation in 2022: 461,000 valid certificates, 65.9 million look-ups by\n"
      "platforms over 11 million listings of 1.32 million merchants, of which 1.03 million listings are to be "
      "stopped,\n"
      "and 61.1 million look-ups at registration windows. Memory does not grow with the scale; the same scale and "
      "seed\n"
      "give the same bytes. Records come in order of received_at, which is the Kafka timestamp too.\n"
      "truth.jsonl (schema: proto/zaojing/v1/truth.proto) has one line a planted fact, the totals last.");
  CLI::Option_group* const where = command->add_option_group("destination", "Where it goes");
  where->add_option("--output", options->output, "Directory for event files and truth.jsonl; created if need be");
  AddKafkaOptions(*where, &options->kafka);
  where->get_option("--bootstrap")->required(false)->excludes(where->get_option("--output"));
  command->add_option("--scale", options->scale, "Of the nation")
      ->capture_default_str()
      ->check(CLI::Range(limits::kGeneratedScaleMin, limits::kGeneratedScaleMax));
  command->add_option("--seed", options->seed, "Another seed is another nation of the same figures")
      ->capture_default_str();
  command->add_option("--what", options->what, "Inputs, separated by commas: reference, platform, plate")
      ->delimiter(',')
      ->check(CLI::IsMember({"reference", "platform", "plate"}))
      ->capture_default_str();
  const CLI::Validator day(
      [](const std::string& text) {
        return generate::DayNamed(text) ? std::string() : "the generated year has no day " + text;
      },
      "2025-MM-DD");
  command
      ->add_option("--from", options->from,
                   "Leave out what is received before this day of China's; the truth is of the whole year all the same")
      ->check(day);
  command->add_option("--until", options->until, "Leave out what is received on this day or later")->check(day);
  command->add_option("--format", options->format, "Form of the event files")
      ->check(CLI::IsMember(EventFileFormNames()))
      ->capture_default_str();
  command->add_option("--truth", options->truth, "File for the truth; to Kafka none is written without it");
  command->callback([options, exit_code] {
    if (options->output.empty() == options->kafka.bootstrap.empty()) {
      throw CLI::ValidationError("generate", "give --output or --bootstrap");
    }
    *exit_code = Run(*options);
  });
}

}  // namespace zaojing
