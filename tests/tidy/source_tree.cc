#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace zaojing::tidy {
namespace {

constexpr std::string_view kTextSuffixes[] = {".h",    ".cc",   ".proto",     ".md",  ".txt",  ".cmake", ".sh",
                                              ".json", ".yaml", ".textproto", ".yml", ".java", ".xml"};
constexpr std::string_view kSkippedFolders[] = {".git", "build", "node_modules"};

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Blanks comments and the insides of literals, keeping every position.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string Run() {
    while (at_ < text_.size()) Step();
    return std::move(out_);
  }

 private:
  bool At(std::string_view needle) const { return text_.substr(at_, needle.size()) == needle; }

  void BlankTo(size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  size_t AfterNext(std::string_view needle, size_t from) const {
    const size_t found = text_.find(needle, from);
    return found == std::string_view::npos ? text_.size() : found + needle.size();
  }

  void Step() {
    if (At("//")) return BlankTo(std::min(text_.find('\n', at_), text_.size()));
    if (At("/*")) return BlankTo(AfterNext("*/", at_ + 2));
    if (At("R\"")) return RawString();
    // A quote after a digit or letter is a separator in a number (or a prefix such as u8, of which we have
    // none).
    const bool separator = text_[at_] == '\'' && at_ > 0 && IsWordByte(text_[at_ - 1]);
    if (text_[at_] == '"' || (text_[at_] == '\'' && !separator)) return Quoted(text_[at_]);
    ++at_;
  }

  void RawString() {
    const size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    BlankTo(AfterNext(close, open));
  }

  void Quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2U : 1U;
    ++at_;
    BlankTo(end);
    at_ = std::min(at_ + 1, text_.size());
  }

  const std::string_view text_;
  std::string out_;
  size_t at_ = 0;
};

bool IsScript(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  char first[2] = {};
  return in.read(first, 2) && first[0] == '#' && first[1] == '!';
}

bool IsText(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return std::any_of(std::begin(kTextSuffixes), std::end(kTextSuffixes),
                     [&](std::string_view suffix) { return HasSuffix(name, suffix); }) ||
         IsScript(path);
}

}  // namespace

SourceFile MakeFile(std::string path, std::string_view text) {
  SourceFile file{std::move(path), SplitLines(text), {}};
  if (IsCpp(file) || HasSuffix(file.path, ".proto")) file.code = SplitLines(Blanker(text).Run());
  return file;
}

absl::StatusOr<Tree> ReadTree(const std::string& root) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(root)) return absl::NotFoundError("no folder to read: " + root);
  Tree tree;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    const std::string name = at->path().filename().string();
    if (std::find(std::begin(kSkippedFolders), std::end(kSkippedFolders), name) != std::end(kSkippedFolders)) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file() || !IsText(at->path())) continue;
    std::ifstream in(at->path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    tree.push_back(MakeFile(at->path().lexically_relative(root).generic_string(), text));
  }
  std::sort(tree.begin(), tree.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return tree;
}

bool HasSuffix(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool HasPrefix(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool IsCpp(const SourceFile& file) { return HasSuffix(file.path, ".h") || HasSuffix(file.path, ".cc"); }

bool IsMarkdown(const SourceFile& file) { return HasSuffix(file.path, ".md"); }

bool IsIn(std::string_view path, std::string_view place) {
  if (HasPrefix(place, "*/")) {
    const std::string folder = "/" + std::string(place.substr(2)) + "/";
    return path.find(folder) != std::string_view::npos;
  }
  return HasPrefix(path, place) && (path.size() == place.size() || path[place.size()] == '/' || HasSuffix(place, "."));
}

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

size_t FindWord(std::string_view text, std::string_view needle, size_t from) {
  for (size_t at = text.find(needle, from); at != std::string_view::npos; at = text.find(needle, at + 1)) {
    const size_t end = at + needle.size();
    const bool open = at == 0 || !IsWordByte(needle.front()) || !IsWordByte(text[at - 1]);
    const bool close = end == text.size() || !IsWordByte(needle.back()) || !IsWordByte(text[end]);
    if (open && close) return at;
  }
  return std::string_view::npos;
}

std::string_view IncludedPath(std::string_view line) {
  if (!HasPrefix(line, "#include ")) return {};
  const size_t open = line.find_first_of("\"<");
  if (open == std::string_view::npos) return {};
  const size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
  return close == std::string_view::npos ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

}  // namespace zaojing::tidy
