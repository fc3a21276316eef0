// Lengths of functions by brace depth over blanked code: enough for code that clang-format has laid out, and
// no parser.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"

namespace zaojing::tidy {
namespace {

constexpr size_t kFunctionLinesMax = 70;

enum class Block : unsigned char { kScope, kFunction, kOther };

// The header without its template parameters, among which "class" may stand.
std::string_view WithoutTemplate(std::string_view header) {
  const size_t begin = header.find_first_not_of(' ');
  if (begin == std::string_view::npos || !HasPrefix(header.substr(begin), "template")) return header;
  int depth = 0;
  for (size_t at = header.find('<', begin); at < header.size(); ++at) {
    if (header[at] == '<') ++depth;
    if (header[at] == '>' && --depth == 0) return header.substr(at + 1);
  }
  return header;
}

// What a '{' opens, told by the text since the last ';', '{' or '}'.
Block BlockOf(std::string_view header, bool inside_function) {
  if (inside_function) return Block::kOther;
  header = WithoutTemplate(header);
  const size_t last = header.find_last_not_of(' ');
  if (last == std::string_view::npos) return Block::kOther;
  const size_t parenthesis = header.find('(');
  for (std::string_view word : {"namespace", "class", "struct", "union", "enum", "extern"}) {
    // Before the parameters: the word may also stand among them.
    if (FindWord(header.substr(0, parenthesis), word) != std::string_view::npos) return Block::kScope;
  }
  if (parenthesis == std::string_view::npos || header[last] == '=' || header[last] == ',') return Block::kOther;
  return Block::kFunction;
}

class LengthMeter {
 public:
  explicit LengthMeter(const SourceFile& file) : file_(file) {}

  Violations Run() {
    for (size_t line = 0; line < file_.code.size(); ++line) {
      if (HasPrefix(file_.code[line], "#") || InMacro(line)) continue;
      for (char c : file_.code[line]) Take(c, line);
      header_.push_back(' ');
    }
    return std::move(out_);
  }

 private:
  struct Open {
    Block block;
    size_t line;
  };

  // The lines of a #define after its first.
  bool InMacro(size_t line) const { return line > 0 && HasSuffix(file_.code[line - 1], "\\"); }

  void Take(char c, size_t line) {
    if (c == '{') {
      const bool inside =
          std::any_of(open_.begin(), open_.end(), [](const Open& open) { return open.block == Block::kFunction; });
      open_.push_back({BlockOf(header_, inside), line});
    } else if (c == '}' && !open_.empty()) {
      Close(line);
    } else if (c != ';') {
      header_.push_back(c);
      return;
    }
    header_.clear();
  }

  void Close(size_t line) {
    const Open open = open_.back();
    open_.pop_back();
    const size_t length = line - open.line + 1;
    if (open.block != Block::kFunction || length <= kFunctionLinesMax) return;
    out_.push_back({file_.path, open.line + 1,
                    "a function of " + std::to_string(length) + " lines, at most " + std::to_string(kFunctionLinesMax) +
                        ": keep the branches here and give each step a function of its own"});
  }

  const SourceFile& file_;
  std::vector<Open> open_;
  std::string header_;
  Violations out_;
};

}  // namespace

Violations CheckFunctionLengths(const Tree& tree) {
  Violations out;
  for (const SourceFile& file : tree) {
    if (!IsCpp(file)) continue;
    for (Violation& violation : LengthMeter(file).Run()) out.push_back(std::move(violation));
  }
  return out;
}

}  // namespace zaojing::tidy
