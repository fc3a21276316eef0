#include "processors/state/memory_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace zaojing {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

Entries EntriesFrom(MemoryStore& store, std::string_view from) {
  Entries entries;
  const std::unique_ptr<StoreIterator> at = store.Seek(from);
  for (; at->Valid(); at->Next()) entries.emplace_back(at->key(), at->value());
  EXPECT_TRUE(at->status().ok()) << at->status();
  return entries;
}

void Apply(MemoryStore& store, const std::vector<StateChange>& changes) {
  ASSERT_TRUE(store.ApplyCommitted(changes).ok());
}

// Breaks: a read that answers for a deleted or unknown key, or mistakes an empty value for none. Seen on each
// kind.
TEST(MemoryStore, AnswersWhatWasAppliedLast) {
  MemoryStore store;
  Apply(store, {{"La", "1"}, {"Lb", ""}, {"Lc", "3"}});
  Apply(store, {{"La", "2"}, {"Lc", std::nullopt}, {"Ld", std::nullopt}});
  std::string value = "untouched";
  EXPECT_EQ(store.Get("Lc", &value).value(), false);
  EXPECT_EQ(store.Get("Ld", &value).value(), false);
  EXPECT_EQ(value, "untouched");
  EXPECT_EQ(store.Get("La", &value).value(), true);
  EXPECT_EQ(value, "2");
  EXPECT_EQ(store.Get("Lb", &value).value(), true);
  EXPECT_EQ(value, "");
  EXPECT_EQ(store.size(), 2U);
}

// Breaks: a walk in insertion order or from the wrong place. Seen on keys applied out of order, from a key
// that is there, from one between two, and from behind the last.
TEST(MemoryStore, WalksInKeyOrderFromTheFirstKeyNotBelow) {
  MemoryStore store;
  Apply(store, {{"Ic", "3"}, {"Ia", "1"}, {"Ie", "5"}});
  EXPECT_EQ(EntriesFrom(store, ""), (Entries{{"Ia", "1"}, {"Ic", "3"}, {"Ie", "5"}}));
  EXPECT_EQ(EntriesFrom(store, "Ic"), (Entries{{"Ic", "3"}, {"Ie", "5"}}));
  EXPECT_EQ(EntriesFrom(store, "Id"), (Entries{{"Ie", "5"}}));
  EXPECT_EQ(EntriesFrom(store, "If"), Entries{});
}

// Breaks: a crash that keeps what was never flushed, which would hide a restore that does not work. Seen on
// one key added, one changed twice and one deleted after the flush: all three stand as they stood at the
// flush.
TEST(MemoryStore, CrashDropsTheUnflushed) {
  MemoryStore store;
  Apply(store, {{"La", "1"}, {"Lb", "2"}});
  ASSERT_TRUE(store.Flush().ok());
  Apply(store, {{"Lb", "20"}, {"Lc", "3"}});
  Apply(store, {{"La", std::nullopt}, {"Lb", "200"}});
  store.Crash();
  EXPECT_EQ(EntriesFrom(store, ""), (Entries{{"La", "1"}, {"Lb", "2"}}));
  // What was dropped stays dropped: a second crash has nothing to take back.
  Apply(store, {{"Lc", "30"}});
  ASSERT_TRUE(store.Flush().ok());
  store.Crash();
  EXPECT_EQ(EntriesFrom(store, ""), (Entries{{"La", "1"}, {"Lb", "2"}, {"Lc", "30"}}));
}

// Breaks: one key written twice in one commit undone in the wrong order, which would leave the first write
// behind.
TEST(MemoryStore, CrashUndoesBackwards) {
  MemoryStore store;
  Apply(store, {{"La", "1"}, {"La", "2"}, {"La", std::nullopt}});
  store.Crash();
  EXPECT_EQ(store.size(), 0U);
}

// Breaks: a wipe that a crash takes back, so that a rebuild meets entries of the store it replaces.
TEST(MemoryStore, WipeIsFinal) {
  MemoryStore store;
  Apply(store, {{"La", "1"}});
  ASSERT_TRUE(store.Flush().ok());
  Apply(store, {{"Lb", "2"}});
  ASSERT_TRUE(store.Wipe().ok());
  store.Crash();
  EXPECT_EQ(store.size(), 0U);
}

}  // namespace
}  // namespace zaojing
