// What the table says of a key is what was set last, or nothing: against a map, over random sequences of calls, with room
// for all keys and without.
#include "processors/state/imprint_table.h"

#include <map>
#include <random>
#include <set>

#include "gtest/gtest.h"
#include "proto/mix_bits.h"

namespace zaojing {
namespace {

struct Model {
  std::map<uint64_t, uint64_t> imprints;
  std::set<uint64_t> known;
};

void Step(std::mt19937_64& random, uint64_t keys, ImprintTable& table, Model& model) {
  const uint64_t hash = MixBits(1 + random() % keys);
  if (random() % 8 == 0) {
    table.Forget(hash);
    model.imprints.erase(hash);
    return;
  }
  const uint64_t imprint = 1 + random() % 1000;
  table.Set(hash, imprint);
  model.imprints[hash] = imprint;
  model.known.insert(hash);
}

// Breaks if a key is lost while the table grows, if one hides behind another, or if Forget forgets that there was one.
TEST(ImprintTableTest, EqualsAMap) {
  std::mt19937_64 random(1);
  ImprintTable table(1 << 20);
  Model model;
  for (int i = 0; i < 50'000; ++i) Step(random, 20'000, table, model);
  EXPECT_FALSE(table.displaced());
  for (uint64_t key = 1; key <= 20'000; ++key) {
    const uint64_t hash = MixBits(key);
    const auto found = model.imprints.find(hash);
    EXPECT_EQ(table.Find(hash), found == model.imprints.end() ? 0 : found->second);
    EXPECT_EQ(table.Knows(hash), model.known.contains(hash));
  }
}

// Breaks if a full table answers with another key's imprint or an old one, says that nothing was lost, outgrows its room,
// or has no free slot left (then a question would not end).
TEST(ImprintTableTest, SaysNothingWrongWhenFull) {
  std::mt19937_64 random(2);
  ImprintTable table(20 * 1024);  // slots and what lies beside them
  Model model;
  for (int i = 0; i < 50'000; ++i) Step(random, 20'000, table, model);
  EXPECT_TRUE(table.displaced());
  EXPECT_LE(table.bytes(), 20U * 1024);
  size_t found = 0;
  for (uint64_t key = 1; key <= 20'000; ++key) {
    const uint64_t imprint = table.Find(MixBits(key));
    if (imprint == 0) continue;
    ++found;
    EXPECT_EQ(imprint, model.imprints.at(MixBits(key)));
  }
  EXPECT_GT(found, 500U);
}

// Breaks if room is left unused that is no power of two: what it has for listings would be half of what was paid for.
TEST(ImprintTableTest, FillsItsRoom) {
  constexpr size_t kKeys = 30'000;
  const size_t bytes = (kKeys + kKeys / 100) * 16 * 4 / 3 * 5 / 4;  // 16 a slot, three quarters used, a fifth beside
  ImprintTable table(bytes);
  for (uint64_t key = 1; key <= kKeys; ++key) table.Set(MixBits(key), key);
  EXPECT_FALSE(table.displaced());
  EXPECT_LE(table.bytes(), bytes);
  for (uint64_t key = 1; key <= kKeys; ++key) ASSERT_EQ(table.Find(MixBits(key)), key);
}

// Breaks if a key that lost its place, or never had one, passes for one that was never set: the store would not be asked,
// and what it has of the key would be written over. Or if so many pass for set that the filter saves nothing.
TEST(ImprintTableTest, KnowsWhatHasNoPlace) {
  for (const size_t bytes : {16U * 1024, 64U * 1024}) {
    std::mt19937_64 random(3);
    ImprintTable table(bytes);
    Model model;
    table.Set(0, 1);
    for (int i = 0; i < 20'000; ++i) Step(random, 5'000, table, model);
    table.BoundTo(bytes / 2);  // what is known stays known
    for (int i = 0; i < 20'000; ++i) Step(random, 5'000, table, model);
    EXPECT_TRUE(table.Knows(0));
    for (const uint64_t hash : model.known) ASSERT_TRUE(table.Knows(hash)) << bytes;
    int passing = 0;
    for (uint64_t key = 5'001; key <= 15'000; ++key) passing += table.Knows(MixBits(key)) ? 1 : 0;
    EXPECT_LT(passing, bytes == 16U * 1024 ? 1'500 : 100) << bytes;
    EXPECT_LE(table.bytes(), bytes);
  }
}

}  // namespace
}  // namespace zaojing
