// Goal: what the registry copy rests on: entries survive a flush, a crash takes an end and never a middle, and a damaged
// one is told. Method: real files, a process that is killed, one bit flipped.
#include "processors/reference/rocksdb/rocks_record_log.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "proto/limits.h"
#include "proto/status_util.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

std::unique_ptr<RecordLog> Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<RecordLog>> log = OpenRocksRecordLog(path);
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? std::move(*log) : nullptr;
}

// No two alike, and no run that compresses away.
std::string Entry(uint64_t number, size_t bytes) {
  std::string entry;
  uint64_t at = number + 1;
  while (entry.size() < bytes) {
    at = at * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    entry.push_back(static_cast<char>(at >> 56));
  }
  return entry;
}

// How many entries there are, each as it was written; -1 when one is not.
int64_t CountGood(RecordLog& log, size_t bytes) {
  std::string read;
  for (uint64_t number = 0;; ++number) {
    const absl::StatusOr<bool> there = log.Read(number, &read);
    if (!there.ok() || (*there && read != Entry(number, bytes))) return -1;
    if (!*there) return static_cast<int64_t>(number);
  }
}

// Breaks: a flush that leaves entries behind, or a log that is not empty once wiped. Seen after a reopen of each.
TEST(RocksRecordLog, KeepsWhatWasFlushed) {
  const ScratchDirectory scratch;
  const std::string path = scratch.File("registry");
  auto log = Open(path);
  for (uint64_t i = 0; i < 300; ++i) ASSERT_TRUE(log->Append(i, Entry(i, 1000)).ok());
  ASSERT_TRUE(log->Flush().ok());
  ASSERT_TRUE(log->Append(300, Entry(300, 1000)).ok());
  log = nullptr;
  log = Open(path);
  EXPECT_EQ(CountGood(*log, 1000), 300) << "dropped without a flush is the same as a crash";
  ASSERT_TRUE(log->Wipe().ok());
  EXPECT_EQ(CountGood(*log, 1000), 0);
  ASSERT_TRUE(log->Append(0, Entry(0, 1000)).ok());
  ASSERT_TRUE(log->Flush().ok());
  log = nullptr;
  EXPECT_EQ(CountGood(*Open(path), 1000), 1);
}

// Breaks: a bit that changed on the disk and is served, or a log that cannot be used again after it. Seen by reading.
TEST(RocksRecordLog, TellsDamageUntilItIsWiped) {
  const ScratchDirectory scratch;
  const std::string path = scratch.File("registry");
  auto log = Open(path);
  for (uint64_t i = 0; i < 30; ++i) ASSERT_TRUE(log->Append(i, Entry(i, 10'000)).ok());
  ASSERT_TRUE(log->Flush().ok());
  log = nullptr;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(100'500);
    const int byte = file.get();
    file.seekp(100'500);
    file.put(static_cast<char>(byte ^ 1));
  }
  log = Open(path);
  std::string read;
  int lost = 0;
  for (uint64_t i = 0; i < 30; ++i) {
    const absl::StatusOr<bool> there = log->Read(i, &read);
    lost += absl::IsDataLoss(there.status()) ? 1 : 0;
    EXPECT_TRUE(!there.ok() || read == Entry(i, 10'000)) << "entry " << i << " is not what was written";
  }
  EXPECT_EQ(lost, 1);
  ASSERT_TRUE(log->Wipe().ok());
  EXPECT_EQ(CountGood(*log, 10'000), 0);
}

// Breaks: files that are gone, and a log that ends the worker for it. Seen at the open.
TEST(RocksRecordLog, AMissingFileIsDamage) {
  const ScratchDirectory scratch;
  const std::string path = scratch.File("registry");
  auto log = Open(path);
  ASSERT_TRUE(log->Append(0, Entry(0, 1000)).ok());
  ASSERT_TRUE(log->Flush().ok());
  log = nullptr;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() == ".sst") std::filesystem::remove(entry.path());
  }
  log = Open(path);
  ASSERT_NE(log, nullptr);
  std::string read;
  EXPECT_EQ(log->Read(0, &read).status().code(), absl::StatusCode::kDataLoss);
  ASSERT_TRUE(log->Wipe().ok());
  EXPECT_EQ(CountGood(*log, 1000), 0);
}

constexpr size_t kLarge = 256 * 1024;
constexpr uint64_t kWritten = 5 * limits::kCopyWriteBufferBytes / kLarge;

// Not a test of its own: the body of the process that ACrashTakesAnEnd starts.
TEST(RocksRecordLogWriter, DISABLED_WritesAndDies) {
  const char* path = std::getenv("ZAOJING_TEST_LOG");
  ASSERT_NE(path, nullptr);
  const auto log = Open(path);
  for (uint64_t i = 0; i < kWritten; ++i) ASSERT_TRUE(log->Append(i, Entry(i, kLarge)).ok());
  ::kill(::getpid(), SIGKILL);
}

// Breaks: an entry that is there while one before it is not. Seen by killing a process that has filled several memtables,
// and never asked for a flush.
TEST(RocksRecordLog, ACrashTakesAnEnd) {
  const ScratchDirectory scratch;
  const std::string path = scratch.File("registry");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::setenv("ZAOJING_TEST_LOG", path.c_str(), 1);
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    ::execl(self.c_str(), self.c_str(), "--gtest_filter=RocksRecordLogWriter.*", "--gtest_also_run_disabled_tests",
            nullptr);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  const auto log = Open(path);
  const int64_t left = CountGood(*log, kLarge);
  EXPECT_GT(left, 0);
  EXPECT_LE(left, static_cast<int64_t>(kWritten));
  std::string read;
  for (uint64_t i = static_cast<uint64_t>(left); i < kWritten; ++i) {
    EXPECT_EQ(log->Read(i, &read).value_or(true), false) << "entry " << i << " is behind a hole at " << left;
  }
}

// Breaks: two workers on one directory that write into each other's copy. Seen by opening it twice.
TEST(RocksRecordLog, HasOneOwner) {
  const ScratchDirectory scratch;
  const auto log = Open(scratch.File("registry"));
  EXPECT_EQ(OpenRocksRecordLog(scratch.File("registry")).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace zaojing
