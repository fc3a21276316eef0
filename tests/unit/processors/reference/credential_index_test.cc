// Goal: the index numbers credentials as a map would, whatever their ids have in common.
#include "processors/reference/credential_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace zaojing {
namespace {

// Breaks: a credential that is lost when the slots double, found under another's number, or numbered twice. Seen
// against a map, with ids in sequence (as they are issued) and ids that differ in their highest bits only.
TEST(CredentialIndex, IsAMap) {
  std::mt19937_64 random(11);
  CredentialIndex index;
  std::map<CredentialId, uint32_t> expected;
  for (int i = 0; i < 30'000; ++i) {
    const CredentialId sequence = 2022991119000000 + random() % 20'000;
    const CredentialId id = random() % 2 == 0 ? sequence : (random() % 4095 + 1) << 52;
    const auto found = expected.find(id);
    EXPECT_EQ(index.Find(id), found == expected.end() ? std::nullopt : std::optional(found->second));
    if (random() % 2 == 0) continue;
    const uint32_t number = expected.try_emplace(id, static_cast<uint32_t>(expected.size())).first->second;
    ASSERT_EQ(index.Add(id), number);
  }
  EXPECT_EQ(index.size(), expected.size());
  for (const auto& [id, number] : expected) EXPECT_EQ(index.Find(id), number);
}

}  // namespace
}  // namespace zaojing
