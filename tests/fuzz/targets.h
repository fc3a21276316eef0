// What is fuzzed: one function for each reader of bytes from outside. It feeds the bytes to the reader and ends the
// process when a promise of the reader's header does not hold. Shared by the libFuzzer targets and by the test that
// replays a bounded share under the ordinary build. No state.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace zaojing::fuzz {

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

const std::array<Target, 13>& Targets();
// nullptr when there is none of the name.
const Target* TargetNamed(std::string_view name);

// Good inputs of a target to start from. `golden` is the directory tests/golden/v1.
std::vector<std::string> SeedsOf(const Target& target, const std::string& golden);

}  // namespace zaojing::fuzz
