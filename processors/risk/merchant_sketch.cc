#include "processors/risk/merchant_sketch.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/risk/alert_message.h"
#include "proto/check.h"

namespace zaojing {

bool KeepSmallest(std::vector<uint64_t> more, size_t max, MerchantHashes* kept) {
  std::sort(more.begin(), more.end());
  more.erase(std::unique(more.begin(), more.end()), more.end());
  std::vector<uint64_t> all;
  all.reserve(more.size() + static_cast<size_t>(kept->size()));
  std::set_union(kept->begin(), kept->end(), more.begin(), more.end(), std::back_inserter(all));
  const bool complete = all.size() <= max;
  if (!complete) all.resize(max);
  kept->Assign(all.begin(), all.end());
  return complete;
}

MerchantCount CountMerchants(const MerchantHashes& kept, bool capped) {
  const auto k = static_cast<uint64_t>(kept.size());
  if (!capped) return {k, false};
  ZAOJING_CHECK(k > 1);
  // In whole numbers, so that every machine has the same; the last of two distinct hashes is not 0.
  const unsigned __int128 estimate = (static_cast<unsigned __int128>(k - 1) << 64) / kept.Get(kept.size() - 1);
  return {static_cast<uint64_t>(estimate), true};
}

std::string MerchantText(const MerchantCount& count, bool chinese) {
  if (chinese) return absl::StrCat("商家", count.estimated ? "约 " : " ", count.merchants, " 家");
  return absl::StrCat(count.estimated ? "about " : "", Counted(count.merchants, "merchant"));
}

}  // namespace zaojing
