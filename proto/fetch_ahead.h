// Asks the processor to bring a line of memory near that is about to be read. Says nothing about what lies there: any
// address will do. No state.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace zaojing {

inline void FetchAhead(const void* at) {
  __builtin_prefetch(at);
  // A function that does nothing else is taken by GCC (12, with link-time optimisation) for one without effects, and calls
  // of it are left out; with a volatile statement in it it is not.
  asm volatile("" : : "r"(at));
}

// The first lines of what is read as a whole. What is longer the processor goes on with by itself.
inline void FetchAhead(std::string_view bytes) {
  constexpr size_t kLineBytes = 64;
  constexpr size_t kBytesMax = 6 * kLineBytes;
  for (size_t at = 0; at < std::min(bytes.size(), kBytesMax); at += kLineBytes)
    FetchAhead(static_cast<const void*>(bytes.data() + at));
}

}  // namespace zaojing
