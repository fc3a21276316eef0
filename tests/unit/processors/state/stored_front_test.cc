#include "processors/state/stored_front.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "processors/state/memory_store.h"

namespace zaojing {
namespace {

class CountingStore : public MemoryStore {
 public:
  std::unique_ptr<StoreIterator> Seek(std::string_view from) override {
    ++seeks;
    return MemoryStore::Seek(from);
  }
  int seeks = 0;
};

std::string KeysFrom(StoredFront& front, std::string_view start) {
  std::string keys;
  const std::unique_ptr<StoreIterator> at = front.Seek(start);
  for (; at->Valid(); at->Next()) keys.append(at->key()).append(at->value()).append(" ");
  EXPECT_TRUE(at->status().ok());
  return keys;
}

class StoredFrontTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store_
                    .ApplyCommitted(std::vector<StateChange>{
                        {"I9", ""}, {"J1", "a"}, {"J2", "b"}, {"J3", "c"}, {"J4", "d"}, {"J5", "e"}, {"K0", ""}})
                    .ok());
  }
  CountingStore store_;
  StoredFront front_{store_, "J", 3};
};

// Breaks if a walk ends with what is kept, leaves one out where it goes on, or goes on into the next table.
TEST_F(StoredFrontTest, GoesOnInTheStore) {
  EXPECT_EQ(KeysFrom(front_, "J"), "J1a J2b J3c J4d J5e ");
  EXPECT_EQ(KeysFrom(front_, "J2"), "J2b J3c J4d J5e ");
  EXPECT_EQ(KeysFrom(front_, "J21"), "J3c J4d J5e ");
}

// Breaks if the store is asked for what is kept, or is not asked for what is not: before the first, behind the last.
TEST_F(StoredFrontTest, AsksTheStoreForWhatIsNotKept) {
  EXPECT_EQ(front_.Seek("J2")->key(), "J2");
  EXPECT_EQ(front_.Seek("J3")->key(), "J3");
  EXPECT_EQ(front_.Seek("J4")->key(), "J4");
  EXPECT_EQ(store_.seeks, 1);
  EXPECT_EQ(KeysFrom(front_, "J1"), "J1a J2b J3c J4d J5e ");
  EXPECT_EQ(KeysFrom(front_, "J5"), "J5e ");
  EXPECT_EQ(KeysFrom(front_, "J6"), "");
  EXPECT_EQ(KeysFrom(front_, "J1"), "J1a J2b J3c J4d J5e ");
}

// Breaks if what the store had before a write is told after it.
TEST_F(StoredFrontTest, ForgetsWhenTheStoreChanges) {
  StoredFront whole(store_, "J", 100);
  EXPECT_EQ(KeysFrom(whole, "J"), "J1a J2b J3c J4d J5e ");
  ASSERT_TRUE(store_.ApplyCommitted(std::vector<StateChange>{{"J1", std::nullopt}, {"J6", "f"}}).ok());
  whole.Forget();
  EXPECT_EQ(KeysFrom(whole, "J"), "J2b J3c J4d J5e J6f ");
}

}  // namespace
}  // namespace zaojing
