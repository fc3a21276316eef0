// zaojing load: event files → Kafka, the way back of export.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/event_source.h"
#include "app/kafka_options.h"
#include "app/progress.h"
#include "proto/status_util.h"
#include "sinks/kafka/producer.h"

namespace zaojing {
namespace {

struct Options {
  KafkaOptions kafka;
  std::string input;
  std::vector<std::string> topics;
};

absl::StatusOr<uint64_t> LoadTopic(const Options& options, Topic topic, BulkProducer& producer) {
  ASSIGN_OR_RETURN(auto file, EventFile::Open(options.input, topic));
  if (file == nullptr) return 0;
  Progress progress(std::string(NameOf(topic)) + " records");
  EventSource source(std::move(file));
  SourceItem item;
  uint64_t count = 0;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, source.Next(&item));
    if (!more) break;
    // A broken record travels as it is: whoever reads it puts it into dead-letter, with its place in Kafka.
    BulkProducer::Message message;
    message.topic = topic;
    message.key = item.record.key;
    message.value = item.record.value;
    RETURN_IF_ERROR(producer.Produce(message));
    progress.Show(++count, source.share_read());
  }
  return count;
}

int Load(const Options& options) {
  const auto fail = [](const absl::Status& status) {
    std::fprintf(stderr, "load: %s\n", std::string(status.message()).c_str());
    return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
  };
  const absl::StatusOr<KafkaClientOptions> client = ClientOf(options.kafka);
  if (!client.ok()) return fail(client.status());
  absl::StatusOr<std::unique_ptr<BulkProducer>> producer = BulkProducer::Open(*client);
  if (!producer.ok()) return fail(producer.status());
  for (const std::string& name : options.topics) {
    const std::optional<Topic> topic = TopicNamed(name);
    if (!topic) return fail(absl::InvalidArgumentError("no such topic: " + name));
    const absl::StatusOr<uint64_t> count = LoadTopic(options, *topic, **producer);
    if (!count.ok()) return fail(count.status());
    if (const absl::Status status = (*producer)->Flush(); !status.ok()) return fail(status);
    if (*count > 0) std::printf("%s: %llu records\n", name.c_str(), static_cast<unsigned long long>(*count));
  }
  return kExitDone;
}

}  // namespace

void AddLoad(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  for (const Topic topic : kReferenceTopics) options->topics.emplace_back(NameOf(topic));
  for (const Topic topic : {Topic::kLookups, Topic::kComplaints}) options->topics.emplace_back(NameOf(topic));
  CLI::App* command = app.add_subcommand("load", "Event files → Kafka; reference topics first");
  AddKafkaOptions(*command, &options->kafka);
  command->add_option("--input", options->input, "Directory of event files")->required()->check(CLI::ExistingDirectory);
  command->add_option("--topics", options->topics, "Which, in this order")->delimiter(',')->capture_default_str();
  command->callback([options, exit_code] { *exit_code = Load(*options); });
}

}  // namespace zaojing
