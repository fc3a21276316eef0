// Goal: a figure of merchants that is exact as long as it can be and says so when it is not. A count that stops at its
// bound shows as 10,000 of 50,000; one that hangs on the order of signals as two figures of one set.
#include "processors/risk/merchant_sketch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "proto/ids.h"
#include "proto/limits.h"

namespace zaojing {
namespace {

constexpr size_t kMax = limits::kMerchantHashesMax;

std::vector<uint64_t> Merchants(size_t count) {
  std::vector<uint64_t> hashes;
  hashes.reserve(count);
  for (size_t i = 0; i < count; ++i) hashes.push_back(Hash64("merchant " + std::to_string(i)));
  return hashes;
}

struct Sketch {
  MerchantHashes kept;
  bool capped = false;
  // In parts of so many, as slices bring them.
  void Take(const std::vector<uint64_t>& hashes, size_t part) {
    for (size_t i = 0; i < hashes.size(); i += part) {
      const size_t end = std::min(hashes.size(), i + part);
      capped |= !KeepSmallest(std::vector<uint64_t>(&hashes[i], &hashes[i] + (end - i)), kMax, &kept);
    }
  }
  MerchantCount Count() const { return CountMerchants(kept, capped); }
};

TEST(MerchantSketch, IsExactUpToItsBound) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{31}, kMax - 1, kMax}) {
    Sketch sketch;
    const std::vector<uint64_t> hashes = Merchants(count);
    sketch.Take(hashes, 700);
    sketch.Take(hashes, 2'000);  // another task tells of the same
    EXPECT_EQ(sketch.Count().merchants, count);
    EXPECT_FALSE(sketch.Count().estimated);
  }
}

// Three standard errors at each size; one more than the bound is already an estimate.
TEST(MerchantSketch, EstimatesBeyondIt) {
  for (const size_t count : {kMax + 1, size_t{50'000}, size_t{120'000}, size_t{1'000'000}}) {
    Sketch sketch;
    sketch.Take(Merchants(count), 2'000);
    EXPECT_TRUE(sketch.Count().estimated) << count;
    EXPECT_NEAR(static_cast<double>(sketch.Count().merchants), static_cast<double>(count),
                0.03 * static_cast<double>(count));
    EXPECT_EQ(static_cast<size_t>(sketch.kept.size()), kMax);
  }
}

TEST(MerchantSketch, HangsOnNoOrder) {
  std::vector<uint64_t> hashes = Merchants(50'000);
  Sketch one;
  one.Take(hashes, 2'000);
  std::shuffle(hashes.begin(), hashes.end(), std::mt19937(1));
  hashes.insert(hashes.end(), hashes.begin(), hashes.begin() + 20'000);
  Sketch other;
  other.Take(hashes, 333);
  EXPECT_TRUE(std::equal(one.kept.begin(), one.kept.end(), other.kept.begin(), other.kept.end()));
  EXPECT_EQ(one.Count().merchants, other.Count().merchants);
}

TEST(MerchantSketch, TellsWhatIsAnEstimate) {
  EXPECT_EQ(MerchantText({31, false}, true), "商家 31 家");
  EXPECT_EQ(MerchantText({1, false}, false), "1 merchant");
  EXPECT_EQ(MerchantText({119'820, true}, true), "商家约 119820 家");
  EXPECT_EQ(MerchantText({119'820, true}, false), "about 119820 merchants");
}

}  // namespace
}  // namespace zaojing
