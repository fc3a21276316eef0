// Goal: what fuzzing once found stays fixed, and every run of the tests tries a bounded share anew. A broken promise
// ends the process; the input is then in the file whose name the test printed first.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "proto/check.h"
#include "tests/fuzz/targets.h"
#include "tests/support/scratch_directory.h"

namespace zaojing::fuzz {
namespace {

constexpr int kMutations = 10'000;
constexpr uint64_t kSeed = 20'260'415;

std::filesystem::path SourceRoot() {
  const char* source = std::getenv("ZAOJING_SOURCE_DIR");
  return source == nullptr ? "." : source;
}

std::vector<std::string> SeedsFor(const Target& target) {
  return SeedsOf(target, (SourceRoot() / "tests/golden/v1").string());
}

// One to eight edits: bytes set, flipped, cut out, put in, or a stretch moved.
std::string Mutate(std::string bytes, std::mt19937_64& random) {
  const auto below = [&random](size_t bound) { return static_cast<size_t>(random() % std::max<size_t>(bound, 1)); };
  constexpr std::string_view kTelling("\x00\x01\x7f\x80\xff\n\r\"',{}[]:\x0b\x0c", 17);
  for (size_t edits = 1 + below(8); edits > 0; --edits) {
    const size_t at = below(bytes.size() + 1);
    const char byte = below(2) == 0 ? kTelling[below(kTelling.size())] : static_cast<char>(below(256));
    switch (below(5)) {
      case 0:
        if (at < bytes.size()) bytes[at] = byte;
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        bytes.erase(at, below(8));
        break;
      case 3:
        bytes.insert(at, 1 + below(3), byte);
        break;
      default:
        bytes.insert(below(bytes.size() + 1), bytes.substr(at, below(32)));
    }
  }
  return bytes;
}

class FuzzTarget : public ::testing::TestWithParam<Target> {
 protected:
  FuzzTarget() : input_(::open(directory_.File("input").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    ZAOJING_CHECK(input_ >= 0);
  }
  ~FuzzTarget() override { ::close(input_); }

  // The input is in a file while it runs, so that a process that dies leaves it.
  void Try(const std::string& bytes) {
    ZAOJING_CHECK(::pwrite(input_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    ZAOJING_CHECK(::ftruncate(input_, static_cast<off_t>(bytes.size())) == 0);
    GetParam().run(bytes);
  }

  const ScratchDirectory directory_;
  const int input_;
};

INSTANTIATE_TEST_SUITE_P(Targets, FuzzTarget, ::testing::ValuesIn(Targets()),
                         [](const auto& target) { return std::string(target.param.name); });

// Inputs that once broke a promise, and the good ones.
TEST_P(FuzzTarget, KeepsItsPromisesOnTheCorpus) {
  const std::vector<std::string> seeds = SeedsFor(GetParam());
  ASSERT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) Try(seed);
  const std::filesystem::path corpus = SourceRoot() / "tests/fuzz/corpus" / std::string(GetParam().name);
  if (!std::filesystem::exists(corpus)) return;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    std::ifstream in(entry.path(), std::ios::binary);
    Try({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  }
}

// New inputs near the good ones; the same in every run, so that a failure repeats.
TEST_P(FuzzTarget, KeepsItsPromisesOnMutations) {
  std::printf("input under test: %s\n", directory_.File("input").c_str());
  const std::vector<std::string> seeds = SeedsFor(GetParam());
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < kMutations; ++i) Try(Mutate(seeds[random() % seeds.size()], random));
}

}  // namespace
}  // namespace zaojing::fuzz
