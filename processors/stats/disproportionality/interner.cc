#include "processors/stats/disproportionality/interner.h"

#include <xxhash.h>

#include <algorithm>
#include <numeric>

#include "proto/check.h"

namespace zaojing::stats {
namespace {
constexpr size_t kBlockBytes = 64 * 1024;
}  // namespace

size_t TextHash::operator()(std::string_view text) const { return XXH3_64bits(text.data(), text.size()); }

std::string_view Interner::Keep(std::string_view text) {
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back();
    blocks_.back().reserve(std::max(kBlockBytes, text.size()));
  }
  std::string& block = blocks_.back();
  const size_t begin = block.size();
  block.append(text);
  return {block.data() + begin, text.size()};
}

uint32_t Interner::Intern(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  ZAOJING_CHECK(texts_.size() < kAbsent);
  const uint32_t id = static_cast<uint32_t>(texts_.size());
  const std::string_view kept = Keep(text);
  texts_.push_back(kept);
  ids_.emplace(kept, id);
  return id;
}

uint32_t Interner::Find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? kAbsent : found->second;
}

std::vector<uint32_t> Interner::Ranks() const {
  std::vector<uint32_t> order(texts_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [this](uint32_t x, uint32_t y) { return texts_[x] < texts_[y]; });
  std::vector<uint32_t> rank(order.size());
  for (uint32_t place = 0; place < order.size(); ++place) rank[order[place]] = place;
  return rank;
}

}  // namespace zaojing::stats
