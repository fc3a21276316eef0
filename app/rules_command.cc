// zaojing rules check|list: validates a rule file, and says in words what every rule does.
#include <cstdio>
#include <memory>
#include <string>

#include "app/commands.h"
#include "app/rules_file.h"
#include "app/rules_text.h"
#include "processors/rules/rule_set.h"

namespace zaojing {
namespace {

int Rules(const std::string& path, bool list) {
  const absl::StatusOr<v1::RuleSet> rules = ReadRules(path);
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", std::string(rules.status().message()).c_str());
    return kExitUsage;
  }
  std::printf("%s: %s; decision rows %d, restriction rows %d, surge rules %d\n", path.c_str(),
              RulesName(*rules).c_str(), rules->decisions_size(), rules->restrictions_size(), rules->surges_size());
  if (list) std::printf("%s", RulesText(*rules).c_str());
  return kExitDone;
}

}  // namespace

void AddRules(CLI::App& app, int* exit_code) {
  auto path = std::make_shared<std::string>(kDefaultRules);
  CLI::App* rules = app.add_subcommand("rules", "Rule files: validate, say what each rule does");
  rules->require_subcommand(1);
  CLI::App* check = rules->add_subcommand("check", "Refuse what is wrong, with file:line:column; exit 2");
  check->add_option("file", *path, "Rule file (textproto)")->required();
  check->callback([path, exit_code] { *exit_code = Rules(*path, false); });
  CLI::App* list = rules->add_subcommand("list", "What each rule does");
  list->add_option("file", *path, "Rule file (textproto)")->capture_default_str();
  list->callback([path, exit_code] { *exit_code = Rules(*path, true); });
}

}  // namespace zaojing
