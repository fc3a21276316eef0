#include "app/worker_config.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "app/rules_file.h"
#include "processors/rules/text_findings.h"
#include "proto/limits.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

using google::protobuf::TextFormat;

void SetDefaults(v1::WorkerConfig& config) {
  if (config.roles().empty()) {
    config.add_roles("screen");
    config.add_roles("risk");
  }
  if (config.application().empty()) config.set_application("zaojing");
  if (config.instance().empty()) config.set_instance("worker-0");
  if (config.screen_lanes() == 0) config.set_screen_lanes(1);
  if (config.partitions() == 0) config.set_partitions(8);
  if (config.rules_file().empty()) config.set_rules_file(kDefaultRules);
  if (config.memory_budget_bytes() == 0) config.set_memory_budget_bytes(uint64_t{3} << 30);
  if (config.commit_interval_ms() == 0) {
    config.set_commit_interval_ms(static_cast<uint32_t>(limits::kCommitIntervalMax / 1000));
  }
}

void Check(const v1::WorkerConfig& config, const TextFormat::ParseInfoTree& tree, TextFindings& findings) {
  const auto report = [&](const char* field, const std::string& what) {
    const auto at = tree.GetLocation(config.GetDescriptor()->FindFieldByName(field), -1);
    findings.AddError(at.line, at.column, what);
  };
  if (config.bootstrap().empty()) report("bootstrap", "bootstrap must name the brokers, as host:port");
  if (config.state_dir().empty()) report("state_dir", "state_dir must name a directory of this worker's own");
  for (int i = 0; i < config.roles_size(); ++i) {
    const std::string& role = config.roles(i);
    if (role == "screen" || role == "risk") continue;
    const auto at = tree.GetLocation(config.GetDescriptor()->FindFieldByName("roles"), i);
    findings.AddError(at.line, at.column,
                      absl::StrCat("no such role: \"", role, "\"; there are \"screen\" and \"risk\""));
  }
  if (config.partitions() > limits::kPartitionsMax) {
    report("partitions", absl::StrCat("partitions must be at most ", limits::kPartitionsMax));
  }
  if (config.screen_lanes() > 64) report("screen_lanes", "screen_lanes must be at most 64");
  if (config.commit_interval_ms() * 1000 > limits::kCommitIntervalMax) {
    report("commit_interval_ms", absl::StrCat("commit_interval_ms must be at most ", limits::kCommitIntervalMax / 1000,
                                              ": a transaction must end before the broker ends it"));
  }
  if (config.memory_budget_bytes() < (uint64_t{256} << 20)) {
    report("memory_budget_bytes", "memory_budget_bytes must be at least 268435456 (256 MiB)");
  }
}

}  // namespace

absl::StatusOr<v1::WorkerConfig> ReadWorkerConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  TextFindings findings(path);
  v1::WorkerConfig config;
  TextFormat::ParseInfoTree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&findings);
  parser.WriteLocationsTo(&tree);
  if (parser.ParseFromString(text, &config)) {
    SetDefaults(config);
    Check(config, tree, findings);
  }
  if (!findings.empty()) return findings.ToStatus();
  return config;
}

bool HasRole(const v1::WorkerConfig& config, std::string_view role) {
  return std::find(config.roles().begin(), config.roles().end(), role) != config.roles().end();
}

}  // namespace zaojing
