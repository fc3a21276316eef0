// How many distinct merchants there are, from a bounded list of their 64-bit hashes: the limits::kMerchantHashesMax
// smallest of all that came (a bottom-k sketch; Cohen and Kaplan, PODC 2007). Hashes lie evenly, so the k-th smallest
// tells how many share the range below it. The same whatever the order they come in and however they are split. Pure.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <string>
#include <vector>

namespace zaojing {

using MerchantHashes = google::protobuf::RepeatedField<uint64_t>;

// Effect: `kept`, ascending and distinct, is of itself and `more` (in any order) the `max` smallest. False when some had
// no place: from then on the count is an estimate. REQUIRES max > 1.
bool KeepSmallest(std::vector<uint64_t> more, size_t max, MerchantHashes* kept);

struct MerchantCount {
  uint64_t merchants = 0;
  bool estimated = false;  // else exact
};
// `capped`: KeepSmallest has been false. Then (k - 1) × 2^64 / the k-th smallest, whose standard error is
// 1 / sqrt(k - 2): 1 % at 10,000. REQUIRES more than one hash where capped.
MerchantCount CountMerchants(const MerchantHashes& kept, bool capped);

// "商家 31 家", "商家约 119820 家"; "31 merchants", "about 119820 merchants".
std::string MerchantText(const MerchantCount& count, bool chinese);

}  // namespace zaojing
