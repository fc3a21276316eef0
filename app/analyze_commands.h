// The nested subcommands of `analyze`. Each Add* puts one of them below it; on a run its callback sets
// *exit_code as app/commands.h describes. One file a nested subcommand; app/analyze_command.cc is the only
// list.
#pragma once

#include <CLI/CLI.hpp>

namespace zaojing {

void AddAnalyzeDisproportionality(CLI::App& analyze, int* exit_code);
void AddAnalyzeSurveillance(CLI::App& analyze, int* exit_code);
void AddAnalyzeSequential(CLI::App& analyze, int* exit_code);
void AddAnalyzeScan(CLI::App& analyze, int* exit_code);

}  // namespace zaojing
