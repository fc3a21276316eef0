// The rules of the tree. Each looks at the whole tree and returns what breaks it, with a message that says
// what to do instead. A rule that matters is here or in .clang-tidy; the guide that is only prose decays.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace zaojing::tidy {

struct Violation {
  std::string path;
  size_t line = 0;  // from 1; 0 = the file as a whole
  std::string message;
};

using Violations = std::vector<Violation>;

// --- layering.cc ---
Violations CheckIncludeDirection(const Tree& tree);  // who may include whom: the table of layers
Violations CheckPlaces(const Tree& tree);  // what may be used in some folders only: the table of places

// --- code_rules.cc, function_length.cc ---
Violations CheckFileSizes(const Tree& tree);
Violations CheckLineWidths(const Tree& tree);
Violations CheckFunctionLengths(const Tree& tree);
Violations CheckNames(const Tree& tree);        // words that say nothing
Violations CheckLeftovers(const Tree& tree);    // marks of unfinished work, code in comments
Violations CheckHeaderFrame(const Tree& tree);  // opens with a comment, guarded by #pragma once

// --- document_rules.cc ---
Violations CheckCodemap(const Tree& tree);     // ARCHITECTURE.md names the folders there are, and no others
Violations CheckLinks(const Tree& tree);       // relative links lead somewhere
Violations CheckDecisions(const Tree& tree);   // every ADR has its parts and is listed
Violations CheckTopicTable(const Tree& tree);  // ARCHITECTURE.md's topics are those of proto/topics.h
Violations CheckCommandsNamed(const Tree& tree);  // every subcommand and verb is in both READMEs

struct Rule {
  std::string_view name;
  Violations (*check)(const Tree& tree);
};

inline constexpr Rule kRules[] = {
    {"IncludeDirection", CheckIncludeDirection},
    {"Places", CheckPlaces},
    {"FileSizes", CheckFileSizes},
    {"LineWidths", CheckLineWidths},
    {"FunctionLengths", CheckFunctionLengths},
    {"Names", CheckNames},
    {"Leftovers", CheckLeftovers},
    {"HeaderFrame", CheckHeaderFrame},
    {"Codemap", CheckCodemap},
    {"Links", CheckLinks},
    {"Decisions", CheckDecisions},
    {"TopicTable", CheckTopicTable},
    {"CommandsNamed", CheckCommandsNamed},
};

}  // namespace zaojing::tidy
