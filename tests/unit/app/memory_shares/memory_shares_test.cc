// Goal: what a worker's parts are given adds up to its budget whatever the registry takes, and nobody is given nothing.
#include "app/memory_shares.h"

#include <gtest/gtest.h>

namespace zaojing {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr size_t kGiB = size_t{1} << 30;
constexpr uint32_t kPartitions = 8;

// Of all that gives way.
size_t Sum(const MemoryShares& shares) {
  const StateMemory& task = shares.screen_task;
  return shares.stores + kPartitions * (task.cache_bytes_max + task.imprint_bytes_max + task.tally_bytes_max);
}

// Breaks: a nation's registry that takes room from caches at the default budget, which was measured with it.
TEST(MemorySharesTest, ANationsRegistryTakesNothing) {
  const MemoryShares before = SharesOf(3 * kGiB, kPartitions, 0);
  EXPECT_EQ(Sum(before), 1440 * kMiB);
  EXPECT_EQ(before.screen_task.imprint_bytes_max, 48 * kMiB);
  EXPECT_EQ(before.stores, 576 * kMiB);
  EXPECT_EQ(before.prefetch, 192 * kMiB);
  EXPECT_EQ(Sum(SharesOf(3 * kGiB, kPartitions, 256 * kMiB)), Sum(before));
  EXPECT_LT(Sum(SharesOf(3 * kGiB, kPartitions, 257 * kMiB)), Sum(before));
}

// Breaks: a small worker that gives up a third of its imprints for a small registry, and asks its stores instead.
TEST(MemorySharesTest, ASmallRegistryTakesNothingOfASmallBudget) {
  EXPECT_EQ(Sum(SharesOf(600 * kMiB, kPartitions, 37 * kMiB)), Sum(SharesOf(600 * kMiB, kPartitions, 0)));
  EXPECT_LT(Sum(SharesOf(600 * kMiB, kPartitions, 48 * kMiB)), Sum(SharesOf(600 * kMiB, kPartitions, 0)));
}

// Breaks: a registry that is not made room for, byte by byte, with the pages of its file once it has one.
TEST(MemorySharesTest, WhatALargerOneTakesOthersDoNotHave) {
  for (size_t registry = 256 * kMiB; registry < 1'100 * kMiB; registry += 10 * kMiB) {
    const size_t beyond = registry - 256 * kMiB;
    const MemoryShares shares = SharesOf(3 * kGiB, kPartitions, registry);
    ASSERT_TRUE(shares.fits) << registry;
    EXPECT_NEAR(static_cast<double>(Sum(shares) + beyond + std::min(beyond, 192 * kMiB)), 1440.0 * kMiB, 1.0 * kMiB);
  }
}

// Breaks: a cache or a store of no room, or a worker that is not told that its budget is too small.
TEST(MemorySharesTest, AnEighthIsLeft) {
  for (const size_t budget : {256 * kMiB, kGiB, 3 * kGiB, 64 * kGiB}) {
    const MemoryShares most = SharesOf(budget, kPartitions, 0);
    const MemoryShares least = SharesOf(budget, kPartitions, 2 * budget);
    EXPECT_TRUE(most.fits);
    EXPECT_FALSE(least.fits);
    EXPECT_NEAR(static_cast<double>(Sum(least)), static_cast<double>(Sum(most)) / 8, 1.0 * kMiB);
    EXPECT_GT(least.screen_task.cache_bytes_max, 0U);
    EXPECT_EQ(least.risk_task.cache_bytes_max, most.risk_task.cache_bytes_max);
  }
}

}  // namespace
}  // namespace zaojing
