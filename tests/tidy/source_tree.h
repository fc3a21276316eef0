// The tree as the rules see it: text files with their lines, and for sources the same text with comments and
// literals blanked out, so that a word in a comment is not taken for code. A tree is read from disk, or made
// of strings by the tests of the rules. Plain values, no thread rule.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace zaojing::tidy {

struct SourceFile {
  std::string path;                // from the root, '/' between the parts
  std::vector<std::string> lines;  // without line ends
  // Of C++ and proto files: as `lines`, with comments and the insides of literals turned into blanks; else
  // empty.
  std::vector<std::string> code;
};

using Tree = std::vector<SourceFile>;

// A file of the given text.
SourceFile MakeFile(std::string path, std::string_view text);

// All text files below `root`, by path; version control and build folders left out. kNotFound: no such
// folder.
absl::StatusOr<Tree> ReadTree(const std::string& root);

// --- Questions about paths and text ---
bool HasSuffix(std::string_view text, std::string_view suffix);
bool HasPrefix(std::string_view text, std::string_view prefix);
bool IsCpp(const SourceFile& file);
bool IsMarkdown(const SourceFile& file);
// True when `path` is `place`, or lies in the folder `place`, or, for a place "*/name", has a folder of that
// name.
bool IsIn(std::string_view path, std::string_view place);
bool IsWordByte(char c);
// Position of `needle` at or after `from`, where it is not part of a longer word; npos when there is none.
size_t FindWord(std::string_view text, std::string_view needle, size_t from = 0);
// What stands between the quotes or angles of an #include line; empty for any other line.
std::string_view IncludedPath(std::string_view line);

}  // namespace zaojing::tidy
