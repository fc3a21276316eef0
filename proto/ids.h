// Deterministic names. An id is the first 16 bytes of SHA-256 over length-prefixed fields, lowercase hex: the same
// facts give the same id on any machine and in any run. Pure; no state.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace zaojing {

// Id of the fields in order; 32 lowercase hex digits. Length prefixes keep ("ab","c") and ("a","bc") apart.
std::string MakeId(std::initializer_list<std::string_view> fields);

// HMAC-SHA256 of personal data, first 16 bytes raw. `key` must not be empty.
std::string KeyedHash(std::string_view key, std::string_view personal);

// Kafka's murmur2 partitioner over the key bytes (toPositive(murmur2(key)) % partitions), the one Java producers and
// `partitioner=murmur2_random` use. REQUIRES partitions > 0.
int32_t PartitionOf(std::string_view key, int32_t partitions);

// XXH3-64 of the bytes, for bounded sketches such as merchant hashes; never for ids.
uint64_t Hash64(std::string_view bytes);

}  // namespace zaojing
