// What instructions are named for, alone and through the canonical replay.
#include "processors/screen/instruction_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "proto/limits.h"
#include "tests/support/replay_world.h"

namespace zaojing {
namespace {

using ::testing::ElementsAre;
using testing::History;
using testing::kMonday;
using testing::MakeCertificate;
using testing::MakeLookup;
using testing::ToRecord;

constexpr auto kDown = v1::INSTRUCTION_TAKE_DOWN;
constexpr auto kLift = v1::INSTRUCTION_LIFT;

// Breaks: two instructions of one name; a fact that names nothing, or none of another kind.
TEST(InstructionName, IsGivenOnce) {
  std::string named;
  EXPECT_EQ(NameInstruction("fact", "look-up-1", kDown, &named), "fact");
  EXPECT_EQ(NameInstruction("fact", "look-up-1", kLift, &named), "fact");
  EXPECT_EQ(NameInstruction("fact", "look-up-2", kDown, &named), "look-up-2");
  EXPECT_EQ(NameInstruction("other", "look-up-3", kDown, &named), "other");
  const std::string again = NameInstruction("fact", "look-up-2", kDown, &named);
  EXPECT_NE(again, "fact");
  EXPECT_NE(again, "look-up-2");
  EXPECT_NE(NameInstruction("fact", "look-up-2", kDown, &named), again);
}

// Breaks: a listing that grows with each change of its claim; what was forgotten naming a second one.
TEST(InstructionName, AFullListingNamesEachForItsOccasion) {
  std::string named;
  NameInstruction("fact", "", kDown, &named);
  for (size_t i = 1; i < limits::kInstructionNamesMax; ++i) {
    NameInstruction("fact", "look-up-" + std::to_string(i), kDown, &named);
  }
  const std::string full = named;
  EXPECT_EQ(NameInstruction("new fact", "look-up", kDown, &named), "look-up");
  EXPECT_EQ(named, full);
}

// Breaks: a merchant who goes from one certificate to another and back is told off once; the platform that carries each id
// out once leaves the goods on sale. Seen on the ids, and on whom the later ones name.
TEST(InstructionName, AClaimThatComesBackIsAnotherInstruction) {
  constexpr char kGood[] = "2022011606454871";
  constexpr char kRevoked[] = "2022011606454872";
  History history;
  history.certificates = {
      ToRecord(MakeCertificate("good", kGood, v1::CERTIFICATE_STATUS_VALID, kMonday - limits::kWeek, kMonday)),
      ToRecord(MakeCertificate("bad", kRevoked, v1::CERTIFICATE_STATUS_REVOKED, kMonday - limits::kWeek, kMonday))};
  for (int i = 0; i < 6; ++i) {
    history.lookups.push_back(ToRecord(MakeLookup("l" + std::to_string(i), "item", i % 2 == 0 ? kRevoked : kGood,
                                                  v1::SCENE_ON_SALE, kMonday + 1 + i)));
  }
  std::set<std::string> ids;
  std::vector<std::string> facts;
  std::vector<std::vector<std::string>> evidence;
  for (const auto& takedown : Replay(history, {}).Of<v1::Takedown>(Topic::kTakedowns)) {
    ids.insert(takedown.event_id());
    facts.push_back(takedown.decisive_fact());
    evidence.emplace_back(takedown.evidence().begin(), takedown.evidence().end());
  }
  EXPECT_EQ(ids.size(), 6U);
  EXPECT_THAT(facts, ElementsAre("bad", "good", "l2", "l3", "l4", "l5"));
  EXPECT_THAT(evidence, ElementsAre(ElementsAre("bad"), ElementsAre("good"), ElementsAre("l2", "bad"),
                                    ElementsAre("l3", "good"), ElementsAre("l4", "bad"), ElementsAre("l5", "good")));
}

}  // namespace
}  // namespace zaojing
