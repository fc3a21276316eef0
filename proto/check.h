// CHECK for what only a programmer's error can break; kept in release builds, because a worker that has lost its
// footing must stop before it writes. Operating errors are absl::Status, never this.
#pragma once

#include <cstdio>
#include <cstdlib>

#define ZAOJING_CHECK(condition)                                                         \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
