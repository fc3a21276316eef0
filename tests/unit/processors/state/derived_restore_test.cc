// Derived entries after a restore, against those that follow from what the store then holds.
#include "processors/state/derived_restore.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "processors/state/memory_store.h"
#include "processors/state/state_check.h"
#include "processors/state/tables.h"

namespace zaojing {
namespace {

// A listing's value is the letter it is found under, and what is kept there.
class UnderItsLetter final : public Derivation {
 public:
  Table source() const override { return Table::kListing; }
  void Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const override {
    derived->Add("I" + std::string(value.substr(0, 1)), key.substr(1), value.substr(1));
  }
  uint64_t SubjectNumberOf(std::string_view) const override { return 0; }
};

using Log = std::vector<std::pair<std::string, std::string>>;  // empty value = deleted

void Restore(const Derivation& derivation, const Log& log, size_t from, size_t batch, MemoryStore& store) {
  for (size_t at = from; at < log.size(); at += batch) {
    std::vector<StateChange> changes;
    for (size_t i = at; i < std::min(at + batch, log.size()); ++i) {
      changes.push_back({log[i].first, std::nullopt});
      if (!log[i].second.empty()) changes.back().value = log[i].second;
    }
    DerivedRestore derived(&derivation, store);
    ASSERT_TRUE(derived.Append(&changes).ok());
    ASSERT_TRUE(store.ApplyCommitted(changes).ok());
  }
}

StateCheck CheckOf(const Derivation& derivation, MemoryStore& store) {
  StateCheck check(&derivation);
  const auto entry = store.Seek("");
  for (; entry->Valid(); entry->Next()) check.Add(entry->key(), entry->value());
  return check;
}

Log RandomLog(uint32_t seed) {
  std::mt19937 random(seed);
  Log log;
  for (int i = 0; i < 60; ++i) {
    const std::string key = std::string(1, "LLLA"[random() % 4]) + std::to_string(random() % 6);
    std::string value;
    if (random() % 4 != 0) value = std::string(1, static_cast<char>('a' + random() % 3)) + std::to_string(random() % 2);
    log.emplace_back(key, value);
  }
  return log;
}

// Breaks if an entry is left under a letter that the listing has no more, is missing under the one it has, or if that
// depends on how the log is cut, where the restore begins, or what of it was seen before.
TEST(DerivedRestore, FollowsFromWhatTheStoreHolds) {
  const UnderItsLetter derivation;
  for (uint32_t seed = 0; seed < 300; ++seed) {
    const Log log = RandomLog(seed);
    MemoryStore once;
    Restore(derivation, log, 0, 1, once);
    const StateCheck whole = CheckOf(derivation, once);
    ASSERT_TRUE(whole.derived_fits()) << seed;
    for (const size_t batch : {2U, 7U, 60U}) {
      MemoryStore store;
      Restore(derivation, log, 0, batch, store);
      // The end of the log once more, as after a commit whose position was not known.
      Restore(derivation, log, seed % log.size(), batch, store);
      const StateCheck check = CheckOf(derivation, store);
      EXPECT_TRUE(check.derived_fits()) << seed;
      EXPECT_EQ(check.digest(), whole.digest()) << seed;
    }
  }
}

// Breaks if a store passes whose derived entries are too many, too few or of another value.
TEST(StateCheck, SeesWhatDoesNotFollow) {
  const UnderItsLetter derivation;
  const Log log = {{"La", "x1"}, {"Lb", "y2"}, {"Aa", "z"}};
  MemoryStore store;
  Restore(derivation, log, 0, 10, store);
  EXPECT_TRUE(CheckOf(derivation, store).derived_fits());
  const Digest digest = CheckOf(derivation, store).digest();
  const std::vector<std::vector<StateChange>> faults = {
      {{"Ixa", std::nullopt}}, {{"Ixa", "3"}}, {{"Izc", "1"}}, {{"Ixa", std::nullopt}, {"Ixb", "1"}}};
  for (const std::vector<StateChange>& fault : faults) {
    MemoryStore faulty;
    Restore(derivation, log, 0, 10, faulty);
    ASSERT_TRUE(faulty.ApplyCommitted(fault).ok());
    EXPECT_FALSE(CheckOf(derivation, faulty).derived_fits());
    EXPECT_EQ(CheckOf(derivation, faulty).digest(), digest);
  }
}

}  // namespace
}  // namespace zaojing
