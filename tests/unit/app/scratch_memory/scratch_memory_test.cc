// Goal: what the registry puts into scratch memory is there whenever it is asked for, however little of it the process
// holds. Method: a real file; the process's own count of resident pages; a limit on the file's size in place of a full
// disk.
#include "app/scratch_memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "processors/models/model_set.h"
#include "processors/reference/registry.h"
#include "tests/support/events.h"
#include "tests/support/scratch_directory.h"

namespace zaojing {
namespace {

constexpr size_t kBlock = 64 * 1024;

uint64_t MappedResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  uint64_t of_files = 0;
  statm >> size >> resident >> of_files;
  return of_files * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

void Fill(std::byte* block, size_t number) {
  for (size_t i = 0; i < kBlock; ++i) block[i] = static_cast<std::byte>(number * 31 + i * 7 + (i >> 8));
}
bool Holds(const std::byte* block, size_t number) {
  for (size_t i = 0; i < kBlock; ++i) {
    if (block[i] != static_cast<std::byte>(number * 31 + i * 7 + (i >> 8))) return false;
  }
  return true;
}

// Breaks: bytes lost when they are given back, memory that is never given back, or a file that stays behind. Seen by
// reading everything while it is taken away.
TEST(ScratchMemory, GivesBackAndKeeps) {
  const ScratchDirectory scratch;
  const uint64_t before = MappedResidentBytes();
  auto memory = *ScratchMemory::Open(scratch.path(), {0, 0, before + (uint64_t{24} << 20)});
  std::vector<std::byte*> blocks;
  for (size_t i = 0; i < 1024; ++i) {
    blocks.push_back(memory->Take(kBlock));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(blocks.back()) % 64, 0U);
    Fill(blocks.back(), i);
  }
  EXPECT_GE(memory->bytes_mapped(), 1024 * kBlock);
  EXPECT_EQ(memory->bytes_held(), 0U);
  EXPECT_LT(MappedResidentBytes(), before + (uint64_t{36} << 20)) << "64 MiB were written";
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i < blocks.size(); ++i) EXPECT_TRUE(Holds(blocks[i], i)) << i;
    EXPECT_GT(MappedResidentBytes(), before + (uint64_t{60} << 20));
    memory->KeepWithinBound();
    EXPECT_LT(MappedResidentBytes(), before + (uint64_t{8} << 20));
  }
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path())) << "the file has no name";
}

// Breaks: a small registry that pays for the file, or pages that are taken from a process that has room for them. Seen on
// where the bytes are.
TEST(ScratchMemory, BelowItsBoundsItIsMemory) {
  const ScratchDirectory scratch;
  auto memory = *ScratchMemory::Open(scratch.path(), {16 * kBlock, uint64_t{1} << 40, 0});
  std::vector<std::byte*> blocks;
  for (size_t i = 0; i < 512; ++i) {
    blocks.push_back(memory->Take(kBlock));
    Fill(blocks.back(), i);
    if (i == 15) {
      EXPECT_EQ(memory->bytes_mapped(), 0U);
    }
  }
  EXPECT_EQ(memory->bytes_held(), 16 * kBlock);
  EXPECT_GE(memory->bytes_mapped(), 496 * kBlock);
  const uint64_t before = MappedResidentBytes();
  memory->KeepWithinBound();
  EXPECT_GT(MappedResidentBytes() + (uint64_t{2} << 20), before);
}

// Breaks: a reader that sees other bytes while they are given back. Seen by one that reads on beside it.
TEST(ScratchMemory, ReadersGoOnMeanwhile) {
  const ScratchDirectory scratch;
  auto memory = *ScratchMemory::Open(scratch.path(), {});
  std::vector<std::byte*> blocks;
  for (size_t i = 0; i < 64; ++i) {
    blocks.push_back(memory->Take(kBlock));
    Fill(blocks.back(), i);
  }
  size_t wrong = 0;
  std::thread reader([&] {
    for (int round = 0; round < 50; ++round) {
      for (size_t i = 0; i < blocks.size(); ++i) wrong += Holds(blocks[i], i) ? 0U : 1U;
    }
  });
  for (int i = 0; i < 200; ++i) memory->KeepWithinBound();
  reader.join();
  EXPECT_EQ(wrong, 0U);
}

// Breaks: a disk without room ends the process, at once or when a page of it is first written. Seen with a file that may
// not grow.
TEST(ScratchMemory, WithoutRoomItIsTheProcesssOwn) {
  const ScratchDirectory scratch;
  auto memory = *ScratchMemory::Open(scratch.path(), {});
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{12 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  std::vector<std::byte*> blocks;
  for (size_t i = 0; i < 512; ++i) {
    blocks.push_back(memory->Take(kBlock));
    Fill(blocks.back(), i);
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, ignored);
  EXPECT_GT(memory->bytes_held(), 0U);
  EXPECT_GT(memory->bytes_mapped(), 0U);
  memory->KeepWithinBound();
  for (size_t i = 0; i < blocks.size(); ++i) EXPECT_TRUE(Holds(blocks[i], i)) << i;
  EXPECT_FALSE(ScratchMemory::Open(scratch.File("no such directory"), {}).ok());
}

// Breaks: a registry that answers otherwise when what it knows lies in scratch memory. Seen fact by fact beside one that
// keeps everything in the process, both sides grown far beyond one block.
TEST(ScratchMemory, ARegistryInItAnswersTheSame) {
  const ScratchDirectory scratch;
  auto memory = *ScratchMemory::Open(scratch.path(), {});
  ScratchMemory* far = memory.get();
  Registry mapped(std::move(memory));
  Registry plain;
  constexpr int kFacts = 30'000;
  for (int i = 0; i < kFacts; ++i) {
    v1::Certificate fact =
        testing::MakeCertificate(absl::StrCat("fact-", i), std::to_string(2022011606000000 + i * 7 % 20'000),
                                 i % 5 == 0 ? v1::CERTIFICATE_STATUS_SUSPENDED : v1::CERTIFICATE_STATUS_VALID,
                                 testing::kMonday + i, testing::kMonday + i);
    for (int m = 0; m < i % 40; ++m) fact.add_models(absl::StrCat("KFR-", i, "-", m));
    const testing::OwnedRecord record = testing::ToRecord(fact);
    mapped.Append(record.View());
    plain.Append(record.View());
    if (i % 1000 == 0) far->KeepWithinBound();
  }
  far->KeepWithinBound();
  RegistryCursor cursor;
  cursor.certificates = kFacts;
  for (int i = 0; i < kFacts; ++i) {
    const ReferenceFact a = mapped.At(Topic::kCertificates, i);
    const ReferenceFact b = plain.At(Topic::kCertificates, i);
    ASSERT_EQ(a.event_id, b.event_id);
    ASSERT_EQ(a.credential, b.credential);
    ASSERT_EQ(a.adverse, b.adverse);
    const auto found = mapped.Find(a.credential, testing::kMonday + kFacts, cursor);
    const auto expected = plain.Find(a.credential, testing::kMonday + kFacts, cursor);
    ASSERT_TRUE(found && expected);
    ASSERT_EQ(found->status, expected->status);
    ASSERT_EQ(found->fact->event_id, expected->fact->event_id);
    const CertificateScope* scope = mapped.ScopeOf(*found);
    const CertificateScope* as = plain.ScopeOf(*expected);
    ASSERT_EQ(scope == nullptr, as == nullptr);
    if (scope == nullptr) continue;
    ASSERT_TRUE(
        std::equal(scope->models, scope->models + scope->model_words, as->models, as->models + as->model_words));
  }
  EXPECT_GT(far->bytes_mapped(), size_t{kFacts} * 20 * 8);
  EXPECT_LT(mapped.bytes(), plain.bytes() / 2);
}

}  // namespace
}  // namespace zaojing
