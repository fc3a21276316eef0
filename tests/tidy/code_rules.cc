// Sizes, names and leftovers. The words looked for are written in halves, so that this file obeys its own
// rules.
#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

constexpr size_t kFileLinesMax = 600;
constexpr size_t kLineColumnsMax = 120;

bool IsMachineWritten(const SourceFile& file) { return HasSuffix(file.path, ".json"); }

size_t Columns(std::string_view line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;  // not a continuation byte of UTF-8
  }));
}

// --- Names
// ----------------------------------------------------------------------------------------------------

struct EmptyWord {
  std::string_view word;  // lower case
  std::string_view instead;
};

constexpr EmptyWord kEmptyWords[] = {
    {"manager", "say what it does: owner, pool, schedule, lane"},
    {"managers", "say what they do"},
    {"helper", "name the one thing it does"},
    {"helpers", "name the one thing each does"},
    {"util", "name the one thing the file is about"},
    {"utils", "name the one thing the file is about"},
    {"data", "say which: bytes, records, entries, rows, value"},
    {"info", "say which: view, status, spec, state"},
    {"infos", "say which: views, specs, states"},
};

// Given to us, and taken out of a name before it is judged: a file, a variable, Abseil's code, the law's term.
constexpr std::string_view kGiven[] = {"status_util",  "DataLoss",      "data_loss",
                                       "PersonalData", "personal_data", "ZAOJING_DATA"};

// The words of snake_case, CamelCase, kConstant and MACRO_CASE, in lower case.
std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool after_lower = i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    const bool begins = std::isupper(c) != 0 && after_lower;
    if (c == '_' || begins) words.emplace_back();
    if (std::isalnum(c) != 0) words.back().push_back(static_cast<char>(std::tolower(c)));
  }
  return words;
}

const EmptyWord* EmptyWordIn(std::string name) {
  for (std::string_view given : kGiven) {
    const size_t at = name.find(given);
    if (at != std::string::npos) name.erase(at, given.size());
  }
  for (const std::string& word : WordsOf(name)) {
    const auto* found = std::find_if(std::begin(kEmptyWords), std::end(kEmptyWords),
                                     [&](const EmptyWord& empty) { return empty.word == word; });
    if (found != std::end(kEmptyWords)) return found;
  }
  return nullptr;
}

void Complain(const SourceFile& file, size_t line, std::string_view name, Violations* out) {
  const EmptyWord* empty = EmptyWordIn(std::string(name));
  if (empty == nullptr) return;
  out->push_back({file.path, line,
                  "'" + std::string(name) + "' says nothing with '" + std::string(empty->word) +
                      "': " + std::string(empty->instead)});
}

// A name reached through an object or a namespace was given elsewhere; where it is ours, that place is found.
bool IsGivenElsewhere(std::string_view line, size_t at) {
  if (at == 0) return false;
  if (line[at - 1] == '.') return true;
  return at > 1 && (line.substr(at - 2, 2) == "->" || line.substr(at - 2, 2) == "::");
}

void CheckNamesIn(const SourceFile& file, Violations* out) {
  for (size_t i = 0; i < file.code.size(); ++i) {
    const std::string_view line = file.code[i];
    if (HasPrefix(line, "#include")) continue;
    for (size_t at = 0; at < line.size();) {
      size_t end = at;
      while (end < line.size() && IsWordByte(line[end])) ++end;
      if (end > at && !IsGivenElsewhere(line, at)) Complain(file, i + 1, line.substr(at, end - at), out);
      at = std::max(end, at + 1);
    }
  }
}

// --- Leftovers
// ------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 4> kMarks = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK"};

// True when the parenthesis that opens at `at` closes just before the last character.
bool IsOneCall(std::string_view text, size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 2 == text.size();
  }
  return false;
}

// Code in a comment: a statement that ends in ';' and begins as only code does. Prose and formulas may end a
// line in
// ';' too, so this finds the plain cases only: calls, returns, declarations with a value, directives.
bool LooksLikeCode(std::string_view comment) {
  const size_t begin = comment.find_first_not_of("/ ");
  if (begin == std::string_view::npos) return false;
  const std::string_view text = comment.substr(begin);
  if (HasPrefix(text, "#include ") || HasPrefix(text, "#define ")) return true;
  if (!HasSuffix(text, ";")) return false;
  if (HasPrefix(text, "return ")) return true;
  for (std::string_view type : {"const ", "auto ", "int ", "int64_t ", "size_t ", "bool ", "std::"}) {
    if (HasPrefix(text, type) && text.find(" = ") != std::string_view::npos) return true;
  }
  size_t end = 0;
  while (end < text.size() && (IsWordByte(text[end]) || text[end] == ':' || text[end] == '.')) ++end;
  const bool called = end > 0 && (text[end] == '(' || text.substr(end, 2) == "->");
  return called && IsOneCall(text, text.find('('));
}

void CheckLeftoversIn(const SourceFile& file, Violations* out) {
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string_view line = file.lines[i];
    for (std::string_view mark : kMarks) {
      if (FindWord(line, mark) == std::string_view::npos) continue;
      out->push_back({file.path, i + 1, "'" + std::string(mark) + "' in the tree: do it, or write what is so today"});
    }
    const size_t first = line.find_first_not_of(' ');
    if (IsCpp(file) && first != std::string_view::npos && HasPrefix(line.substr(first), "//") &&
        LooksLikeCode(line.substr(first))) {
      out->push_back({file.path, i + 1, "code in a comment: delete it; version control remembers"});
    }
  }
}

}  // namespace

Violations CheckFileSizes(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    if (IsMachineWritten(file) || file.lines.size() <= kFileLinesMax) continue;
    out.push_back({file.path, file.lines.size(),
                   std::to_string(file.lines.size()) + " lines, at most " + std::to_string(kFileLinesMax) +
                       ": split it by what it is about"});
  }
  return out;
}

Violations CheckLineWidths(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    // C++ is laid out by clang-format, to the limit in .clang-format; tables in documents and lists of sources
    // have none.
    if (IsMachineWritten(file) || IsMarkdown(file) || IsCpp(file) || HasSuffix(file.path, ".txt") ||
        HasSuffix(file.path, ".textproto"))
      continue;
    for (size_t i = 0; i < file.lines.size(); ++i) {
      const size_t columns = Columns(file.lines[i]);
      if (columns <= kLineColumnsMax) continue;
      out.push_back(
          {file.path, i + 1,
           std::to_string(columns) + " columns, at most " + std::to_string(kLineColumnsMax) + ": break the line"});
    }
  }
  return out;
}

Violations CheckNames(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    const size_t slash = file.path.rfind('/');
    const std::string_view name = std::string_view(file.path).substr(slash == std::string::npos ? 0 : slash + 1);
    Complain(file, 0, name.substr(0, name.find('.')), &out);
    CheckNamesIn(file, &out);
  }
  return out;
}

Violations CheckLeftovers(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) CheckLeftoversIn(file, &out);
  return out;
}

Violations CheckHeaderFrame(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    if (!HasSuffix(file.path, ".h")) continue;
    if (file.lines.empty() || !HasPrefix(file.lines[0], "// ")) {
      out.push_back({file.path, 1, "a header begins with its manual: purpose, thread, ownership, failure, units"});
    }
    if (std::find(file.lines.begin(), file.lines.end(), "#pragma once") == file.lines.end()) {
      out.push_back({file.path, 1, "add #pragma once under the opening comment"});
    }
    for (size_t i = 0; i < file.code.size(); ++i) {
      if (FindWord(file.code[i], "using namespace") == std::string_view::npos) continue;
      out.push_back({file.path, i + 1, "a header imports no namespace into its readers: name what you use"});
    }
  }
  return out;
}

}  // namespace zaojing::tidy
