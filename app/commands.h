// The subcommands. Each Add* puts one subcommand with its options on the app; the callback sets *exit_code (0
// done, 1 the run failed, 2 wrong usage or configuration, 3 more rejected than --max-rejected). One file a
// subcommand.
#pragma once

#include <CLI/CLI.hpp>

namespace zaojing {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitRejected = 3;

void AddExport(CLI::App& app, int* exit_code);
void AddAnalyze(CLI::App& app, int* exit_code);
void AddGenerate(CLI::App& app, int* exit_code);
void AddImport(CLI::App& app, int* exit_code);
void AddInspect(CLI::App& app, int* exit_code);
void AddLoad(CLI::App& app, int* exit_code);
void AddRedrive(CLI::App& app, int* exit_code);
void AddReplay(CLI::App& app, int* exit_code);
void AddRules(CLI::App& app, int* exit_code);
void AddRun(CLI::App& app, int* exit_code);
void AddTopics(CLI::App& app, int* exit_code);

}  // namespace zaojing
