#include "proto/ids.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstring>

#include "proto/check.h"

namespace zaojing {
namespace {

constexpr size_t kIdBytes = 16;

std::string Hex(const unsigned char* bytes, size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(count * 2, '0');
  for (size_t i = 0; i < count; ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4];
    out[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return out;
}

// Fetched once: what EVP_sha256() names is looked up anew by every digest.
const EVP_MD* Sha256() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ZAOJING_CHECK(sha256 != nullptr);
  return sha256;
}

}  // namespace

std::string MakeId(std::initializer_list<std::string_view> fields) {
  std::string joined;
  for (std::string_view field : fields) {
    const auto size = static_cast<uint32_t>(field.size());
    for (int shift = 24; shift >= 0; shift -= 8) joined.push_back(static_cast<char>((size >> shift) & 0xff));
    joined.append(field);
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  ZAOJING_CHECK(EVP_Digest(joined.data(), joined.size(), digest.data(), &size, Sha256(), nullptr) == 1);
  return Hex(digest.data(), kIdBytes);
}

std::string KeyedHash(std::string_view key, std::string_view personal) {
  ZAOJING_CHECK(!key.empty());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  ZAOJING_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                     reinterpret_cast<const unsigned char*>(personal.data()), personal.size(), digest.data(),
                     &size) != nullptr);
  return {reinterpret_cast<const char*>(digest.data()), kIdBytes};
}

int32_t PartitionOf(std::string_view key, int32_t partitions) {
  ZAOJING_CHECK(partitions > 0);
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kMultiplier = 0x5bd1e995;
  constexpr int kShift = 24;
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  size_t left = key.size();
  uint32_t h = kSeed ^ static_cast<uint32_t>(left);
  for (; left >= 4; bytes += 4, left -= 4) {
    uint32_t k;
    std::memcpy(&k, bytes, 4);  // Kafka reads little-endian, as does every machine we build for
    k *= kMultiplier;
    k ^= k >> kShift;
    k *= kMultiplier;
    h = (h * kMultiplier) ^ k;
  }
  if (left >= 3) h ^= static_cast<uint32_t>(bytes[2]) << 16;
  if (left >= 2) h ^= static_cast<uint32_t>(bytes[1]) << 8;
  if (left >= 1) {
    h ^= bytes[0];
    h *= kMultiplier;
  }
  h ^= h >> 13;
  h *= kMultiplier;
  h ^= h >> 15;
  return static_cast<int32_t>(h & 0x7fffffffU) % partitions;
}

uint64_t Hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace zaojing
