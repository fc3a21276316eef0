// SplitMix64 (Steele, Lea and Flood 2014): every bit of the result hangs on every bit of the argument, one to one. For
// counters made into draws and places, never for ids. Pure.
#pragma once

#include <cstdint>

namespace zaojing {

inline constexpr uint64_t kSplitMixStep = 0x9e3779b97f4a7c15U;  // between two states of the generator

constexpr uint64_t MixBits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace zaojing
