// Asks the processor to bring a line of memory near that is about to be read. Says nothing about what lies there: any
// address will do. No state.
#pragma once

namespace zaojing {

inline void FetchAhead(const void* at) {
  __builtin_prefetch(at);
  // A function that does nothing else is taken by GCC (12, with link-time optimisation) for one without effects, and calls
  // of it are left out; with a volatile statement in it it is not.
  asm volatile("" : : "r"(at));
}

}  // namespace zaojing
