// The state a stage sees, against a plain map, over random sequences of calls.
#include "processors/state/task_state.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "processors/state/memory_store.h"

namespace zaojing {
namespace {

using Entries = std::map<std::string, std::string, std::less<>>;

Entries ScanOf(TaskState& state, std::string_view prefix, std::string_view from) {
  Entries seen;
  std::string last;
  state.Scan(prefix, from, [&](std::string_view key, std::string_view value) {
    EXPECT_LT(last, key) << "not in key order";
    last = std::string(key);
    seen.emplace(key, value);
    return true;
  });
  return seen;
}

Entries StoreOf(MemoryStore& store) {
  Entries seen;
  const std::unique_ptr<StoreIterator> at = store.Seek("");
  for (; at->Valid(); at->Next()) seen.emplace(at->key(), at->value());
  return seen;
}

Digest DigestOf(const Entries& entries) {
  Digest digest;
  for (const auto& [key, value] : entries) digest += EntryDigest(key, value);
  return digest;
}

// Of each listing an entry under the first letter of its value, which may carry a word, and of a long one another.
class ByLetter final : public Derivation {
 public:
  Table source() const override { return Table::kListing; }
  void Derive(std::string_view key, std::string_view value, DerivedEntries* derived) const override {
    if (value.empty()) return;
    const bool even = value.size() % 2 == 0;
    derived->Add("I" + std::string(value.substr(0, 1)), key.substr(1),
                 even ? "word " + std::string(key.substr(1, 2)) + " " : "");
    if (value.size() > 20) derived->Add("Iz", key.substr(1), value);
  }
  uint64_t SubjectNumberOf(std::string_view key) const override {
    return key[1] == 'z' ? 0 : static_cast<unsigned char>(key[1]);
  }
};

// With what follows from them.
Entries WithDerived(const Entries& entries) {
  Entries all = entries;
  DerivedEntries derived;
  for (const auto& [key, value] : entries) {
    if (key[0] == 'L') ByLetter().Derive(key, value, &derived);
  }
  for (size_t i = 0; i < derived.size(); ++i) all.emplace(derived[i].key, derived[i].value);
  return all;
}

void Save(TaskState& state, MemoryStore& store) {
  std::vector<StateChange> changes;
  state.AppendUnsaved(&changes);
  EXPECT_TRUE(std::is_sorted(changes.begin(), changes.end(), [](auto& a, auto& b) { return a.key < b.key; }));
  ASSERT_TRUE(store.ApplyCommitted(changes).ok());
  state.Saved();
}

// What the calls should have led to.
struct Model {
  Entries committed;
  Entries now;
};

class Walk {
 public:
  Walk(uint32_t seed, size_t cache_bytes) : random_(seed), cache_bytes_(cache_bytes) {
    state_ =
        std::make_unique<TaskState>(store_, StateMemory{cache_bytes, cache_bytes, cache_bytes}, Digest{}, &derivation_);
  }

  void Step() {
    if (Below(3) == 0) CheckTallies();
    const std::string key = std::string(1, "LEJW"[Below(4)]) + std::to_string(Below(80));
    switch (Below(12)) {
      case 0:
      case 1:
      case 2:
        Put(key);
        break;
      case 3:
        state_->Delete(key);
        model_.now.erase(key);
        CheckImprint(key);
        break;
      case 4:
        Commit();
        break;
      case 5:
        state_->Drop();
        model_.now = model_.committed;
        break;
      case 6:
        Save(*state_, store_);
        EXPECT_EQ(StoreOf(store_), WithDerived(model_.committed));
        EXPECT_EQ(state_->unsaved_bytes(), 0u);
        break;
      case 7:
        for (const char* table : {"E", "I", "J"}) {
          Scan(table, key);
          Scan(table, table);
          Scan(table, "Ib");
        }
        break;
      case 8:
        if (Below(20) == 0) Reopen();
        if (Below(4) == 0) state_->BoundTo({Below(2'000), Below(2'000), Below(2'000)});
        break;
      default:
        Get(key);
    }
    EXPECT_EQ(state_->digest(), DigestOf(model_.now));
  }

 private:
  uint32_t Below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

  void Put(const std::string& key) {
    // Short, long, empty, and again what was there.
    const std::string value(Below(3) * Below(40), static_cast<char>('a' + Below(2)));
    if (key[0] == 'W') {
      state_->PutWithImprint(key, value, ImprintOf(value));
    } else {
      state_->Put(key, value);
    }
    model_.now[key] = value;
    CheckImprint(key);
  }

  static uint64_t ImprintOf(const std::string& value) {
    return value.size() << 8 | (value.empty() ? 1U : static_cast<unsigned char>(value[0]));
  }
  // None, or of what is there.
  void CheckImprint(const std::string& key) {
    const uint64_t imprint = state_->ImprintOf(key);
    const auto found = model_.now.find(key);
    if (imprint == 0) return;
    ASSERT_NE(found, model_.now.end()) << key;
    EXPECT_EQ(imprint, ImprintOf(found->second)) << key;
  }

  // Asked for, and so known, or not.
  void CheckTallies() {
    for (const char* subject : {"Ia", "Ib"}) {
      if (Below(2) == 0) continue;
      SubjectTally expected;
      for (const auto& [key, value] : WithDerived(model_.now)) {
        if (key.compare(0, 2, subject) != 0) continue;
        ++expected.entries;
        if (const std::optional<uint64_t> word = WordOf(value)) expected.words.push_back(*word);
      }
      expected.worded = expected.words.size();
      if (expected.worded > SubjectTallies::kWordsMax) expected.words.clear();
      const SubjectTally& told = state_->TallyOf(subject);
      EXPECT_EQ(told.entries, expected.entries) << subject;
      EXPECT_EQ(told.worded, expected.worded) << subject;
      EXPECT_THAT(told.words, ::testing::UnorderedElementsAreArray(expected.words)) << subject;
    }
  }

  // As after a restart.
  void Reopen() {
    Save(*state_, store_);
    state_ = std::make_unique<TaskState>(store_, StateMemory{cache_bytes_, cache_bytes_, cache_bytes_},
                                         DigestOf(model_.committed), &derivation_);
    model_.now = model_.committed;
  }

  void Commit() {
    Entries net;
    for (const StateChange& change : state_->FreezeChanges()) {
      const auto found = model_.now.find(change.key);
      EXPECT_EQ(change.value.has_value(), found != model_.now.end());
      if (change.value && found != model_.now.end()) {
        EXPECT_EQ(*change.value, found->second);
      }
      EXPECT_TRUE(net.emplace(change.key, change.value.value_or("")).second) << "twice " << change.key;
    }
    for (const auto& [key, value] : model_.now) {
      const auto before = model_.committed.find(key);
      EXPECT_EQ(net.contains(key), before == model_.committed.end() || before->second != value) << key;
    }
    for (const auto& [key, value] : model_.committed) EXPECT_TRUE(model_.now.contains(key) || net.contains(key)) << key;
    state_->Committed();
    model_.committed = model_.now;
    EXPECT_FALSE(state_->dirty());
  }

  void Get(const std::string& key) {
    const auto found = model_.now.find(key);
    CheckImprint(key);
    const std::optional<std::string_view> value = state_->Get(key);
    EXPECT_EQ(value.has_value(), found != model_.now.end()) << key;
    if (value && found != model_.now.end()) {
      EXPECT_EQ(*value, found->second) << key;
    }
  }

  void Scan(const std::string& table, const std::string& from) {
    Entries expected = WithDerived(model_.now);
    std::erase_if(expected, [&](const auto& entry) { return entry.first[0] != table[0] || entry.first < from; });
    EXPECT_EQ(ScanOf(*state_, table, from), expected);
  }

  std::mt19937 random_;
  MemoryStore store_;
  size_t cache_bytes_;
  const ByLetter derivation_;
  std::unique_ptr<TaskState> state_;
  Model model_;
};

// Breaks if overlay, cache, unsaved entries and store ever disagree on what an entry is: any read, scan, net change,
// saved batch or digest that differs from the map's. The caches hold nothing, a few entries, and everything.
TEST(TaskStateTest, EqualsAMap) {
  for (const size_t cache_bytes : {0U, 600U, 1U << 20}) {
    for (uint32_t seed = 0; seed < 200; ++seed) {
      Walk walk(seed, cache_bytes);
      for (int i = 0; i < 300 && !HasFailure(); ++i) walk.Step();
      ASSERT_FALSE(HasFailure()) << "cache " << cache_bytes << ", seed " << seed;
    }
  }
}

// Breaks if the cache grows without end while nothing pins its entries, or evicts what only it has.
TEST(TaskStateTest, MemoryIsBounded) {
  MemoryStore store;
  TaskState state(store, {100'000, 1000}, {});
  for (int i = 0; i < 20'000; ++i) {
    state.Put("L" + std::to_string(i), std::string(50, 'v'));
    if (i % 100 != 99) continue;
    state.Committed();
    if (state.unsaved_bytes() > 50'000) Save(state, store);
    EXPECT_LT(state.cache_bytes(), 150'000u);
  }
  Save(state, store);
  EXPECT_EQ(store.size(), 20'000u);
}

// Breaks if a bound that is lowered while the state is at work does not hold: the cache, the imprints and the tallies of
// what is written from then on, and when it is time to save.
TEST(TaskStateTest, MemoryIsBoundedAnew) {
  MemoryStore store;
  TaskState state(store, {1 << 20, 1 << 20, 1 << 20}, {});
  const auto write = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      state.PutWithImprint("L" + std::to_string(i), std::string(50, 'v'), 1);
      state.Committed();
      if (state.pressing()) Save(state, store);
    }
  };
  write(0, 4'000);
  EXPECT_GT(state.cache_bytes(), 200'000U);
  const size_t imprints = state.imprint_bytes();
  state.BoundTo({100'000, 1'000, 1'000});
  write(4'000, 20'000);
  EXPECT_LT(state.cache_bytes(), 150'000U);
  EXPECT_LE(state.imprint_bytes(), imprints + 1'000);
  state.BoundTo({100'000, 1 << 20, 1'000});
  write(20'000, 40'000);
  EXPECT_GT(state.imprint_bytes(), imprints);
}

// Breaks if one entry that is written all the time, and so is never free to go, keeps all that came after it.
TEST(TaskStateTest, OneBusyEntryHoldsUpNoOther) {
  MemoryStore store;
  TaskState state(store, {100'000, 1000}, {});
  state.PutWithImprint("L-", "", 1);  // by the first the table is known as one with imprints
  for (int i = 0; i < 20'000; ++i) {
    state.PutWithImprint("L", std::to_string(i), 1);
    state.PutWithImprint("L" + std::to_string(i), std::string(50, 'v'), 1);
    state.Committed();
    if (i % 100 == 99) Save(state, store);
    ASSERT_LT(state.cache_bytes(), 150'000U) << i;
  }
}

class CountingStore : public MemoryStore {
 public:
  absl::StatusOr<bool> Get(std::string_view key, std::string* value) override {
    ++asked;
    return MemoryStore::Get(key, value);
  }
  std::unique_ptr<StoreIterator> Seek(std::string_view from) override {
    ++asked;
    sought = std::string(from);
    return MemoryStore::Seek(from);
  }
  int asked = 0;
  std::string sought;
};

// Breaks if a cold start asks the store for what cannot be there.
TEST(TaskStateTest, StateThatBeganEmptyAsksForNothing) {
  CountingStore store;
  TaskState state(store, {100'000, 1000}, {});
  store.asked = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string key = "L" + std::to_string(i);
    EXPECT_FALSE(state.Get(key));
    state.Put(key, "v");
    EXPECT_TRUE(ScanOf(state, "E", "E").empty());
  }
  EXPECT_EQ(store.asked, 0);
  EXPECT_EQ(state.cache_misses(), 0u);
  state.Put("Ea", "");
  EXPECT_EQ(ScanOf(state, "E", "E").size(), 1u);
  EXPECT_EQ(store.asked, 1);
}

// Breaks if the table of a queue is walked from its beginning each time: what was taken from it lies there as deletions.
TEST(TaskStateTest, WholeTableIsScannedFromItsFirstEntry) {
  CountingStore store;
  TaskState state(store, {1 << 20, 1000}, {});
  for (int i = 1000; i < 1100; ++i) state.Put("E" + std::to_string(i), "");
  state.Committed();
  Save(state, store);
  for (int i = 1000; i < 1100; ++i) {
    EXPECT_EQ(ScanOf(state, "E", "E").size(), static_cast<size_t>(1100 - i));
    if (i > 1000) {
      EXPECT_EQ(store.sought, "E" + std::to_string(i - 1));
    }
    state.Delete("E" + std::to_string(i));
  }
  EXPECT_TRUE(ScanOf(state, "E", "E").empty());
  const int asked = store.asked;
  EXPECT_FALSE(state.Get("E2"));
  EXPECT_EQ(store.asked, asked);
  state.Drop();
  EXPECT_EQ(ScanOf(state, "E", "E").size(), 100U);
  EXPECT_FALSE(state.Get("E2"));
  EXPECT_TRUE(state.Get("E1000"));
  state.Put("E0", "");
  EXPECT_TRUE(state.Get("E0"));
  EXPECT_EQ(ScanOf(state, "E", "E").size(), 101U);
}

// Breaks if the store is asked for the jobs at each look for the next one, or not asked again once it has others.
TEST(TaskStateTest, JobsOfTheStoreAreAskedForOnceBetweenWrites) {
  CountingStore store;
  TaskState state(store, {1 << 20, 1000}, {});
  for (int i = 10; i < 20; ++i) state.Put("J" + std::to_string(i), "");
  state.Committed();
  Save(state, store);
  store.asked = 0;
  for (int i = 10; i < 15; ++i) {
    EXPECT_EQ(ScanOf(state, "J", "J").size(), static_cast<size_t>(20 - i));
    state.Delete("J" + std::to_string(i));
  }
  EXPECT_EQ(store.asked, 1);
  state.Put("J11", "");
  state.Put("J30", "");
  state.Committed();
  Save(state, store);
  EXPECT_EQ(ScanOf(state, "J", "J").size(), 7U);
}

// Breaks if a key of a table with imprints is looked for in the store though it was never written, or is taken for new
// though it was.
TEST(TaskStateTest, ImprintsTellWhatIsNew) {
  CountingStore store;
  TaskState state(store, {0, 1 << 20}, {});
  for (int i = 0; i < 1000; ++i) {
    const std::string key = "L" + std::to_string(i);
    EXPECT_FALSE(state.Get(key));
    state.PutWithImprint(key, "v", 1);
    state.Committed();
    if (i % 100 == 99) Save(state, store);
  }
  EXPECT_EQ(store.asked, 1);  // when it was opened
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(state.Get("L" + std::to_string(i))) << i;
}

// Breaks if a dropped transaction leaves an imprint of what it wrote.
TEST(TaskStateTest, DroppedImprintsAreForgotten) {
  MemoryStore store;
  TaskState state(store, {1000, 1000}, {});
  state.PutWithImprint("La", "1", 1);
  state.Committed();
  state.PutWithImprint("La", "2", 2);
  EXPECT_EQ(state.ImprintOf("La"), 2U);
  state.Drop();
  EXPECT_EQ(state.ImprintOf("La"), 0U);
  EXPECT_EQ(state.Get("La"), "1");
}

// Breaks if what is not there is looked for in the store each time that it is asked for.
TEST(TaskStateTest, AbsenceIsRemembered) {
  CountingStore store;
  const std::string entry = "v";
  ASSERT_TRUE(store.ApplyCommitted(std::vector<StateChange>{{"Lx", entry}}).ok());
  TaskState state(store, {100'000, 1000}, {});
  store.asked = 0;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(state.Get("A" + std::to_string(i % 4)));
  EXPECT_EQ(store.asked, 4);
  state.Put("A1", "one");
  EXPECT_EQ(state.Get("A1"), "one");
  state.Drop();
  EXPECT_FALSE(state.Get("A1"));
  EXPECT_EQ(store.asked, 4);
}

// Breaks if what was never written since an empty beginning is looked for in the store, where most of what is asked for was
// not; or if what was written is not found.
TEST(TaskStateTest, WhatIsOftenAbsentAndWasNeverWrittenIsNotAskedFor) {
  CountingStore store;
  TaskState state(store, {0, 1000}, {});
  for (int i = 0; i < 10; ++i) state.Put("A" + std::to_string(i), "v");
  state.Committed();
  Save(state, store);
  state.Put("L1", "v");  // the first of the others leave the cache
  store.asked = 0;
  for (int i = 10; i < 100; ++i) EXPECT_FALSE(state.Get("A" + std::to_string(i)));
  EXPECT_EQ(store.asked, 0);
  EXPECT_EQ(state.Get("A1"), "v");
}

// Breaks if a stage could write what follows from its other entries.
TEST(TaskStateDeathTest, DerivedTablesAreNobodysToWrite) {
  MemoryStore store;
  TaskState state(store, {1000, 1000}, {});
  EXPECT_DEATH(state.Put("Ia", "2"), "");
}

}  // namespace
}  // namespace zaojing
