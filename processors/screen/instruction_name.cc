#include "processors/screen/instruction_name.h"

#include <cstring>

#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

// As ListingState.named has them, one after another.
std::string MarkOf(std::string_view name, v1::Instruction instruction) {
  std::string text(name);
  text.push_back(static_cast<char>(instruction));
  const uint64_t hash = Hash64(text);
  std::string mark(sizeof hash, '\0');
  std::memcpy(mark.data(), &hash, sizeof hash);  // little-endian, as this machine is
  return mark;
}

bool HasNamed(std::string_view named, std::string_view mark) {
  for (size_t at = 0; at + mark.size() <= named.size(); at += mark.size()) {
    if (named.substr(at, mark.size()) == mark) return true;
  }
  return false;
}

}  // namespace

std::string NameInstruction(std::string_view fact, std::string_view occasion, v1::Instruction instruction,
                            std::string* named) {
  std::string mark = MarkOf(fact, instruction);
  const bool full = named->size() >= limits::kInstructionNamesMax * mark.size();
  std::string name(fact);
  if (full || HasNamed(*named, mark)) {
    name.assign(occasion);
    mark = MarkOf(name, instruction);
  }
  while (HasNamed(*named, mark)) {
    name = MakeId({"again", name});
    mark = MarkOf(name, instruction);
  }
  if (!full) named->append(mark);
  return name;
}

}  // namespace zaojing
