// What is said of a subject is what was added and removed, or nothing: against a map, over random sequences of calls, with
// room for all subjects and without.
#include "processors/state/subject_tallies.h"

#include <map>
#include <random>
#include <set>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace zaojing {
namespace {

struct Model {
  struct Entries {
    uint64_t wordless = 0;
    std::vector<uint64_t> words;
  };
  std::map<uint64_t, Entries> subjects;

  SubjectTally TallyOf(uint64_t subject) {
    const Entries& entries = subjects[subject];
    SubjectTally tally{entries.wordless + entries.words.size(), entries.words.size(), entries.words};
    if (tally.worded > SubjectTallies::kWordsMax) tally.words.clear();
    return tally;
  }
};

class Walk {
 public:
  // `roomy`: there is room for all subjects.
  Walk(uint32_t seed, uint64_t subjects, size_t bytes_max, bool roomy)
      : random_(seed), subjects_(subjects), roomy_(roomy), tallies_(bytes_max, true) {}

  void Step() {
    const uint64_t subject = 1 + Below(subjects_);
    Model::Entries& entries = model_.subjects[subject];
    switch (Below(8)) {
      case 0:
      case 1:
      case 2:
        entries.words.push_back(Below(5));  // two may say the same
        tallies_.Add(subject, entries.words.back());
        break;
      case 3:
        ++entries.wordless;
        tallies_.Add(subject, std::nullopt);
        break;
      case 4:
      case 5:
        Remove(subject, entries);
        break;
      case 6:
        if (Below(10) != 0) break;
        tallies_.Forget(subject);
        forgotten_.insert(subject);
        break;
      default:
        Check(subject);
    }
  }
  void CheckAll() {
    for (uint64_t subject = 1; subject <= subjects_; ++subject) Check(subject);
  }
  uint64_t known() const { return known_; }
  const SubjectTallies& tallies() const { return tallies_; }

 private:
  uint64_t Below(uint64_t end) { return random_() % end; }

  void Remove(uint64_t subject, Model::Entries& entries) {
    if (!entries.words.empty() && Below(2) == 0) {
      const auto gone = entries.words.begin() + static_cast<std::ptrdiff_t>(Below(entries.words.size()));
      // Too many to be listed until this one goes: which are left is not known.
      if (entries.words.size() == SubjectTallies::kWordsMax + 1) forgotten_.insert(subject);
      tallies_.Remove(subject, *gone);
      entries.words.erase(gone);
    } else if (entries.wordless > 0) {
      --entries.wordless;
      tallies_.Remove(subject, std::nullopt);
    }
  }

  void Check(uint64_t subject) {
    const SubjectTally expected = model_.TallyOf(subject);
    SubjectTally told;
    const bool known = tallies_.Find(subject, &told);
    known_ += known ? 1 : 0;
    EXPECT_TRUE(known || forgotten_.contains(subject) || !roomy_) << subject;
    if (known) {
      EXPECT_EQ(told.entries, expected.entries) << subject;
      EXPECT_EQ(told.worded, expected.worded) << subject;
      EXPECT_THAT(told.words, ::testing::UnorderedElementsAreArray(expected.words)) << subject;
    } else if (Below(2) == 0) {
      tallies_.Set(subject, expected);
      forgotten_.erase(subject);
    }
  }

  std::mt19937_64 random_;
  const uint64_t subjects_;
  const bool roomy_;
  SubjectTallies tallies_;
  Model model_;
  std::set<uint64_t> forgotten_;
  uint64_t known_ = 0;
};

// Breaks if a count or a word is lost or kept when entries come and go, when many say more than are listed, when the table
// grows, or if what was never forgotten is not known.
TEST(SubjectTalliesTest, EqualsAMap) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    Walk few(seed, 3, 1 << 20, true);
    for (int i = 0; i < 3'000; ++i) few.Step();
    few.CheckAll();
    Walk many(seed, 5'000, 1 << 20, true);
    for (int i = 0; i < 20'000; ++i) many.Step();
    many.CheckAll();
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

// Breaks if a full table says something wrong, outgrows its room, or never knows anything again.
TEST(SubjectTalliesTest, SaysNothingWrongWhenFull) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    constexpr size_t kRoom = 8 * 1024;
    Walk walk(seed, 2'000, kRoom, false);
    for (int i = 0; i < 50'000; ++i) {
      walk.Step();
      ASSERT_LE(walk.tallies().bytes(), 2 * kRoom);
    }
    const uint64_t before = walk.known();
    walk.CheckAll();
    EXPECT_GT(walk.known(), before);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

// Breaks if a table that has entries, of which nobody told, is taken for an empty one.
TEST(SubjectTalliesTest, WhatWasThereBeforeIsNotKnown) {
  SubjectTallies tallies(1 << 20, false);
  SubjectTally tally;
  tallies.Add(7, 1);
  EXPECT_FALSE(tallies.Find(7, &tally));
  tallies.Set(7, {2, 1, {1}});
  tallies.Add(7, 3);
  ASSERT_TRUE(tallies.Find(7, &tally));
  EXPECT_EQ(tally.entries, 3U);
  EXPECT_THAT(tally.words, ::testing::UnorderedElementsAre(1, 3));
}

}  // namespace
}  // namespace zaojing
