// Documents that match the tree: what they name is there, and what is there is named.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proto/topics.h"
#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

constexpr std::string_view kArchitecture = "ARCHITECTURE.md";
constexpr std::string_view kDecisions = "docs/adr/README.md";
constexpr std::string_view kReadmes[] = {"README.md", "README.zh-CN.md"};
constexpr std::string_view kDecisionParts[] = {"## Status", "## Context", "## Decision", "## Consequences"};
constexpr size_t kDecisionLinesMax = 70;  // one page

const SourceFile* Find(const Tree& tree, std::string_view path) {
  const auto found = std::find_if(tree.begin(), tree.end(), [&](const SourceFile& f) { return f.path == path; });
  return found == tree.end() ? nullptr : &*found;
}

bool Mentions(const SourceFile& file, std::string_view text) {
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [&](std::string_view line) { return FindWord(line, text) != std::string_view::npos; });
}

// Number of the first line of a section, after its heading; the lines' count when there is no such heading.
size_t SectionBegin(const SourceFile& file, std::string_view heading) {
  for (size_t i = 0; i < file.lines.size(); ++i) {
    if (file.lines[i] == heading) return i + 1;
  }
  return file.lines.size();
}

size_t SectionEnd(const SourceFile& file, size_t begin) {
  while (begin < file.lines.size() && !HasPrefix(file.lines[begin], "## ")) ++begin;
  return begin;
}

// The text of the first `code span` of a line that begins, blanks apart, with `opening`; empty when it does
// not.
std::string_view FirstSpan(std::string_view line, std::string_view opening) {
  const size_t first = line.find_first_not_of(' ');
  if (first == std::string_view::npos || !HasPrefix(line.substr(first), opening)) return {};
  const size_t begin = first + opening.size();
  const size_t end = line.find('`', begin);
  return end == std::string_view::npos ? std::string_view{} : line.substr(begin, end - begin);
}

// --- Codemap
// --------------------------------------------------------------------------------------------------

// Every folder of the tree, with a '/' at its end.
std::set<std::string> Folders(const Tree& tree) {
  std::set<std::string> folders;
  for (const SourceFile& file : tree) {
    for (size_t at = file.path.find('/'); at != std::string::npos; at = file.path.find('/', at + 1)) {
      folders.insert(file.path.substr(0, at + 1));
    }
  }
  return folders;
}

bool IsDeep(const std::string& folder) { return std::count(folder.begin(), folder.end(), '/') > 2; }

// --- Links
// ----------------------------------------------------------------------------------------------------

// Resolves "." and ".." of `target`, seen from the folder of `from`; empty when it leaves the tree.
std::string Resolve(std::string_view from, std::string_view target) {
  std::vector<std::string> parts;
  const size_t slash = from.rfind('/');
  std::string whole(slash == std::string_view::npos ? "" : from.substr(0, slash + 1));
  whole.append(target);
  whole.push_back('/');
  for (size_t at = 0, end; (end = whole.find('/', at)) != std::string::npos; at = end + 1) {
    const std::string part = whole.substr(at, end - at);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      return {};
    } else {
      parts.pop_back();
    }
  }
  std::string path;
  for (const std::string& part : parts) path.append(path.empty() ? "" : "/").append(part);
  return path;
}

bool IsElsewhere(std::string_view target) {
  return target.find("://") != std::string_view::npos || HasPrefix(target, "mailto:") || HasPrefix(target, "#");
}

bool Exists(const Tree& tree, const std::string& path) {
  if (path.empty()) return false;
  return std::any_of(tree.begin(), tree.end(), [&](const SourceFile& file) { return IsIn(file.path, path); });
}

void CheckLinksOfLine(const Tree& tree, const SourceFile& file, size_t line, Violations* out) {
  const std::string_view text = file.lines[line];
  for (size_t at = text.find("]("); at != std::string_view::npos; at = text.find("](", at + 1)) {
    const size_t end = text.find(')', at);
    if (end == std::string_view::npos) return;
    const std::string_view target = text.substr(at + 2, end - at - 2);
    if (IsElsewhere(target)) continue;
    if (Exists(tree, Resolve(file.path, target.substr(0, target.find('#'))))) continue;
    out->push_back({file.path, line + 1, "nothing at '" + std::string(target) + "': correct the link or remove it"});
  }
}

// --- Decisions
// ------------------------------------------------------------------------------------------------

bool IsDecision(const SourceFile& file) {
  return IsIn(file.path, "docs/adr") && file.path != kDecisions && IsMarkdown(file);
}

void CheckDecision(const SourceFile& file, Violations* out) {
  for (std::string_view part : kDecisionParts) {
    if (SectionBegin(file, part) < file.lines.size()) continue;
    out->push_back(
        {file.path, 0, "has no '" + std::string(part) + "'; a decision has status, context, decision, consequences"});
  }
  if (file.lines.size() > kDecisionLinesMax) {
    out->push_back({file.path, file.lines.size(), "longer than a page; keep what decides"});
  }
}

// --- Commands
// -------------------------------------------------------------------------------------------------

// Names between quotes after add_subcommand( in app/.
std::set<std::string> Subcommands(const Tree& tree) {
  constexpr std::string_view kCall = "add_subcommand(\"";
  std::set<std::string> names;
  for (const SourceFile& file : tree) {
    if (!IsIn(file.path, "app")) continue;
    for (const std::string& line : file.lines) {
      const size_t at = line.find(kCall);
      if (at == std::string::npos) continue;
      const size_t begin = at + kCall.size();
      names.insert(line.substr(begin, line.find('"', begin) - begin));
    }
  }
  return names;
}

// The functions verb_<name> of ./dev.
std::set<std::string> Verbs(const Tree& tree) {
  std::set<std::string> names;
  const SourceFile* dev = Find(tree, "dev");
  if (dev == nullptr) return names;
  for (const std::string& line : dev->lines) {
    const size_t end = line.find("()");
    if (HasPrefix(line, "verb_") && end != std::string::npos) names.insert(line.substr(5, end - 5));
  }
  return names;
}

}  // namespace

Violations CheckCodemap(const Tree& tree) {
  const SourceFile* document = Find(tree, kArchitecture);
  if (document == nullptr) return {{std::string(kArchitecture), 0, "write it: the codemap is how one finds the way"}};
  Violations out;
  const std::set<std::string> folders = Folders(tree);
  std::set<std::string> named;
  const size_t begin = SectionBegin(*document, "## Codemap");
  for (size_t i = begin; i < SectionEnd(*document, begin); ++i) {
    const std::string folder(FirstSpan(document->lines[i], "- `"));
    if (folder.empty()) continue;
    named.insert(folder);
    if (folders.count(folder) == 0) {
      out.push_back(
          {document->path, i + 1, "the codemap names " + folder + ", which is not in the tree: remove the line"});
    }
  }
  for (const std::string& folder : folders) {
    if (IsDeep(folder) || named.count(folder) > 0) continue;
    out.push_back(
        {document->path, begin,
         "the codemap lacks " + folder + ": add a line that begins \"- `" + folder + "`\" and says what is in it"});
  }
  return out;
}

Violations CheckLinks(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    if (!IsMarkdown(file)) continue;
    for (size_t i = 0; i < file.lines.size(); ++i) CheckLinksOfLine(tree, file, i, &out);
  }
  return out;
}

Violations CheckDecisions(const Tree& tree) {
  Violations out;
  const SourceFile* index = Find(tree, kDecisions);
  for (const SourceFile& file : tree) {
    if (!IsDecision(file)) continue;
    CheckDecision(file, &out);
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    if (index != nullptr && Mentions(*index, "](" + name + ")")) continue;
    out.push_back({std::string(kDecisions), 0, "does not list " + name + ": add its line"});
  }
  return out;
}

Violations CheckTopicTable(const Tree& tree) {
  const SourceFile* document = Find(tree, kArchitecture);
  if (document == nullptr) return {};  // CheckCodemap says so
  Violations out;
  std::set<std::string_view> named;
  const size_t begin = SectionBegin(*document, "## Topics");
  for (size_t i = begin; i < SectionEnd(*document, begin); ++i) {
    const std::string_view name = FirstSpan(document->lines[i], "| `");
    if (name.empty()) continue;
    named.insert(name);
    const std::optional<Topic> topic = TopicNamed(name);
    if (!topic) {
      out.push_back({document->path, i + 1, std::string(name) + " is not in proto/topics.h: remove the row"});
    } else if (document->lines[i].find(SpecOf(*topic).per_task ? "| P |" : "| 1 |") == std::string::npos) {
      out.push_back({document->path, i + 1, std::string(name) + ": proto/topics.h says another number of partitions"});
    }
  }
  for (const TopicSpec& spec : kTopics) {
    if (named.count(spec.name) > 0) continue;
    out.push_back({document->path, begin, "the topics' table lacks " + std::string(spec.name) + ": add its row"});
  }
  return out;
}

Violations CheckCommandsNamed(const Tree& tree) {
  Violations out;
  for (std::string_view path : kReadmes) {
    const SourceFile* readme = Find(tree, path);
    if (readme == nullptr) {
      out.push_back({std::string(path), 0, "write it"});
      continue;
    }
    for (const std::string& name : Subcommands(tree)) {
      if (Mentions(*readme, "zaojing " + name) || Mentions(*readme, "`" + name)) continue;
      out.push_back({readme->path, 0, "does not name the subcommand `" + name + "`: add its line"});
    }
    for (const std::string& name : Verbs(tree)) {
      if (Mentions(*readme, "./dev " + name)) continue;
      out.push_back({readme->path, 0, "does not name ./dev " + name + ": add its line"});
    }
  }
  return out;
}

}  // namespace zaojing::tidy
