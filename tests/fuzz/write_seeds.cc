// fuzz_seeds <tests/golden/v1> <directory>: writes the seeds of every target as files, for libFuzzer to start from.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fuzz/targets.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: fuzz_seeds <tests/golden/v1> <directory>\n");
    return 2;
  }
  for (const zaojing::fuzz::Target& target : zaojing::fuzz::Targets()) {
    const std::filesystem::path folder = std::filesystem::path(argv[2]) / std::string(target.name);
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const std::string& seed : SeedsOf(target, argv[1])) {
      std::ofstream out(folder / ("seed-" + std::to_string(number++)), std::ios::binary);
      out.write(seed.data(), static_cast<std::streamsize>(seed.size()));
    }
  }
  return 0;
}
