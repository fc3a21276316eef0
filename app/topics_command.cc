// zaojing topics create|check: the topics of proto/topics.h on a cluster.
#include <cstdio>
#include <memory>

#include "app/commands.h"
#include "app/kafka_options.h"
#include "sinks/kafka/topics.h"

namespace zaojing {
namespace {

struct TopicsOptions {
  KafkaOptions kafka;
  TopicPlan plan;
};

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "topics: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? kExitUsage : kExitFailed;
}

int Check(const KafkaClientOptions& client, const TopicPlan& plan) {
  const absl::StatusOr<std::vector<std::string>> differences = CheckTopics(client, plan);
  if (!differences.ok()) return Fail(differences.status());
  for (const std::string& line : *differences) std::printf("%s\n", line.c_str());
  if (!differences->empty()) return kExitFailed;
  std::printf("%d topics are as they must be\n", kTopicCount);
  return kExitDone;
}

int CreateAndCheck(const TopicsOptions& options) {
  const absl::StatusOr<KafkaClientOptions> client = ClientOf(options.kafka);
  if (!client.ok()) return Fail(client.status());
  const absl::StatusOr<std::vector<std::string>> created = CreateTopics(*client, options.plan);
  if (!created.ok()) return Fail(created.status());
  for (const std::string& name : *created) std::printf("created %s\n", name.c_str());
  return Check(*client, options.plan);
}

int CheckOnly(const TopicsOptions& options) {
  const absl::StatusOr<KafkaClientOptions> client = ClientOf(options.kafka);
  return client.ok() ? Check(*client, options.plan) : Fail(client.status());
}

CLI::App* AddVerb(CLI::App& topics, const char* name, const char* about, TopicsOptions* options) {
  CLI::App* verb = topics.add_subcommand(name, about);
  AddKafkaOptions(*verb, &options->kafka);
  verb->add_option("--partitions", options->plan.partitions, "P: partitions of the topics with one per task")
      ->capture_default_str();
  return verb;
}

std::string TopicTable() {
  std::string table = "Topics (P: --partitions partitions, otherwise 1):";
  for (const TopicSpec& spec : kTopics) {
    table.append("\n  ").append(spec.name).append(spec.per_task ? " (P): " : ": ").append(spec.about);
  }
  return table;
}

}  // namespace

void AddTopics(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<TopicsOptions>();
  CLI::App* topics = app.add_subcommand("topics", "Topics with the right policies");
  topics->require_subcommand(1);
  CLI::App* create = AddVerb(*topics, "create", "Create what is missing, then check", options.get());
  create->add_option("--replication", options->plan.replication, "Replicas; -1 is the cluster's default")
      ->capture_default_str();
  create->footer(TopicTable());
  create->callback([options, exit_code] { *exit_code = CreateAndCheck(*options); });
  CLI::App* check = AddVerb(*topics, "check", "Name every difference; exit code 1 if there is one", options.get());
  check->callback([options, exit_code] { *exit_code = CheckOnly(*options); });
}

}  // namespace zaojing
