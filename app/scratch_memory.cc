#include "app/scratch_memory.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "proto/check.h"

namespace zaojing {
namespace {

constexpr size_t kRegionBytes = size_t{8} << 20;
constexpr size_t kLine = 64;

struct Resident {
  uint64_t all = 0;
  uint64_t of_files = 0;
};

// Second and third field of /proc/self/statm, in pages there. Asked a thousand times a second, so the file stays open.
Resident ResidentBytes(int statm) {
  std::array<char, 128> line{};
  ZAOJING_CHECK(::pread(statm, line.data(), line.size() - 1, 0) > 0);
  char* at = nullptr;
  std::strtoull(line.data(), &at, 10);
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const uint64_t all = std::strtoull(at, &at, 10) * page;
  return {all, std::strtoull(at, &at, 10) * page};
}

}  // namespace

absl::StatusOr<std::unique_ptr<ScratchMemory>> ScratchMemory::Open(const std::string& directory,
                                                                   const ScratchBounds& bounds) {
  std::string name = directory + "/scratch.XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) {
    return absl::FailedPreconditionError(absl::StrCat("no scratch file can be made in ", directory, " (",
                                                      std::strerror(errno),
                                                      "): check state_dir, its owner and rights"));
  }
  ::unlink(name.c_str());
  const int statm = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (statm < 0) {
    ::close(fd);
    return absl::FailedPreconditionError(absl::StrCat("/proc/self/statm: ", std::strerror(errno),
                                                      "; the worker needs /proc to know what memory it has"));
  }
  return std::unique_ptr<ScratchMemory>(new ScratchMemory(fd, statm, bounds));
}

ScratchMemory::~ScratchMemory() {
  for (const Region& region : regions_) ::munmap(region.at, region.bytes);
  ::close(statm_);
  ::close(fd_);
}

std::byte* ScratchMemory::Take(size_t bytes) {
  if (own_.bytes_held() + bytes <= bounds_.near) return own_.Take(bytes);
  const size_t whole = (bytes + kLine - 1) / kLine * kLine;
  if (whole > open_.bytes - used_) {
    const Region region = full_ ? Region() : Map(whole);
    if (region.at == nullptr) return own_.Take(bytes);
    open_ = region;
    used_ = 0;
    KeepWithinBound();
  }
  std::byte* at = open_.at + used_;
  used_ += whole;
  return at;
}

ScratchMemory::Region ScratchMemory::Map(size_t bytes) {
  Region region;
  region.bytes = (std::max(bytes, kRegionBytes) + kRegionBytes - 1) / kRegionBytes * kRegionBytes;
  const auto end = static_cast<off_t>(bytes_mapped());
  // A page that finds no room on the disk when it is first written would end the process.
  const int refused = ::posix_fallocate(fd_, end, static_cast<off_t>(region.bytes));
  void* at = refused != 0 ? MAP_FAILED : ::mmap(nullptr, region.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, end);
  if (at == MAP_FAILED) {
    full_ = true;
    spdlog::warn("registry: no room for its scratch file ({}), the rest is kept in memory",
                 std::strerror(refused != 0 ? refused : errno));
    return {};
  }
  region.at = static_cast<std::byte*>(at);
  const std::lock_guard lock(mutex_);
  regions_.push_back(region);
  mapped_ += region.bytes;
  return region;
}

bool ScratchMemory::BeyondBound() const {
  const Resident resident = ResidentBytes(statm_);
  return resident.all > bounds_.resident && resident.of_files > bounds_.mapped;
}

void ScratchMemory::KeepWithinBound() {
  if (bytes_mapped() == 0 || !BeyondBound()) return;
  const std::lock_guard lock(mutex_);
  if (BeyondBound()) ReleaseLocked();  // nobody else has just done it
}

void ScratchMemory::Release() {
  const std::lock_guard lock(mutex_);
  ReleaseLocked();
}

void ScratchMemory::ReleaseLocked() {
  // Of a shared mapping this loses nothing: what was written is in the page cache.
  for (const Region& region : regions_) ZAOJING_CHECK(::madvise(region.at, region.bytes, MADV_DONTNEED) == 0);
}

}  // namespace zaojing
