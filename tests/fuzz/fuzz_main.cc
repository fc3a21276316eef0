// libFuzzer's entry into one target, named by ZAOJING_FUZZ_TARGET when it is compiled.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/check.h"
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const zaojing::fuzz::Target* const target = zaojing::fuzz::TargetNamed(ZAOJING_FUZZ_TARGET);
  ZAOJING_CHECK(target != nullptr);
  target->run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
