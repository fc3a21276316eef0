#include "processors/state/digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>

namespace zaojing {

Digest EntryDigest(std::string_view key, std::string_view value) {
  // Seeding the value's hash with the key's binds the two without copying them together.
  const XXH64_hash_t key_hash = XXH3_64bits_withSeed(key.data(), key.size(), key.size());
  const XXH128_hash_t hash = XXH3_128bits_withSeed(value.data(), value.size(), key_hash);
  return {hash.high64, hash.low64};
}

std::string ToHex(const Digest& digest) {
  std::string out(33, '\0');
  std::snprintf(out.data(), out.size(), "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                static_cast<unsigned long long>(digest.low));
  out.resize(32);
  return out;
}

}  // namespace zaojing
