// Entry point: options to subcommands, nothing else.
#include <cstdio>

#include "app/commands.h"

int main(int argc, char** argv) {
  CLI::App app{"zaojing (早警): product-safety early warning on Kafka and RocksDB"};
  app.require_subcommand(1);
  int exit_code = zaojing::kExitDone;
  zaojing::AddRun(app, &exit_code);
  zaojing::AddReplay(app, &exit_code);
  zaojing::AddAnalyze(app, &exit_code);
  zaojing::AddGenerate(app, &exit_code);
  zaojing::AddImport(app, &exit_code);
  zaojing::AddExport(app, &exit_code);
  zaojing::AddLoad(app, &exit_code);
  zaojing::AddRedrive(app, &exit_code);
  zaojing::AddTopics(app, &exit_code);
  zaojing::AddRules(app, &exit_code);
  zaojing::AddInspect(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? zaojing::kExitDone : zaojing::kExitUsage;
  }
  return exit_code;
}
