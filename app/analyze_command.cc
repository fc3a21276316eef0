// `analyze`: the estimators of processors/stats on a CSV. Only the list of what can be analysed is here.
#include "app/analyze_commands.h"
#include "app/commands.h"

namespace zaojing {

void AddAnalyze(CLI::App& app, int* exit_code) {
  CLI::App* analyze = app.add_subcommand("analyze", "Signal statistics on a CSV file");
  analyze->require_subcommand(1);
  AddAnalyzeDisproportionality(*analyze, exit_code);
  AddAnalyzeSurveillance(*analyze, exit_code);
  AddAnalyzeSequential(*analyze, exit_code);
  AddAnalyzeScan(*analyze, exit_code);
}

}  // namespace zaojing
