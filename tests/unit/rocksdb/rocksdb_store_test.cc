#include "processors/state/rocksdb/rocksdb_store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr size_t kBudget = 16 << 20;

class RocksStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "zaojing-rocksdb-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Store> Open(const std::string& name = "screen-0") {
    absl::StatusOr<std::unique_ptr<Store>> store = factory().Open(name);
    EXPECT_TRUE(store.ok()) << store.status();
    return std::move(*store);
  }
  RocksStoreFactory factory() { return RocksStoreFactory(directory_.string(), memory_); }

  static std::string Read(Store& store, const std::string& key) {
    std::string value;
    const absl::StatusOr<bool> found = store.Get(key, &value);
    if (!found.ok()) return absl::StatusCodeToString(found.status().code());
    return *found ? value : "<absent>";
  }

  // The table files under the store, and a bit flipped in the middle of the data of each.
  int FlipByteInTables(const std::string& name) {
    int flipped = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ / name)) {
      if (entry.path().extension() != ".sst") continue;
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(100);
      const int byte = file.get();
      file.seekp(100);
      file.put(static_cast<char>(byte ^ 1));
      ++flipped;
    }
    return flipped;
  }

  std::filesystem::path directory_;
  std::shared_ptr<StoreMemory> memory_ = MakeStoreMemory(kBudget);
};

// Changes that own what they view.
class Entries {
 public:
  explicit Entries(int count) {
    for (int i = 0; i < count; ++i) Put("L" + std::to_string(100'000 + i), "value-" + std::to_string(i));
  }
  void Put(std::string key, std::string value) {
    const auto& [kept_key, kept_value] = bytes_.emplace_back(std::move(key), std::move(value));
    changes_.push_back({kept_key, kept_value});
  }
  // NOLINTNEXTLINE(google-explicit-constructor): stands for the changes it holds where they are applied
  operator std::span<const StateChange>() const { return changes_; }

 private:
  std::deque<std::pair<std::string, std::string>> bytes_;
  std::vector<StateChange> changes_;
};

// Breaks if a flush does not make a whole batch durable, deletes included: seen after a reopen.
TEST_F(RocksStoreTest, FlushedChangesSurviveReopen) {
  {
    const std::unique_ptr<Store> store = Open();
    ASSERT_TRUE(
        store->ApplyCommitted(std::vector<StateChange>{{"La", "1"}, {"Lb", "2"}, {std::string("\0marker", 7), "m1"}})
            .ok());
    ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"La", std::nullopt}, {"Lb", "3"}}).ok());
    ASSERT_TRUE(store->Flush().ok());
    EXPECT_GT(store->BytesOnDisk(), 0u);
  }
  const std::unique_ptr<Store> store = Open();
  EXPECT_EQ(Read(*store, "La"), "<absent>");
  EXPECT_EQ(Read(*store, "Lb"), "3");
  EXPECT_EQ(Read(*store, std::string("\0marker", 7)), "m1");
}

// Breaks if dropping a store writes what was never flushed: after an error that would keep state nobody
// vouched for.
TEST_F(RocksStoreTest, UnflushedChangesAreLostWhenDropped) {
  {
    const std::unique_ptr<Store> store = Open();
    ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"La", "flushed"}}).ok());
    ASSERT_TRUE(store->Flush().ok());
    ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"La", "tail"}, {"Lb", "tail"}}).ok());
    EXPECT_EQ(Read(*store, "La"), "tail");
  }
  const std::unique_ptr<Store> store = Open();
  EXPECT_EQ(Read(*store, "La"), "flushed");
  EXPECT_EQ(Read(*store, "Lb"), "<absent>");
}

// Not a test of its own: the body of the process that FlushedChangesSurviveAKilledProcess starts.
TEST(RocksStoreWriter, DISABLED_WritesAndDies) {
  const char* directory = std::getenv("ZAOJING_TEST_STORE");
  ASSERT_NE(directory, nullptr);
  absl::StatusOr<std::unique_ptr<Store>> store =
      RocksStoreFactory(directory, MakeStoreMemory(kBudget)).Open("screen-0");
  const std::vector<StateChange> tail = {{"Ltail", "x"}};
  const bool written = store.ok() && (*store)->ApplyCommitted(Entries(1000)).ok() && (*store)->Flush().ok() &&
                       (*store)->ApplyCommitted(tail).ok();
  kill(getpid(), written ? SIGKILL : SIGTERM);
}

// Breaks if a process that dies without destructors leaves the directory locked or loses flushed changes. A
// process of its own, because RocksDB's threads do not survive a fork.
TEST_F(RocksStoreTest, FlushedChangesSurviveAKilledProcess) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("ZAOJING_TEST_STORE", directory_.c_str(), 1);
    execl("/proc/self/exe", "rocksdb_store_test", "--gtest_also_run_disabled_tests",
          "--gtest_filter=RocksStoreWriter.DISABLED_WritesAndDies", nullptr);
    _exit(1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  const std::unique_ptr<Store> store = Open();
  EXPECT_EQ(Read(*store, "L100999"), "value-999");
  EXPECT_EQ(Read(*store, "Ltail"), "<absent>");
}

// Breaks if a damaged block is served, or mapped to "absent": point reads and walks must both say kDataLoss.
TEST_F(RocksStoreTest, FlippedByteIsDataLossOnRead) {
  {
    const std::unique_ptr<Store> store = Open();
    ASSERT_TRUE(store->ApplyCommitted(Entries(1000)).ok());
    ASSERT_TRUE(store->Flush().ok());
  }
  ASSERT_GT(FlipByteInTables("screen-0"), 0);
  const std::unique_ptr<Store> store = Open();
  std::string value;
  EXPECT_EQ(store->Get("L100000", &value).status().code(), absl::StatusCode::kDataLoss);
  const std::unique_ptr<StoreIterator> at = store->Seek("L");
  EXPECT_FALSE(at->Valid());
  EXPECT_EQ(at->status().code(), absl::StatusCode::kDataLoss);
}

// Breaks if a store with a lost or cut file opens as if it were whole.
TEST_F(RocksStoreTest, MissingFilesAreDataLossOnOpen) {
  for (const char* extension : {".sst", "MANIFEST"}) {
    SCOPED_TRACE(extension);
    {
      const std::unique_ptr<Store> store = Open();
      ASSERT_TRUE(store->ApplyCommitted(Entries(10)).ok());
      ASSERT_TRUE(store->Flush().ok());
    }
    std::vector<std::filesystem::path> doomed;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ / "screen-0")) {
      if (entry.path().filename().string().find(extension) != std::string::npos) doomed.push_back(entry.path());
    }
    ASSERT_FALSE(doomed.empty());
    for (const auto& path : doomed) std::filesystem::remove(path);
    EXPECT_EQ(factory().Open("screen-0").status().code(), absl::StatusCode::kDataLoss);
    ASSERT_TRUE(factory().Discard("screen-0").ok());
  }
}

// Breaks if two owners can write one directory; the message must tell the operator what to do.
TEST_F(RocksStoreTest, SecondOpenIsRefused) {
  const std::unique_ptr<Store> store = Open();
  const absl::Status refused = factory().Open("screen-0").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("its own state_dir"));
}

// Breaks if an unusable place is reported as damage (which would make the lane wipe) or without advice.
TEST_F(RocksStoreTest, UnusableDirectoryIsFailedPrecondition) {
  std::ofstream(directory_ / "screen-0") << "a file where the directory belongs";
  const absl::Status refused = factory().Open("screen-0").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("check state_dir"));
}

// Breaks if Discard or Wipe leave entries behind, or touch a neighbour.
TEST_F(RocksStoreTest, DiscardAndWipeEmptyOneStoreOnly) {
  for (const char* name : {"screen-0", "screen-1"}) {
    const std::unique_ptr<Store> store = Open(name);
    ASSERT_TRUE(store->ApplyCommitted(Entries(10)).ok());
    ASSERT_TRUE(store->Flush().ok());
  }
  ASSERT_TRUE(factory().Discard("screen-0").ok());
  EXPECT_FALSE(std::filesystem::exists(directory_ / "screen-0"));
  EXPECT_EQ(Read(*Open("screen-0"), "L100000"), "<absent>");

  const std::unique_ptr<Store> neighbour = Open("screen-1");
  EXPECT_EQ(Read(*neighbour, "L100000"), "value-0");
  ASSERT_TRUE(neighbour->Wipe().ok());
  EXPECT_EQ(Read(*neighbour, "L100000"), "<absent>");
  ASSERT_TRUE(neighbour->ApplyCommitted(std::vector<StateChange>{{"La", "1"}}).ok());
  EXPECT_EQ(Read(*neighbour, "La"), "1");
}

// Breaks if a walk is not in byte order, or does not see memtable and files as one.
TEST_F(RocksStoreTest, SeekWalksFilesAndMemtableInByteOrder) {
  const std::unique_ptr<Store> store = Open();
  ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"Ia", ""}, {"Ic", ""}, {"I\xff", ""}, {"Ja", ""}}).ok());
  ASSERT_TRUE(store->Flush().ok());
  ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"Ib", ""}, {"Ic", std::nullopt}}).ok());
  std::vector<std::string> keys;
  const std::unique_ptr<StoreIterator> at = store->Seek("Ia");
  for (; at->Valid(); at->Next()) keys.emplace_back(at->key());
  EXPECT_TRUE(at->status().ok());
  EXPECT_THAT(keys, ::testing::ElementsAre("Ia", "Ib", "I\xff", "Ja"));
}

// Breaks if a scan of one subject misses an entry of it: one in another file, one written after the last scan, one of which
// no file's filter knows; or if a scan of all leaves out what no filter was asked for.
TEST_F(RocksStoreTest, SeekWithinFindsAllOfASubject) {
  const std::unique_ptr<Store> store = Open();
  const auto key = [](int subject, int listing) {
    return "I" + std::to_string(1'000'000'000'000'000 + subject) + std::to_string(1'000'000 + listing);
  };
  constexpr int kSubjects = 60;
  std::deque<std::string> keys;
  for (int round = 0; round < 3; ++round) {
    std::vector<StateChange> changes;
    // As a bulk file, as another, and in the memtable.
    const int listings = round < 2 ? 400 : 5;
    for (int subject = round; subject < kSubjects; subject += 2) {
      for (int listing = 0; listing < listings; ++listing) {
        keys.push_back(key(subject, 1000 * round + listing));
        changes.push_back({keys.back(), ""});
      }
    }
    ASSERT_TRUE(store->ApplyCommitted(changes).ok());
    for (int subject = 0; subject < kSubjects + 2; ++subject) {
      const std::string prefix = key(subject, 0).substr(0, 17);
      int found = 0;
      const std::unique_ptr<StoreIterator> at = store->SeekWithin(prefix, prefix);
      for (; at->Valid() && at->key().substr(0, prefix.size()) == prefix; at->Next()) ++found;
      EXPECT_TRUE(at->status().ok());
      const auto of = [&](const std::string& one) { return one.substr(0, prefix.size()) == prefix; };
      EXPECT_EQ(found, std::count_if(keys.begin(), keys.end(), of)) << prefix << " in round " << round;
    }
    size_t all = 0;
    for (const std::unique_ptr<StoreIterator> at = store->SeekWithin("I", "I"); at->Valid(); at->Next()) ++all;
    EXPECT_EQ(all, keys.size());
    // From a subject that no file has, in the middle of all.
    size_t behind = 0;
    const std::string from = key(kSubjects / 2, 0).substr(0, 17) + "0";
    for (const std::unique_ptr<StoreIterator> at = store->SeekWithin("I", from); at->Valid(); at->Next()) ++behind;
    const auto is_behind = [&](const std::string& one) { return one >= from; };
    EXPECT_EQ(behind, std::count_if(keys.begin(), keys.end(), is_behind)) << "in round " << round;
  }
}

// Breaks if two scans at a time share one iterator, or a scan shows what was there when an earlier one ended.
TEST_F(RocksStoreTest, ScansAreApartAndSeeTheLastWrite) {
  const std::unique_ptr<Store> store = Open();
  ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"Ea", ""}, {"Eb", ""}}).ok());
  {
    const std::unique_ptr<StoreIterator> one = store->Seek("Ea");
    const std::unique_ptr<StoreIterator> other = store->Seek("Eb");
    EXPECT_EQ(one->key(), "Ea");
    EXPECT_EQ(other->key(), "Eb");
  }
  EXPECT_EQ(store->Seek("Ea")->key(), "Ea");
  const std::unique_ptr<StoreIterator> old = store->Seek("Ea");
  ASSERT_TRUE(store->ApplyCommitted(std::vector<StateChange>{{"Ea", std::nullopt}}).ok());
  EXPECT_EQ(store->Seek("Ea")->key(), "Eb");
}

// Breaks if an offline reader needs the lock, writes, or takes a wrong path for an empty store.
TEST_F(RocksStoreTest, ReadOnlyOpenBesideTheOwner) {
  const std::unique_ptr<Store> owner = Open();
  ASSERT_TRUE(owner->ApplyCommitted(std::vector<StateChange>{{"La", "1"}}).ok());
  ASSERT_TRUE(owner->Flush().ok());
  const absl::StatusOr<std::unique_ptr<Store>> reader = OpenRocksStoreReadOnly((directory_ / "screen-0").string());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(Read(**reader, "La"), "1");
  EXPECT_EQ((*reader)->ApplyCommitted(Entries(1)).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ((*reader)->Wipe().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(OpenRocksStoreReadOnly((directory_ / "nothing").string()).status().code(), absl::StatusCode::kNotFound);
}

// Breaks if memtables are not under the budget: writing many times its size must not grow past it by more
// than a memtable being flushed.
TEST_F(RocksStoreTest, MemoryStaysNearTheBudget) {
  const std::unique_ptr<Store> store = Open();
  const std::string value(1024, 'v');
  size_t used_max = 0;
  for (int round = 0; round < 80; ++round) {
    Entries changes(0);
    for (int i = 0; i < 1000; ++i) changes.Put("L" + std::to_string(round * 1000 + i), value);
    ASSERT_TRUE(store->ApplyCommitted(changes).ok());
    used_max = std::max(used_max, StoreMemoryUsed(*memory_));
  }
  EXPECT_GT(used_max, kBudget / 16);
  EXPECT_LT(used_max, kBudget * 3 / 2);
}

}  // namespace
}  // namespace zaojing
